"""The rows that come after the last ones of a CSV file.

Run it: python predict.py series.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import nn

from model import load_model
from preprocessing import (
    INPUT_COLUMNS,
    TARGET_COLUMNS,
    WINDOW,
    encode_rows,
    read_csv,
    unscale,
)


@torch.no_grad()
def predict(model: nn.Module, rows: list[list[float]]) -> list[list[float]]:
    """The next values, [HORIZON][target], after rows of the input columns."""
    features = torch.tensor(encode_rows(rows)[-WINDOW:])
    return unscale(model(features[None])[0].tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", type=Path, help="a CSV file with the input columns")
    parser.add_argument("--weights", default=None, help="default: model.safetensors")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    print(", ".join(TARGET_COLUMNS))
    for values in predict(model, read_csv(args.series, INPUT_COLUMNS)):
        print(", ".join(f"{value:g}" for value in values))


if __name__ == "__main__":
    main()
