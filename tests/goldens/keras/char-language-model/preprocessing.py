"""Text as the network reads it: tokens, ids and truncation exactly as in training.

Reads preprocessing.json and data/ beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DATA = FOLDER / "data"
PREPROCESSING = json.loads((FOLDER / "preprocessing.json").read_text(encoding="utf-8"))

PAD = 0
UNKNOWN = 1
VOCABULARY: list[str] = PREPROCESSING["vocabulary"]
# Text that spells "<pad>" or "<unk>" is not one of those two.
IDS = {token: i for i, token in enumerate(VOCABULARY) if i > UNKNOWN}

WINDOW = 12


def tokenize(text: str) -> list[str]:
    """Characters (Unicode code points)."""
    return list(text)


def look_up(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]. No tokens at all are one unknown token."""
    return [IDS.get(token, UNKNOWN) for token in tokens] or [UNKNOWN]


def encode(text: str) -> list[int]:
    """Ids of the text's tokens, [time]."""
    return look_up(tokenize(text))


def encode_tokens(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]."""
    return look_up(tokens)


def decode(ids: list[int]) -> str:
    """Ids to text, without padding."""
    return "".join(VOCABULARY[i] for i in ids if i != PAD)


def encode_input(recorded: dict) -> list[int]:
    """Ids [time] of an input in recorded.json."""
    if "tokens" in recorded:
        return encode_tokens(recorded["tokens"])
    return encode(recorded["text"])


def read_text() -> list[int]:
    """Ids of the first 400000 tokens of data/text.txt, [token]."""
    with open(DATA / "text.txt", encoding="utf-8", newline="") as file:
        tokens = tokenize(file.read())
    return look_up(tokens[:400000])


def read_starts(part: str) -> list[int]:
    """The first token of each window of "train", "validation" or "test"."""
    return json.loads((DATA / "splits.json").read_text(encoding="utf-8"))[part]
