"""Text that the network writes, one token at a time.

Usage: python predict.py "how it begins" --length 200 --temperature 0.8
"""

from __future__ import annotations

import argparse

import keras
import numpy as np

from data import model_inputs
from model import load_model
from preprocessing import PAD, UNKNOWN, WINDOW, decode, encode


def generate(
    model: keras.Model,
    prompt: list[int],
    length: int,
    temperature: float = 0.0,
    seed: int = 0,
) -> list[int]:
    """Ids of `length` new tokens after a prompt's ids; temperature 0 is greedy.

    Each step sees the last WINDOW tokens, as in training.
    """
    random = np.random.default_rng(seed)
    ids = list(prompt)
    for _ in range(length):
        [logits] = model.predict_on_batch(model_inputs([ids[-WINDOW:]]))
        logits = logits[-1].astype("float64")
        logits[[PAD, UNKNOWN]] = -np.inf
        if temperature == 0:
            ids.append(int(logits.argmax()))
        else:
            powers = np.exp((logits - logits.max()) / temperature)
            ids.append(int(random.choice(len(powers), p=powers / powers.sum())))
    return ids[len(prompt) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt")
    parser.add_argument("--length", type=int, default=200, help="tokens to write")
    parser.add_argument("--temperature", type=float, default=0.8, help="0 is greedy")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", default=None, help="default: model.weights.h5")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    ids = encode(args.prompt)
    ids = generate(model, ids, args.length, args.temperature, args.seed)
    print(args.prompt + decode(ids))


if __name__ == "__main__":
    main()
