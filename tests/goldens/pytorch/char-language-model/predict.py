"""Text that the network writes, one token at a time.

Run it: python predict.py "how it begins" --length 200 --temperature 0.8
"""

from __future__ import annotations

import argparse

import torch
from torch import nn

from model import load_model
from preprocessing import PAD, UNKNOWN, WINDOW, decode, encode


@torch.no_grad()
def generate(
    model: nn.Module, prompt: list[int], length: int, temperature: float = 0.0
) -> list[int]:
    """Ids of `length` new tokens after a prompt's ids; temperature 0 is greedy.

    Each step sees the last WINDOW tokens, as in training.
    """
    ids = list(prompt)
    for _ in range(length):
        logits = model(torch.tensor([ids[-WINDOW:]]))[0, -1]
        logits[[PAD, UNKNOWN]] = -torch.inf
        if temperature == 0:
            ids.append(int(logits.argmax()))
        else:
            probabilities = (logits / temperature).softmax(dim=-1)
            ids.append(int(torch.multinomial(probabilities, 1)))
    return ids[len(prompt) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt")
    parser.add_argument("--length", type=int, default=200, help="tokens to write")
    parser.add_argument("--temperature", type=float, default=0.8, help="0 is greedy")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", default=None, help="default: model.safetensors")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    model = load_model(args.weights) if args.weights else load_model()
    ids = generate(model, encode(args.prompt), args.length, args.temperature)
    print(args.prompt + decode(ids))


if __name__ == "__main__":
    main()
