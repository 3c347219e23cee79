/** `save.py` and `verify.py`: the network as one `.keras` file, and its outputs beside the studio's. */
import { sameTextFunction, sameTokens } from '../python/verification.js';
import type { CodeFile } from '../types.js';
import { pythonFile } from './facts.js';
import type { KerasFacts } from './facts.js';

export const generateSave = (): CodeFile =>
  pythonFile({
    path: 'save.py',
    docstring: `\
Saves the trained network as one file, model.keras.

Usage: python save.py [--weights trained.weights.h5] [--output model.keras]
`,
    imports: [
      ['import argparse', 'from pathlib import Path'],
      ['import keras'],
      ['from model import FOLDER, load_model'],
    ],
    definitions: [
      `\
def save(model: keras.Model, path: Path = FOLDER / "model.keras") -> Path:
    """Writes graph and weights."""
    model.save(str(path))
    return path`,
      `\
def main() -> None:
    parser = argparse.ArgumentParser(description="Saves the network as one file.")
    parser.add_argument("--weights", default=None, help="default: model.weights.h5")
    parser.add_argument("--output", type=Path, default=FOLDER / "model.keras")
    args = parser.parse_args()
    model = load_model(args.weights) if args.weights else load_model()
    print(f"The network is in {save(model, args.output)}.")`,
    ],
    end: 'if __name__ == "__main__":\n    main()',
  });

export function generateVerify(facts: KerasFacts): CodeFile {
  const generates = facts.recipe.task === 'next-token';
  return pythonFile({
    path: 'verify.py',
    docstring: `\
Checks that this folder computes what the studio computed.

Runs recorded.safetensors' inputs through the network, compares its outputs with the
recorded ones, and treats recorded.json's inputs with preprocessing.py. Then it saves
the network as model.keras, loads that file, and compares again.

    python verify.py [--json]

Exits with 0 (passed), 1 (failed) or 2 (can't run).
`,
    imports: [
      ['import argparse', 'import json', 'import math', 'import sys'],
      [
        `\
try:
    import keras
    import numpy as np
    from safetensors.numpy import load_file

    from model import FOLDER, load_model
${
  generates
    ? `\
    from predict import generate
    from preprocessing import decode, encode_input
`
    : `\
    from preprocessing import encode_input
`
}\
    from save import save
except ImportError as error:
    print(f"Can't run: {error}. Install: pip install -r requirements.txt")
    sys.exit(2)`,
      ],
    ],
    definitions: [
      difference(facts),
      sameInputs(facts),
      ...(generates ? [sameTextFunction('keras.Model')] : []),
      verify(generates),
      main(generates),
    ],
    end: 'if __name__ == "__main__":\n    sys.exit(main())',
  });
}

function difference({ inputs, padded, head }: KerasFacts): string {
  const feed = inputs.lengths
    ? '{key: recorded[key] for key in ("ids", "lengths")}'
    : `{"${inputs.feed}": recorded["${inputs.feed}"]}`;
  const real =
    padded && head.perStep
      ? `\
    real = np.arange(ours.shape[1]) < recorded["lengths"][:, None]
    ours, theirs = ours[real], theirs[real]
`
      : '';
  return `\
def largest_difference(model: keras.Model, recorded: dict[str, np.ndarray]) -> float:
    """Largest difference over largest magnitude${real === '' ? '' : ' at real steps'}."""
    inputs = ${feed}
    ours, theirs = model.predict_on_batch(inputs), recorded["outputs"]
${real}\
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())`;
}

const sameInputs = ({ recipe }: KerasFacts): string =>
  recipe.task === 'forecast'
    ? `\
def same_inputs(recorded: dict[str, np.ndarray], inputs: list[dict]) -> bool:
    """Whether preprocessing.py makes the recorded inputs of what people give."""
    encoded = [encode_input(given) for given in inputs]
    return np.array_equal(np.array(encoded, "float32"), recorded["features"])`
    : `\
def same_inputs(recorded: dict[str, np.ndarray], inputs: list[dict]) -> bool:
    """Whether preprocessing.py makes the recorded inputs of what people give."""
${sameTokens}`;

const verify = (generates: boolean): string => `\
def verify() -> dict:
    """What was compared, and whether it passed."""
    recorded = load_file(FOLDER / "recorded.safetensors")
    notes = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
    model = load_model()
    saved = keras.models.load_model(str(save(model)))
    differences = [largest_difference(m, recorded) for m in (model, saved)]
    difference = float(np.max(differences))
    preprocessing = same_inputs(recorded, notes["inputs"])
    generated = ${generates ? 'same_text(model, notes["generated"])' : 'None'}
    passed = difference <= notes["tolerance"] and preprocessing
${generates ? '    passed = passed and generated is not False\n' : ''}\
    return {
        "passed": passed,
        "rows": notes["rows"],
        "largest_difference": difference if math.isfinite(difference) else None,
        "tolerance": notes["tolerance"],
        "preprocessing": preprocessing,
        "generated": generated,
        "framework": f"keras {keras.__version__} ({keras.backend.backend()})",
    }`;

const main = (generates: boolean): string => `\
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
${
  generates
    ? `\
        if result["generated"] is False:
            print("FAILED: the text that the network writes differs.")
`
    : ''
}\
    return 0 if result["passed"] else 1`;
