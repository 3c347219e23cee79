"""Classifies a text.

Usage: python predict.py "some text"
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from preprocessing import LABELS, PAD, encode

MODEL = Path(__file__).resolve().parent / "model.onnx"
SESSION = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])


def probabilities(rows: list[list[int]]) -> np.ndarray:
    """Probabilities [batch, classes] of rows of ids, padded to the longest."""
    lengths = np.array([len(row) for row in rows], dtype=np.int32)
    ids = np.full((len(rows), lengths.max()), PAD, dtype=np.int64)
    for padded, row in zip(ids, rows):
        padded[: len(row)] = row
    return SESSION.run(["probabilities"], {"ids": ids, "lengths": lengths})[0]


def classify(text: str) -> list[tuple[str, float]]:
    """Labels with their probabilities, most probable first."""
    [scores] = probabilities([encode(text)])
    return [(LABELS[i], float(scores[i])) for i in np.argsort(-scores)]


if __name__ == "__main__":
    for label, probability in classify(" ".join(sys.argv[1:])):
        print(f"{probability:6.1%}  {label}")
