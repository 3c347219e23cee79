/** `predict.py`: answers for new input, and text from a language model. */
import { importLines } from '../python/format.js';
import type { CodeFile } from '../types.js';
import { pythonFile } from './facts.js';
import type { KerasFacts } from './facts.js';

export function generatePredict(facts: KerasFacts): CodeFile {
  const { docstring, standard, names, code, arguments: given, answer } = partsOf(facts);
  return pythonFile({
    path: 'predict.py',
    docstring,
    imports: [
      ['import argparse', ...standard],
      ['import keras', 'import numpy as np'],
      [
        'from data import model_inputs',
        'from model import load_model',
        ...importLines('preprocessing', names),
      ],
    ],
    definitions: [...code, main(given, answer)],
    end: 'if __name__ == "__main__":\n    main()',
  });
}

interface Parts {
  docstring: string;
  /** Imports of the standard library beside argparse. */
  standard: string[];
  /** Of preprocessing.py. */
  names: string[];
  code: string[];
  arguments: string[];
  answer: string[];
}

const main = (given: string[], answer: string[]): string =>
  [
    'def main() -> None:',
    '    parser = argparse.ArgumentParser(description=__doc__)',
    ...given.map((line) => `    ${line}`),
    '    parser.add_argument("--weights", default=None, help="default: model.weights.h5")',
    '    args = parser.parse_args()',
    '    model = load_model(args.weights) if args.weights else load_model()',
    ...answer.map((line) => `    ${line}`),
  ].join('\n');

function partsOf(facts: KerasFacts): Parts {
  switch (facts.recipe.task) {
    case 'classification':
      return classification;
    case 'tagging':
      return tagging;
    case 'next-token':
      return nextToken(facts);
    case 'forecast':
      return forecast;
  }
}

const softmax = `\
def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities over the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)`;

const classification: Parts = {
  docstring: 'The class of a text.\n\nUsage: python predict.py "a text"\n',
  standard: [],
  names: ['LABELS', 'encode'],
  code: [
    softmax,
    `\
def predict(model: keras.Model, text: str) -> list[tuple[str, float]]:
    """Labels and their probabilities, the most probable first."""
    [logits] = model.predict_on_batch(model_inputs([encode(text)]))
    probabilities = softmax(logits).tolist()
    return sorted(zip(LABELS, probabilities), key=lambda pair: -pair[1])`,
  ],
  arguments: ['parser.add_argument("text")'],
  answer: [
    'for label, probability in predict(model, args.text):',
    '    print(f"{probability:8.4f}  {label}")',
  ],
};

const tagging: Parts = {
  docstring:
    'A tag for each token of a text.\n\nUsage: python predict.py "tokens between spaces"\n',
  standard: [],
  names: ['LABELS', 'encode', 'tokenize'],
  code: [
    softmax,
    `\
def predict(model: keras.Model, text: str) -> list[tuple[str, str, float]]:
    """Each token, its most probable tag, and how probable that is."""
    [logits] = model.predict_on_batch(model_inputs([encode(text)]))
    probabilities = softmax(logits)
    tags = [LABELS[tag] for tag in probabilities.argmax(-1)]
    return list(zip(tokenize(text), tags, probabilities.max(-1).tolist()))`,
  ],
  arguments: ['parser.add_argument("text")'],
  answer: [
    'for token, tag, probability in predict(model, args.text):',
    '    print(f"{probability:8.4f}  {tag}  {token}")',
  ],
};

const nextToken = ({ head }: KerasFacts): Parts => ({
  docstring: `\
Text that the network writes, one token at a time.

Usage: python predict.py "how it begins" --length 200 --temperature 0.8
`,
  standard: [],
  names: ['PAD', 'UNKNOWN', 'WINDOW', 'decode', 'encode'],
  code: [
    `\
def generate(
    model: keras.Model,
    prompt: list[int],
    length: int,
    temperature: float = 0.0,
    seed: int = 0,
) -> list[int]:
    """Ids of \`length\` new tokens after a prompt's ids; temperature 0 is greedy.

    Each step sees the last WINDOW tokens, as in training.
    """
    random = np.random.default_rng(seed)
    ids = list(prompt)
    for _ in range(length):
        [logits] = model.predict_on_batch(model_inputs([ids[-WINDOW:]]))
${head.perStep ? '        logits = logits[-1].astype("float64")' : '        logits = logits.astype("float64")'}
        logits[[PAD, UNKNOWN]] = -np.inf
        if temperature == 0:
            ids.append(int(logits.argmax()))
        else:
            powers = np.exp((logits - logits.max()) / temperature)
            ids.append(int(random.choice(len(powers), p=powers / powers.sum())))
    return ids[len(prompt) :]`,
  ],
  arguments: [
    'parser.add_argument("prompt")',
    'parser.add_argument("--length", type=int, default=200, help="tokens to write")',
    'parser.add_argument("--temperature", type=float, default=0.8, help="0 is greedy")',
    'parser.add_argument("--seed", type=int, default=0)',
  ],
  answer: [
    'ids = encode(args.prompt)',
    'ids = generate(model, ids, args.length, args.temperature, args.seed)',
    'print(args.prompt + decode(ids))',
  ],
});

const forecast: Parts = {
  docstring: `\
The rows that come after the last ones of a CSV file.

Usage: python predict.py series.csv
`,
  standard: ['from pathlib import Path'],
  names: ['INPUT_COLUMNS', 'TARGET_COLUMNS', 'WINDOW', 'encode_rows', 'read_csv', 'unscale'],
  code: [
    `\
def predict(model: keras.Model, rows: list[list[float]]) -> list[list[float]]:
    """The next values, [HORIZON][target], after rows of the input columns."""
    features = model_inputs([encode_rows(rows)[-WINDOW:]])
    [values] = model.predict_on_batch(features)
    return unscale(values.tolist())`,
  ],
  arguments: ['parser.add_argument("series", type=Path, help="a CSV file with the input columns")'],
  answer: [
    'print(", ".join(TARGET_COLUMNS))',
    'for values in predict(model, read_csv(args.series, INPUT_COLUMNS)):',
    '    print(", ".join(f"{value:g}" for value in values))',
  ],
};
