"""Runs model.onnx on the recorded rows and compares with what Unroll Studio computed.

Usage: python verify.py [--json]
Exits with 0 where they agree, 1 where they differ, 2 where a package is missing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

try:
    import numpy as np
    import onnxruntime
    from safetensors.numpy import load_file

    from predict import SESSION
    from preprocessing import encode_input
except ImportError as error:
    print(f"{error}. Run: pip install -r requirements.txt", file=sys.stderr)
    sys.exit(2)

FOLDER = Path(__file__).resolve().parent


def largest_difference(tensors: dict[str, np.ndarray]) -> float:
    """Largest difference of logits over the largest of ours, at real steps."""
    feeds = {"features": tensors["features"]}
    [logits] = SESSION.run(["logits"], feeds)
    ours = tensors["outputs"]
    return float(np.abs(logits - ours).max() / np.abs(ours).max())


def preprocessing_agrees(tensors: dict[str, np.ndarray], inputs: list) -> bool:
    """Whether inputs as a person gives them become exactly the recorded features."""
    return all(
        np.array_equal(np.float32(encode_input(given)), row[:length])
        for given, row, length in zip(inputs, tensors["features"], tensors["lengths"])
    )


def main() -> int:
    tensors = load_file(FOLDER / "recorded.safetensors")
    recorded = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
    difference = largest_difference(tensors)
    preprocessing = preprocessing_agrees(tensors, recorded["inputs"])
    generated = None
    passed = difference <= recorded["tolerance"] and preprocessing
    passed = passed and generated is not False
    result = {
        "passed": passed,
        "rows": recorded["rows"],
        "largest_difference": difference,
        "tolerance": recorded["tolerance"],
        "preprocessing": preprocessing,
        "generated": generated,
        "framework": f"onnxruntime {onnxruntime.__version__}",
    }
    print(
        f"{'Passed' if passed else 'FAILED'}: {result['rows']} rows in {result['framework']}, "
        f"largest difference {difference:.1e} (at most {result['tolerance']:.0e}), "
        f"preprocessing {'the same' if preprocessing else 'DIFFERENT'}"
        "."
    )
    if "--json" in sys.argv[1:]:
        print(json.dumps(result))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
