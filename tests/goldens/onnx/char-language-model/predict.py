"""Continues a text.

Usage: python predict.py "some text" --length 200 --temperature 0.8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnxruntime

from preprocessing import PAD, UNKNOWN, VOCABULARY, WINDOW, decode, encode

MODEL = Path(__file__).resolve().parent / "model.onnx"
SESSION = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])


def next_scores(ids: list[int]) -> np.ndarray:
    """Logits [vocabulary] of the token that follows the last WINDOW ids."""
    window = np.array([ids[-WINDOW:]], dtype=np.int64)
    [logits] = SESSION.run(["logits"], {"ids": window})
    scores = logits.reshape(-1, len(VOCABULARY))[-1]
    scores[[PAD, UNKNOWN]] = -np.inf  # These are no text.
    return scores


def generate(prompt: list[int], length: int, temperature: float = 0.0) -> list[int]:
    """Ids that follow the prompt; at temperature 0 always the most probable one."""
    random = np.random.default_rng()
    ids = list(prompt)
    for _ in range(length):
        scores = next_scores(ids)
        if temperature == 0:
            ids.append(int(scores.argmax()))
        else:
            powers = np.exp((scores - scores.max()).astype(np.float64) / temperature)
            ids.append(int(random.choice(len(powers), p=powers / powers.sum())))
    return ids[len(prompt) :]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Continues a text.")
    parser.add_argument("text")
    parser.add_argument("--length", type=int, default=200, help="tokens to write")
    parser.add_argument("--temperature", type=float, default=0.0, help="0: no chance")
    args = parser.parse_args()
    ids = generate(encode(args.text), args.length, args.temperature)
    print(args.text + decode(ids))
