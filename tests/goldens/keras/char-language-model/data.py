"""Rows as NumPy batches for the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from preprocessing import WINDOW, read_starts, read_text


@dataclass
class Batch:
    """Examples for one step.

    inputs: by the names of the model's inputs
    targets: ids [batch, time]
    weights: share of each prediction in the mean loss, [batch, time]
    count: number of predictions
    """

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    weights: np.ndarray
    count: int


def model_inputs(rows: list) -> dict[str, np.ndarray]:
    """Ids [batch][time], all rows of one length, as the model's inputs."""
    return {"ids": np.array(rows, "int32")}


def read_examples(part: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Windows of "train", "validation" or "test", and the same one token later."""
    text = np.array(read_text(), "int32")
    return [
        (text[start : start + WINDOW], text[start + 1 : start + WINDOW + 1])
        for start in read_starts(part)
    ]


def make_batch(examples: list[tuple]) -> Batch:
    """Examples of `read_examples` as one batch."""
    rows, following = zip(*examples)
    targets = np.array(following, "int32")
    weights = np.full(targets.shape, 1 / targets.size, "float32")
    return Batch(model_inputs(rows), targets, weights, targets.size)
