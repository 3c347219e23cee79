"""Batches of the exported data."""

from __future__ import annotations

import functools
import random
from typing import NamedTuple

import torch
from torch import Tensor

from preprocessing import WINDOW, read_starts, read_text


class Batch(NamedTuple):
    """Windows of one update."""

    tokens: Tensor  # ids [batch, time]
    targets: Tensor  # the ids one step later [batch, time]

    @property
    def predictions(self) -> int:
        """How many predictions the loss is the mean of: steps."""
        return self.targets.numel()

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self))

    def share(self, part: int, parts: int) -> Batch:
        """Every parts-th row from row number `part` on."""
        return Batch(*(tensor[part::parts] for tensor in self))


@functools.lru_cache(maxsize=None)
def load_text() -> Tensor:
    """Ids of the whole text, [token]."""
    return torch.tensor(read_text())


class Examples:
    """The windows of a part of the data: "train", "validation" or "test"."""

    def __init__(self, part: str) -> None:
        self.starts = read_starts(part)

    def __len__(self) -> int:
        return len(self.starts)

    def batch(self, numbers: list[int]) -> Batch:
        """These windows."""
        text = load_text()
        starts = [self.starts[i] for i in numbers]
        rows = torch.stack([text[start : start + WINDOW + 1] for start in starts])
        return Batch(tokens=rows[:, :-1], targets=rows[:, 1:])


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
