"""Trains the network on data/ with the run's recipe.

Usage: python train.py [--epochs N] [--output trained.weights.h5]
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import keras
import numpy as np
from keras import ops

from data import Batch, make_batch, read_examples
from model import build_model
from optimizer import build_optimizer

EPOCHS = 12
BATCH_SIZE = 32
SEED = 42
LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")


def compute_loss(model: keras.Model, batch: Batch) -> float:
    """Mean loss of the batch's predictions, without dropout and penalties."""
    logits = model.predict_on_batch(batch.inputs)
    return float(LOSS(batch.targets, logits, sample_weight=batch.weights))


def train_step(
    model: keras.Model, optimizer: keras.optimizers.Optimizer, batch: Batch
) -> float:
    """One update of the weights. Returns the loss before it."""
    if getattr(model, "optimizer", None) is not optimizer:
        # Only JAX compiles: XLA would do it again for every length.
        jit = keras.backend.backend() == "jax"
        model.compile(optimizer, LOSS, jit_compile=jit)
    model.reset_metrics()
    return float(model.train_on_batch(batch.inputs, batch.targets, batch.weights))


def evaluate(model: keras.Model, examples: list) -> dict[str, float]:
    """Mean loss and accuracy, without dropout."""
    examples = sorted(examples, key=lambda example: len(example[0]))
    loss, total, count = 0.0, 0.0, 0
    for start in range(0, len(examples), BATCH_SIZE):
        batch = make_batch(examples[start : start + BATCH_SIZE])
        logits = model.predict_on_batch(batch.inputs)
        batch_loss = LOSS(batch.targets, logits, sample_weight=batch.weights)
        loss += float(batch_loss) * batch.count
        right = logits.argmax(-1) == batch.targets
        total += int(right.sum())
        count += batch.count
    return {"loss": loss / count, "accuracy": total / count}


def epoch_batches(examples: list, random: np.random.Generator) -> list[list]:
    """All examples once, rows of similar length in one batch."""
    order = random.permutation(len(examples))
    # Enough rows are sorted together that little is padded, few enough to stay random.
    bucket = 50 * BATCH_SIZE
    batches = []
    for start in range(0, len(order), bucket):
        rows = sorted(order[start : start + bucket], key=lambda i: len(examples[i][0]))
        for first in range(0, len(rows), BATCH_SIZE):
            batches.append([examples[i] for i in rows[first : first + BATCH_SIZE]])
    random.shuffle(batches)
    return batches


def initialize_recurrence(model: keras.Model) -> None:
    """Makes the recurrent kernel of each gate orthogonal (Saxe et al. 2014).

    Keras' own initializer makes the kernel of all gates together orthogonal.
    """
    orthogonal = keras.initializers.Orthogonal
    for variable in model.trainable_variables:
        if variable.name == "recurrent_kernel":
            units, width = variable.shape
            gates = [orthogonal()((units, units)) for _ in range(width // units)]
            variable.assign(ops.concatenate(gates, axis=1))


def train(epochs: int = EPOCHS) -> keras.Model:
    """A network trained from new weights; prints what it scores."""
    keras.utils.set_random_seed(SEED)
    random = np.random.default_rng(SEED)
    examples = read_examples("train")
    validation = read_examples("validation")
    model = build_model()
    initialize_recurrence(model)
    optimizer = build_optimizer()
    best, best_weights, epochs_without_gain = math.inf, None, 0
    for epoch in range(epochs):
        loss, count = 0.0, 0
        for rows in epoch_batches(examples, random):
            batch = make_batch(rows)
            loss += train_step(model, optimizer, batch) * batch.count
            count += batch.count
        scores = evaluate(model, validation)
        print(
            f"epoch {epoch + 1}: loss {loss / count:.4f}, "
            f"validation {describe(scores)}",
            flush=True,
        )
        if scores["loss"] < best:
            best, epochs_without_gain = scores["loss"], 0
            best_weights = model.get_weights()
        else:
            epochs_without_gain += 1
            if epochs_without_gain >= 3:
                break
    if best_weights is not None:
        model.set_weights(best_weights)
    return model


def describe(scores: dict[str, float]) -> str:
    """In words."""
    return f"loss {scores['loss']:.4f}, accuracy {scores['accuracy']:.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the network on data/.")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--output", type=Path, default=Path("trained.weights.h5"))
    args = parser.parse_args()
    model = train(args.epochs)
    test = read_examples("test")
    if test:
        print(f"test {describe(evaluate(model, test))}")
    model.save_weights(str(args.output))
    print(f"The weights are in {args.output}.")


if __name__ == "__main__":
    main()
