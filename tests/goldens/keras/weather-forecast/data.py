"""Rows as NumPy batches for the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preprocessing import HORIZON, WINDOW, read_series, read_starts


@dataclass
class Batch:
    """Examples for one step.

    inputs: by the names of the model's inputs
    targets: scaled values [batch, 3]
    weights: share of each prediction in the mean loss, [batch]
    count: number of predictions
    """

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    weights: np.ndarray
    count: int


def model_inputs(rows: list) -> dict[str, np.ndarray]:
    """Scaled rows [batch][time][column] as the model's inputs."""
    return {"features": np.array(rows, "float32")}


def read_examples(part: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Windows of "train", "validation" or "test", and the HORIZON rows after each.

    Inputs [WINDOW, column] and targets [HORIZON * targets], both scaled.
    """
    inputs, targets = (np.array(rows, "float32") for rows in read_series())
    examples = []
    for start in read_starts(part):
        end = start + WINDOW
        examples.append((inputs[start:end], targets[end : end + HORIZON].ravel()))
    return examples


def make_batch(examples: list[tuple]) -> Batch:
    """Examples of `read_examples` as one batch."""
    rows, targets = zip(*examples)
    size = len(examples)
    weights = np.full(size, 1 / size, "float32")
    return Batch(model_inputs(rows), np.array(targets, "float32"), weights, size)
