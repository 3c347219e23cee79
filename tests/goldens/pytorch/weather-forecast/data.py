"""Batches of the exported data."""

from __future__ import annotations

import functools
import random
from typing import NamedTuple

import torch
from torch import Tensor

from preprocessing import HORIZON, WINDOW, read_series, read_starts


class Batch(NamedTuple):
    """Windows of one update, in scaled units."""

    features: Tensor  # [batch, time, input column]
    targets: Tensor  # [batch, HORIZON * target columns]
    persistence: Tensor  # each target's last known value instead, same shape

    @property
    def predictions(self) -> int:
        """How many predictions the loss is the mean of: windows."""
        return len(self.targets)

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self))

    def share(self, part: int, parts: int) -> Batch:
        """Every parts-th row from row number `part` on."""
        return Batch(*(tensor[part::parts] for tensor in self))


@functools.lru_cache(maxsize=None)
def load_series() -> tuple[Tensor, Tensor]:
    """Scaled inputs and targets of every row, [row, column]."""
    inputs, targets = read_series()
    return torch.tensor(inputs), torch.tensor(targets)


class Examples:
    """The windows of a part of the data: "train", "validation" or "test"."""

    def __init__(self, part: str) -> None:
        self.starts = read_starts(part)

    def __len__(self) -> int:
        return len(self.starts)

    def batch(self, numbers: list[int]) -> Batch:
        """These windows."""
        inputs, targets = load_series()
        starts = [self.starts[i] for i in numbers]
        ends = [start + WINDOW for start in starts]
        return Batch(
            torch.stack([inputs[start : start + WINDOW] for start in starts]),
            torch.stack([targets[end : end + HORIZON].flatten() for end in ends]),
            torch.stack([targets[end - 1].repeat(HORIZON) for end in ends]),
        )


def cut(rows: list[int], batch_size: int) -> list[list[int]]:
    return [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]


def epoch_batches(
    examples: Examples, batch_size: int, seed: int, epoch: int
) -> list[list[int]]:
    """Row numbers of an epoch's batches, in an order of its own for each epoch."""
    rows = list(range(len(examples)))
    generator = random.Random(f"{seed} {epoch}")
    generator.shuffle(rows)
    return cut(rows, batch_size)


def evaluation_batches(examples: Examples, batch_size: int) -> list[list[int]]:
    """Row numbers of batches."""
    rows = list(range(len(examples)))
    return cut(rows, batch_size)
