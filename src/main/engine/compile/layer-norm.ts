/** Layer normalisation over the last axis (Ba et al. 2016). */
import * as tf from '@tensorflow/tfjs-core';

/** @param gamma with `beta` [F], for the last axis of `input`. */
export function layerNorm(
  input: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const { mean, variance } = tf.moments(input, -1, true);
  const normal = tf.mul(tf.sub(input, mean), tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, gamma), beta);
}
