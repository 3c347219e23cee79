"""Checks that this folder computes what the studio computed.

Runs recorded.safetensors' inputs through the network, compares its outputs with the
recorded ones, and treats recorded.json's inputs with preprocessing.py. Then it saves
the network as model.keras, loads that file, and compares again.

    python verify.py [--json]

Exits with 0 (passed), 1 (failed) or 2 (can't run).
"""

from __future__ import annotations

import argparse
import json
import math
import sys

try:
    import keras
    import numpy as np
    from safetensors.numpy import load_file

    from model import FOLDER, load_model
    from predict import generate
    from preprocessing import decode, encode_input
    from save import save
except ImportError as error:
    print(f"Can't run: {error}. Install: pip install -r requirements.txt")
    sys.exit(2)


def largest_difference(model: keras.Model, recorded: dict[str, np.ndarray]) -> float:
    """Largest difference over largest magnitude."""
    inputs = {"ids": recorded["ids"]}
    ours, theirs = model.predict_on_batch(inputs), recorded["outputs"]
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def same_inputs(recorded: dict[str, np.ndarray], inputs: list[dict]) -> bool:
    """Whether preprocessing.py makes the recorded inputs of what people give."""
    rows = zip(recorded["ids"].tolist(), recorded["lengths"].tolist())
    encoded = [encode_input(given) for given in inputs]
    return encoded == [ids[:length] for ids, length in rows]


def same_text(model: keras.Model, recorded: dict | None) -> bool | None:
    """Whether the most probable tokens one after another are the recorded ones."""
    if recorded is None:
        return None
    ids = generate(model, recorded["prompt_ids"], len(recorded["ids"]))
    return ids == recorded["ids"] and decode(ids) == recorded["text"]


def verify() -> dict:
    """What was compared, and whether it passed."""
    recorded = load_file(FOLDER / "recorded.safetensors")
    notes = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
    model = load_model()
    saved = keras.models.load_model(str(save(model)))
    differences = [largest_difference(m, recorded) for m in (model, saved)]
    difference = float(np.max(differences))
    preprocessing = same_inputs(recorded, notes["inputs"])
    generated = same_text(model, notes["generated"])
    passed = difference <= notes["tolerance"] and preprocessing
    passed = passed and generated is not False
    return {
        "passed": passed,
        "rows": notes["rows"],
        "largest_difference": difference if math.isfinite(difference) else None,
        "tolerance": notes["tolerance"],
        "preprocessing": preprocessing,
        "generated": generated,
        "framework": f"keras {keras.__version__} ({keras.backend.backend()})",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares with the recorded outputs.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    args = parser.parse_args()
    result = verify()
    if args.json:
        print(json.dumps(result))
    else:
        difference = result["largest_difference"]
        shown = "not a number" if difference is None else f"{difference:.2e}"
        print(
            f"{'Passed' if result['passed'] else 'FAILED'}: the largest difference over"
            f" {result['rows']} recorded rows is {shown} of the largest output"
            f" (at most {result['tolerance']:g})."
        )
        if not result["preprocessing"]:
            print("FAILED: preprocessing.py treats the recorded inputs differently.")
        if result["generated"] is False:
            print("FAILED: the text that the network writes differs.")
    return 0 if result["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
