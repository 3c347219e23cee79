/** `predict.py` and `verify.py`: the model in onnxruntime, with preprocessing.py beside it. */
import type { IrProgram } from '../../ir/types.js';
import { isPadded } from '../modules.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';

interface Predict {
  summary: string;
  usage: string;
  imports: string[];
  /** Of preprocessing.py. */
  names: string[];
  functions: string[];
  main: string;
}

const session = `\
MODEL = Path(__file__).resolve().parent / "model.onnx"
SESSION = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])`;

export function predictProgram(program: IrProgram): CodeFile {
  const { summary, usage, imports, names, functions, main } = partsOf(program);
  const writer = new CodeWriter('    ');
  writer.line(`"""${summary}`, '', `Usage: ${usage}`, '"""').blank();
  writer.line('from __future__ import annotations').blank();
  writer.line(...imports).blank();
  writer.line('import numpy as np', 'import onnxruntime').blank();
  const line = `from preprocessing import ${names.join(', ')}`;
  if (line.length <= 88) writer.line(line).blank();
  else {
    // Black puts the names of an import that is too long on lines of their own.
    writer.line('from preprocessing import (').indent(() => {
      for (const name of names) writer.line(`${name},`);
    });
    writer.line(')').blank();
  }
  writer.line(session);
  for (const part of functions) writer.blank(2).line(part);
  writer
    .blank(2)
    .line('if __name__ == "__main__":')
    .indent(() => writer.line(main));
  return writer.file('predict.py', 'python');
}

function partsOf({ head }: IrProgram): Predict {
  const paths = ['import sys', 'from pathlib import Path'];
  switch (head.task) {
    case 'classification':
      return {
        summary: 'Classifies a text.',
        usage: 'python predict.py "some text"',
        imports: paths,
        names: ['LABELS', 'PAD', 'encode'],
        functions: [
          probabilities('[batch, classes]'),
          `\
def classify(text: str) -> list[tuple[str, float]]:
    """Labels with their probabilities, most probable first."""
    [scores] = probabilities([encode(text)])
    return [(LABELS[i], float(scores[i])) for i in np.argsort(-scores)]`,
        ],
        main: `\
for label, probability in classify(" ".join(sys.argv[1:])):
    print(f"{probability:6.1%}  {label}")`,
      };
    case 'tagging':
      return {
        summary: 'Labels every token of a text.',
        usage: 'python predict.py "some text"',
        imports: paths,
        names: ['LABELS', 'PAD', 'encode_tokens', 'tokenize'],
        functions: [
          probabilities('[batch, time, tags]'),
          `\
def tag(text: str) -> list[tuple[str, str]]:
    """Tokens with their labels."""
    tokens = tokenize(text)
    [scores] = probabilities([encode_tokens(tokens)])
    return [(token, LABELS[i]) for token, i in zip(tokens, scores.argmax(-1))]`,
        ],
        main: `\
for token, label in tag(" ".join(sys.argv[1:])):
    print(f"{token}\\t{label}")`,
      };
    case 'next-token':
      return {
        summary: 'Continues a text.',
        usage: 'python predict.py "some text" --length 200 --temperature 0.8',
        imports: ['import argparse', 'from pathlib import Path'],
        names: ['PAD', 'UNKNOWN', 'VOCABULARY', 'WINDOW', 'decode', 'encode'],
        functions: [scoresOfNext, generation],
        main: generationMain,
      };
    case 'forecast':
      return {
        summary: 'Predicts what follows the last rows of a table.',
        usage: 'python predict.py series.csv',
        imports: paths,
        names: ['INPUT_COLUMNS', 'TARGET_COLUMNS', 'WINDOW', 'encode_rows', 'read_csv', 'unscale'],
        functions: [
          `\
def forecast(rows: list[list[float]]) -> list[list[float]]:
    """What follows, [HORIZON][target], after rows [time][input column].

    The last WINDOW rows are read; all numbers are in the columns' own units.
    """
    features = np.array([encode_rows(rows)[-WINDOW:]], dtype=np.float32)
    [[values]] = SESSION.run(["logits"], {"features": features})
    return unscale(values.tolist())`,
        ],
        main: `\
print(*TARGET_COLUMNS, sep=",")
for row in forecast(read_csv(Path(sys.argv[1]), INPUT_COLUMNS)):
    print(*row, sep=",")`,
      };
  }
}

const probabilities = (shape: string): string => `\
def probabilities(rows: list[list[int]]) -> np.ndarray:
    """Probabilities ${shape} of rows of ids, padded to the longest."""
    lengths = np.array([len(row) for row in rows], dtype=np.int32)
    ids = np.full((len(rows), lengths.max()), PAD, dtype=np.int64)
    for padded, row in zip(ids, rows):
        padded[: len(row)] = row
    return SESSION.run(["probabilities"], {"ids": ids, "lengths": lengths})[0]`;

const scoresOfNext = `\
def next_scores(ids: list[int]) -> np.ndarray:
    """Logits [vocabulary] of the token that follows the last WINDOW ids."""
    window = np.array([ids[-WINDOW:]], dtype=np.int64)
    [logits] = SESSION.run(["logits"], {"ids": window})
    scores = logits.reshape(-1, len(VOCABULARY))[-1]
    scores[[PAD, UNKNOWN]] = -np.inf  # These are no text.
    return scores`;

const generation = `\
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
    return ids[len(prompt) :]`;

const generationMain = `\
parser = argparse.ArgumentParser(description="Continues a text.")
parser.add_argument("text")
parser.add_argument("--length", type=int, default=200, help="tokens to write")
parser.add_argument("--temperature", type=float, default=0.0, help="0: no chance")
args = parser.parse_args()
ids = generate(encode(args.text), args.length, args.temperature)
print(args.text + decode(ids))`;

export function verifyProgram(program: IrProgram): CodeFile {
  const facts = recordedFacts(program);
  const generates = program.head.task === 'next-token';
  const writer = new CodeWriter('    ');
  writer.line(
    '"""Runs model.onnx on the recorded rows and compares with what Unroll Studio computed.',
    '',
    'Usage: python verify.py [--json]',
    'Exits with 0 where they agree, 1 where they differ, 2 where a package is missing.',
    '"""',
  );
  writer.blank().line('from __future__ import annotations').blank();
  writer.line('import json', 'import sys', 'from pathlib import Path').blank();
  writer.line('try:').indent(() => {
    writer.line('import numpy as np', 'import onnxruntime');
    writer.line('from safetensors.numpy import load_file').blank();
    writer.line(`from predict import SESSION${generates ? ', generate' : ''}`);
    writer.line('from preprocessing import encode_input');
  });
  writer.line(
    'except ImportError as error:',
    '    print(f"{error}. Run: pip install -r requirements.txt", file=sys.stderr)',
    '    sys.exit(2)',
  );
  writer.blank().line('FOLDER = Path(__file__).resolve().parent').blank(2);
  writer.line(
    'def largest_difference(tensors: dict[str, np.ndarray]) -> float:',
    '    """Largest difference of logits over the largest of ours, at real steps."""',
    ...facts.feeds.map((line) => `    ${line}`),
    '    [logits] = SESSION.run(["logits"], feeds)',
    '    ours = tensors["outputs"]',
    ...(facts.maskedSteps
      ? [
          '    steps = np.arange(ours.shape[1])',
          '    real = steps < tensors["lengths"][:, None]',
          '    logits, ours = logits[real], ours[real]',
        ]
      : []),
    '    return float(np.abs(logits - ours).max() / np.abs(ours).max())',
  );
  writer
    .blank(2)
    .line(
      'def preprocessing_agrees(tensors: dict[str, np.ndarray], inputs: list) -> bool:',
      `    """Whether inputs as a person gives them become exactly the recorded ${facts.input}."""`,
      '    return all(',
      `        np.array_equal(${facts.encoded}, row[:length])`,
      `        for given, row, length in zip(inputs, tensors["${facts.input}"], tensors["lengths"])`,
      '    )',
    );
  writer
    .blank(2)
    .line('def main() -> int:')
    .indent(() => {
      writer.line(
        'tensors = load_file(FOLDER / "recorded.safetensors")',
        'recorded = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))',
        'difference = largest_difference(tensors)',
        'preprocessing = preprocessing_agrees(tensors, recorded["inputs"])',
      );
      if (generates)
        writer.line(
          'expected = recorded["generated"]',
          'generated = expected is None or (',
          '    generate(expected["prompt_ids"], len(expected["ids"])) == expected["ids"]',
          ')',
        );
      else writer.line('generated = None');
      writer.line(
        'passed = difference <= recorded["tolerance"] and preprocessing',
        'passed = passed and generated is not False',
        'result = {',
        '    "passed": passed,',
        '    "rows": recorded["rows"],',
        '    "largest_difference": difference,',
        '    "tolerance": recorded["tolerance"],',
        '    "preprocessing": preprocessing,',
        '    "generated": generated,',
        '    "framework": f"onnxruntime {onnxruntime.__version__}",',
        '}',
        'print(',
        `    f"{'Passed' if passed else 'FAILED'}: {result['rows']} rows in {result['framework']}, "`,
        `    f"largest difference {difference:.1e} (at most {result['tolerance']:.0e}), "`,
        `    f"preprocessing {'the same' if preprocessing else 'DIFFERENT'}"`,
        ...(generates
          ? [`    f", generated text {'the same' if generated else 'DIFFERENT'}"`]
          : []),
        '    "."',
        ')',
        'if "--json" in sys.argv[1:]:',
        '    print(json.dumps(result))',
        'return 0 if passed else 1',
      );
    });
  writer.blank(2).line('if __name__ == "__main__":', '    sys.exit(main())');
  return writer.file('verify.py', 'python');
}

function recordedFacts(program: IrProgram) {
  const tokens = program.ops.some((op) => op.op === 'input' && op.feed === 'tokens');
  const padded = isPadded(program);
  const input = tokens ? 'ids' : 'features';
  const first = tokens ? 'tensors["ids"].astype(np.int64)' : 'tensors["features"]';
  return {
    input,
    feeds: [
      padded
        ? `feeds = {"${input}": ${first}, "lengths": tensors["lengths"]}`
        : `feeds = {"${input}": ${first}}`,
    ],
    encoded: tokens ? 'encode_input(given)' : 'np.float32(encode_input(given))',
    maskedSteps: padded && program.head.perStep,
  };
}
