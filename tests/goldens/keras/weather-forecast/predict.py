"""The rows that come after the last ones of a CSV file.

Usage: python predict.py series.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path

import keras
import numpy as np

from data import model_inputs
from model import load_model
from preprocessing import (
    INPUT_COLUMNS,
    TARGET_COLUMNS,
    WINDOW,
    encode_rows,
    read_csv,
    unscale,
)


def predict(model: keras.Model, rows: list[list[float]]) -> list[list[float]]:
    """The next values, [HORIZON][target], after rows of the input columns."""
    features = model_inputs([encode_rows(rows)[-WINDOW:]])
    [values] = model.predict_on_batch(features)
    return unscale(values.tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", type=Path, help="a CSV file with the input columns")
    parser.add_argument("--weights", default=None, help="default: model.weights.h5")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    print(", ".join(TARGET_COLUMNS))
    for values in predict(model, read_csv(args.series, INPUT_COLUMNS)):
        print(", ".join(f"{value:g}" for value in values))


if __name__ == "__main__":
    main()
