"""The class of a text.

Run it: python predict.py "a text"
"""

from __future__ import annotations

import argparse

import torch
from torch import nn

from model import load_model
from preprocessing import LABELS, encode


@torch.no_grad()
def predict(model: nn.Module, text: str) -> list[tuple[str, float]]:
    """Labels and their probabilities, the most probable first."""
    ids = torch.tensor(encode(text))
    logits = model(ids[None], torch.tensor([len(ids)]))[0]
    probabilities = logits.softmax(dim=-1).tolist()
    return sorted(zip(LABELS, probabilities), key=lambda pair: -pair[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("--weights", default=None, help="default: model.safetensors")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    for label, probability in predict(model, args.text):
        print(f"{probability:8.4f}  {label}")


if __name__ == "__main__":
    main()
