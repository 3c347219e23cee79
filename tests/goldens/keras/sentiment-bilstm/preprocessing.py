"""Text as the network reads it: tokens, ids and truncation exactly as in training.

Reads preprocessing.json and data/ beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path

import regex

FOLDER = Path(__file__).resolve().parent
DATA = FOLDER / "data"
PREPROCESSING = json.loads((FOLDER / "preprocessing.json").read_text(encoding="utf-8"))

PAD = 0
UNKNOWN = 1
VOCABULARY: list[str] = PREPROCESSING["vocabulary"]
# Text that spells "<pad>" or "<unk>" is not one of those two.
IDS = {token: i for i, token in enumerate(VOCABULARY) if i > UNKNOWN}

LABELS: list[str] = PREPROCESSING["labels"]
LABEL_IDS = {label: i for i, label in enumerate(LABELS)}

MAXIMUM_TIME_STEPS = 12

# A word: letters, digits, marks and underscores, with apostrophes inside ("don't").
# Every other character is a token of its own, except white space.
WORD = r"[\p{L}\p{N}\p{M}_]+"
SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
TOKEN = regex.compile(rf"{WORD}(?:['\u2019]{WORD})*|[^{SPACE}]")


def tokenize(text: str) -> list[str]:
    """Words, and other characters one by one."""
    return TOKEN.findall(text.lower())


def look_up(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]. No tokens at all are one unknown token."""
    return [IDS.get(token, UNKNOWN) for token in tokens] or [UNKNOWN]


def encode(text: str) -> list[int]:
    """Ids of the text's tokens, [time]; the first MAXIMUM_TIME_STEPS of them."""
    return look_up(tokenize(text)[:MAXIMUM_TIME_STEPS])


def encode_input(recorded: dict) -> list[int]:
    """Ids [time] of an input in recorded.json."""
    return encode(recorded["text"])


def read_lines(part: str) -> list[dict]:
    """The rows of data/<part>.jsonl."""
    with open(DATA / f"{part}.jsonl", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def read_rows(part: str) -> list[tuple[list[int], int]]:
    """Ids [time] and label id of each row of "train", "validation" or "test"."""
    rows = read_lines(part)
    return [(encode(row["text"]), LABEL_IDS[row["label"]]) for row in rows]
