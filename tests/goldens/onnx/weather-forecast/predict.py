"""Predicts what follows the last rows of a table.

Usage: python predict.py series.csv
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from preprocessing import (
    INPUT_COLUMNS,
    TARGET_COLUMNS,
    WINDOW,
    encode_rows,
    read_csv,
    unscale,
)

MODEL = Path(__file__).resolve().parent / "model.onnx"
SESSION = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])


def forecast(rows: list[list[float]]) -> list[list[float]]:
    """What follows, [HORIZON][target], after rows [time][input column].

    The last WINDOW rows are read; all numbers are in the columns' own units.
    """
    features = np.array([encode_rows(rows)[-WINDOW:]], dtype=np.float32)
    [[values]] = SESSION.run(["logits"], {"features": features})
    return unscale(values.tolist())


if __name__ == "__main__":
    print(*TARGET_COLUMNS, sep=",")
    for row in forecast(read_csv(Path(sys.argv[1]), INPUT_COLUMNS)):
        print(*row, sep=",")
