/** `verify.py`: recorded inputs through the exported network, compared with the studio's outputs. */
import { sameTextFunction, sameTokens } from '../python/verification.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';

export function generateVerify(facts: ProgramFacts): CodeFile {
  const generates = facts.recipe.task === 'next-token';
  const writer = new CodeWriter('    ');
  writer.line(
    `\
"""Checks that this folder computes what the studio computed.

Runs recorded.safetensors' inputs through the network, compares its outputs with the
recorded ones, and treats recorded.json's inputs with preprocessing.py.

    python verify.py [--json]

Exits with 0 (passed), 1 (failed) or 2 (can't run).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

try:
    import torch
    from safetensors.torch import load_file
    from torch import Tensor, nn

    from model import load_model
${generates ? '    from predict import generate\n    from preprocessing import decode, encode_input' : '    from preprocessing import encode_input'}
except ImportError as error:
    print(f"Can't run: {error}. Install: pip install -r requirements.txt")
    sys.exit(2)

FOLDER = Path(__file__).resolve().parent


@torch.no_grad()
def largest_difference(model: nn.Module, recorded: dict[str, Tensor]) -> float:
    """Largest difference over largest magnitude${facts.perStep && facts.padded ? ' at real steps' : ''}."""
${difference(facts)}
    return float((ours - theirs).abs().max() / theirs.abs().max())


def same_inputs(recorded: dict[str, Tensor], inputs: list[dict]) -> bool:
    """Whether preprocessing.py turns what a person gives into the recorded rows."""
${sameInputs(facts)}


${generates ? `${sameTextFunction('nn.Module')}\n\n\n` : ''}def main() -> int:
    parser = argparse.ArgumentParser(description="Compares with the recorded outputs.")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    args = parser.parse_args()

    recorded = load_file(FOLDER / "recorded.safetensors")
    notes = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
    model = load_model()
    difference = largest_difference(model, recorded)
    preprocessing = same_inputs(recorded, notes["inputs"])
    generated = ${generates ? 'same_text(model, notes["generated"])' : 'None'}
    passed = difference <= notes["tolerance"] and preprocessing${generates ? '\n    passed = passed and generated is not False' : ''}
    result = {
        "passed": passed,
        "rows": notes["rows"],
        "largest_difference": difference if math.isfinite(difference) else None,
        "tolerance": notes["tolerance"],
        "preprocessing": preprocessing,
        "generated": generated,
        "framework": f"torch {torch.__version__}",
    }
    if args.json:
        print(json.dumps(result))
    else:
        print(
            f"{'Passed' if passed else 'FAILED'}: the largest difference over"
            f" {notes['rows']} recorded rows is {difference:.2e} of the largest output"
            f" (at most {notes['tolerance']:g})."
        )
        if not preprocessing:
            print("FAILED: preprocessing.py treats the recorded inputs differently.")
${
  generates
    ? `        if generated is False:
            print("FAILED: the text that the network writes differs.")
`
    : ''
}    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())`,
  );
  return writer.file('verify.py', 'python');
}

function difference({ recipe, padded, perStep }: ProgramFacts): string {
  const name = recipe.task === 'forecast' ? 'features' : 'ids';
  if (!padded) return `    ours, theirs = model(recorded["${name}"]), recorded["outputs"]`;
  const lines = [
    '    lengths = recorded["lengths"].long()',
    `    ours, theirs = model(recorded["${name}"], lengths), recorded["outputs"]`,
  ];
  if (perStep)
    lines.push(
      '    real = torch.arange(ours.shape[1]) < lengths[:, None]',
      '    ours, theirs = ours[real], theirs[real]',
    );
  return lines.join('\n');
}

const sameInputs = ({ recipe }: ProgramFacts): string =>
  recipe.task === 'forecast'
    ? `\
    encoded = torch.tensor([encode_input(given) for given in inputs])
    return torch.equal(encoded, recorded["features"])`
    : sameTokens;
