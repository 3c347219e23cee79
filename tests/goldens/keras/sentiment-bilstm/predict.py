"""The class of a text.

Usage: python predict.py "a text"
"""

from __future__ import annotations

import argparse

import keras
import numpy as np

from data import model_inputs
from model import load_model
from preprocessing import LABELS, encode


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def predict(model: keras.Model, text: str) -> list[tuple[str, float]]:
    """Labels and their probabilities, the most probable first."""
    [logits] = model.predict_on_batch(model_inputs([encode(text)]))
    probabilities = softmax(logits).tolist()
    return sorted(zip(LABELS, probabilities), key=lambda pair: -pair[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("--weights", default=None, help="default: model.weights.h5")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    for label, probability in predict(model, args.text):
        print(f"{probability:8.4f}  {label}")


if __name__ == "__main__":
    main()
