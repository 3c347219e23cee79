"""Saves the trained network as one file, model.keras.

Usage: python save.py [--weights trained.weights.h5] [--output model.keras]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import keras

from model import FOLDER, load_model


def save(model: keras.Model, path: Path = FOLDER / "model.keras") -> Path:
    """Writes graph and weights."""
    model.save(str(path))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Saves the network as one file.")
    parser.add_argument("--weights", default=None, help="default: model.weights.h5")
    parser.add_argument("--output", type=Path, default=FOLDER / "model.keras")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    print(f"The network is in {save(model, args.output)}.")


if __name__ == "__main__":
    main()
