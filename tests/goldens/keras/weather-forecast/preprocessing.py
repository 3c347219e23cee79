"""Rows of numbers as the network reads them: scaled by what the training rows showed.

Reads preprocessing.json and data/ beside this file.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DATA = FOLDER / "data"
PREPROCESSING = json.loads((FOLDER / "preprocessing.json").read_text(encoding="utf-8"))

INPUT_COLUMNS: list[str] = PREPROCESSING["recipe"]["inputColumns"]
TARGET_COLUMNS: list[str] = PREPROCESSING["recipe"]["targetColumns"]
WINDOW = 12
HORIZON = 3

# scaled = (value - offset) / scale
COLUMNS = {c["name"]: c for c in PREPROCESSING["scaler"]["columns"]}
TARGET_SCALES: list[float] = [COLUMNS[name]["scale"] for name in TARGET_COLUMNS]


def scale(rows: list[list[float]], names: list[str]) -> list[list[float]]:
    """Scaled rows, [time][column]."""
    columns = [COLUMNS[name] for name in names]
    return [
        [(value - c["offset"]) / c["scale"] for value, c in zip(row, columns)]
        for row in rows
    ]


def encode_rows(rows: list[list[float]]) -> list[list[float]]:
    """Rows [time][input column] in their own units to scaled features.

    Raises ValueError for fewer rows than WINDOW, or a row of another length.
    """
    if len(rows) < WINDOW:
        raise ValueError(f"There are {len(rows)} rows; the network looks at {WINDOW}.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(INPUT_COLUMNS):
            raise ValueError(f"Row {number} must hold {len(INPUT_COLUMNS)} numbers.")
    return scale(rows, INPUT_COLUMNS)


def unscale(values: list[float]) -> list[list[float]]:
    """Network outputs, [HORIZON * targets], to [HORIZON][target] in their own units."""
    size = len(TARGET_COLUMNS)
    columns = [COLUMNS[name] for name in TARGET_COLUMNS]
    return [
        [
            value * c["scale"] + c["offset"]
            for value, c in zip(values[start : start + size], columns)
        ]
        for start in range(0, len(values), size)
    ]


def encode_input(recorded: dict) -> list[list[float]]:
    """Scaled features [time][input column] of an input in recorded.json."""
    return encode_rows(recorded["rows"])


def read_csv(path: Path, names: list[str]) -> list[list[float]]:
    """These columns of a CSV file with a header, [row][column]."""
    with open(path, encoding="utf-8", newline="") as file:
        return [[float(row[name]) for name in names] for row in csv.DictReader(file)]


def read_series() -> tuple[list[list[float]], list[list[float]]]:
    """Scaled inputs and targets of every row of data/series.csv, [row][column]."""
    path = DATA / "series.csv"
    inputs = scale(read_csv(path, INPUT_COLUMNS), INPUT_COLUMNS)
    targets = scale(read_csv(path, TARGET_COLUMNS), TARGET_COLUMNS)
    return inputs, targets


def read_starts(part: str) -> list[int]:
    """The first row of each window of "train", "validation" or "test"."""
    return json.loads((DATA / "splits.json").read_text(encoding="utf-8"))[part]
