"""Rows as NumPy batches for the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preprocessing import PAD, read_rows


@dataclass
class Batch:
    """Examples for one step.

    inputs: by the names of the model's inputs
    targets: ids [batch]
    weights: share of each prediction in the mean loss, [batch]
    count: number of predictions
    """

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    weights: np.ndarray
    count: int


def model_inputs(rows: list[list[int]]) -> dict[str, np.ndarray]:
    """Rows of ids as the model's inputs, padded at the end to the longest."""
    lengths = np.array([len(row) for row in rows], "int32")
    ids = np.full((len(rows), lengths.max()), PAD, "int32")
    for padded, row in zip(ids, rows):
        padded[: len(row)] = row
    return {"ids": ids, "lengths": lengths}


def read_examples(part: str) -> list[tuple[list[int], int]]:
    """Inputs and targets of "train", "validation" or "test"."""
    return read_rows(part)


def make_batch(examples: list[tuple]) -> Batch:
    """Examples of `read_examples` as one batch."""
    rows, targets = zip(*examples)
    size = len(examples)
    weights = np.full(size, 1 / size, "float32")
    return Batch(model_inputs(rows), np.array(targets, "int32"), weights, size)
