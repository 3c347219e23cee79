"""The optimizer."""

from __future__ import annotations

import math

import keras
from keras import ops


def clip(gradients: list) -> list:
    """All gradients together to a global norm (Pascanu et al. 2013)."""
    squares = sum(ops.sum(ops.square(gradient)) for gradient in gradients)
    factor = ops.minimum(1.0, 1.0 / (ops.sqrt(squares) + 1e-6))
    return [gradient * factor for gradient in gradients]


def one_minus_power(beta: float, step):
    """1 - beta ** step, without the rounding of a power near 1."""
    return -ops.expm1(step * math.log(max(beta, 1e-30)))


class Adam(keras.optimizers.Optimizer):
    """Adam (Kingma & Ba 2015) as PyTorch computes it.

    Epsilon is added to the root of the bias-corrected variance; Keras' own adds it
    before the correction.
    """

    def __init__(self, learning_rate, beta_1, beta_2, epsilon):
        super().__init__(learning_rate)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = []
        self.variances = []
        for v in variables:
            self.means.append(self.add_variable_from_reference(v, "mean"))
            self.variances.append(self.add_variable_from_reference(v, "variance"))

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        mean, variance = self.means[index], self.variances[index]
        learning_rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        self.assign(mean, self.beta_1 * mean + (1 - self.beta_1) * gradient)
        self.assign(
            variance,
            self.beta_2 * variance + (1 - self.beta_2) * ops.square(gradient),
        )
        mean_share = one_minus_power(self.beta_1, step)
        variance_share = one_minus_power(self.beta_2, step)
        root = ops.sqrt(variance) / ops.sqrt(variance_share)
        self.assign_sub(
            variable, learning_rate / mean_share * mean / (root + self.epsilon)
        )

    def apply(self, grads, trainable_variables=None):
        # TensorFlow gives the gradient of an embedding as slices, some of one row.
        # A sum is a dense tensor, and adds up the slices of each row.
        variables = trainable_variables or self._trainable_variables
        grads = [ops.add(g, ops.zeros(v.shape)) for g, v in zip(grads, variables)]
        super().apply(clip(grads), trainable_variables)


def build_optimizer() -> Adam:
    """As the run was trained."""
    return Adam(learning_rate=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-8)
