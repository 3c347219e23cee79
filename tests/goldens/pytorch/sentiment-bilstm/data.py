"""Batches of the exported data."""

from __future__ import annotations

import random
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from preprocessing import PAD, read_rows


class Batch(NamedTuple):
    """Rows of one update, padded at the end to the longest of them."""

    tokens: Tensor  # ids [batch, time]
    lengths: Tensor  # real steps [batch]
    targets: Tensor  # class ids [batch]

    @property
    def predictions(self) -> int:
        """How many predictions the loss is the mean of: rows."""
        return len(self.targets)

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self))

    def share(self, part: int, parts: int) -> Batch:
        """Every parts-th row from row number `part` on."""
        return Batch(*(tensor[part::parts] for tensor in self))


class Examples:
    """The rows of a part of the data: "train", "validation" or "test"."""

    def __init__(self, part: str) -> None:
        self.rows = read_rows(part)
        self.lengths = [len(ids) for ids, _ in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, numbers: list[int]) -> Batch:
        """These rows."""
        ids = [torch.tensor(self.rows[i][0]) for i in numbers]
        return Batch(
            tokens=pad_sequence(ids, batch_first=True, padding_value=PAD),
            lengths=torch.tensor([len(row) for row in ids]),
            targets=torch.tensor([self.rows[i][1] for i in numbers]),
        )


def cut(rows: list[int], batch_size: int) -> list[list[int]]:
    return [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]


def epoch_batches(
    examples: Examples, batch_size: int, seed: int, epoch: int
) -> list[list[int]]:
    """Row numbers of an epoch's batches, in an order of its own for each epoch.

    In chunks of 50 batches, shuffled rows are sorted by length: little is padded.
    """
    rows = list(range(len(examples)))
    generator = random.Random(f"{seed} {epoch}")
    generator.shuffle(rows)
    batches = []
    for chunk in cut(rows, 50 * batch_size):
        chunk.sort(key=lambda row: examples.lengths[row])
        batches += cut(chunk, batch_size)
    generator.shuffle(batches)
    return batches


def evaluation_batches(examples: Examples, batch_size: int) -> list[list[int]]:
    """Row numbers of batches with as little padding as possible."""
    rows = sorted(range(len(examples)), key=lambda row: examples.lengths[row])
    return cut(rows, batch_size)
