/** `predict.py`: answers for new input, and text from a language model. */
import { importLines } from '../python/format.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';

export function generatePredict(facts: ProgramFacts): CodeFile {
  const writer = new CodeWriter('    ');
  const { summary, usage, standard, names, code } = partsOf(facts);
  writer
    .line(`"""${summary}`, '', usage, '"""')
    .blank()
    .line('from __future__ import annotations')
    .blank()
    .line('import argparse', ...standard)
    .blank()
    .line('import torch', 'from torch import nn')
    .blank()
    .line('from model import load_model')
    .line(...importLines('preprocessing', names))
    .blank(2)
    .line(code);
  return writer.file('predict.py', 'python');
}

interface Parts {
  summary: string;
  usage: string;
  /** Imports of the standard library beside argparse. */
  standard: string[];
  /** What it needs of preprocessing.py. */
  names: string[];
  code: string;
}

function partsOf(facts: ProgramFacts): Parts {
  switch (facts.recipe.task) {
    case 'classification':
      return classification(facts);
    case 'tagging':
      return tagging(facts);
    case 'next-token':
      return nextToken(facts);
    case 'forecast':
      return forecast;
  }
}

const weightsArgument =
  'parser.add_argument("--weights", default=None, help="default: model.safetensors")';
const loadArgument = 'model = load_model(args.weights) if args.weights else load_model()';

const main = (body: string): string => `\
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
${body}


if __name__ == "__main__":
    main()`;

/** Ids [1, time], and the lengths of padded networks. */
const forwardOne = (facts: ProgramFacts): string =>
  facts.padded ? 'model(ids[None], torch.tensor([len(ids)]))[0]' : 'model(ids[None])[0]';

const classification = (facts: ProgramFacts): Parts => ({
  summary: 'The class of a text.',
  usage: 'Run it: python predict.py "a text"',
  standard: [],
  names: ['LABELS', 'encode'],
  code: `\
@torch.no_grad()
def predict(model: nn.Module, text: str) -> list[tuple[str, float]]:
    """Labels and their probabilities, the most probable first."""
    ids = torch.tensor(encode(text))
    logits = ${forwardOne(facts)}
    probabilities = logits.softmax(dim=-1).tolist()
    return sorted(zip(LABELS, probabilities), key=lambda pair: -pair[1])


${main(`\
    parser.add_argument("text")
    ${weightsArgument}
    args = parser.parse_args()
    ${loadArgument}
    for label, probability in predict(model, args.text):
        print(f"{probability:8.4f}  {label}")`)}`,
});

const tagging = (facts: ProgramFacts): Parts => ({
  summary: 'A tag for each token of a text.',
  usage: 'Run it: python predict.py "tokens between spaces"',
  standard: [],
  names: ['LABELS', 'encode', 'tokenize'],
  code: `\
@torch.no_grad()
def predict(model: nn.Module, text: str) -> list[tuple[str, str, float]]:
    """Each token, its most probable tag, and how probable that is."""
    ids = torch.tensor(encode(text))
    logits = ${forwardOne(facts)}
    best = logits.softmax(dim=-1).max(dim=-1)
    tags = [LABELS[tag] for tag in best.indices.tolist()]
    return list(zip(tokenize(text), tags, best.values.tolist()))


${main(`\
    parser.add_argument("text")
    ${weightsArgument}
    args = parser.parse_args()
    ${loadArgument}
    for token, tag, probability in predict(model, args.text):
        print(f"{probability:8.4f}  {tag}  {token}")`)}`,
});

const nextToken = (facts: ProgramFacts): Parts => ({
  summary: 'Text that the network writes, one token at a time.',
  usage: 'Run it: python predict.py "how it begins" --length 200 --temperature 0.8',
  standard: [],
  names: ['PAD', 'UNKNOWN', 'WINDOW', 'decode', 'encode'],
  code: `\
@torch.no_grad()
def generate(
    model: nn.Module, prompt: list[int], length: int, temperature: float = 0.0
) -> list[int]:
    """Ids of \`length\` new tokens after a prompt's ids; temperature 0 is greedy.

    Each step sees the last WINDOW tokens, as in training.
    """
    ids = list(prompt)
    for _ in range(length):
        logits = model(torch.tensor([ids[-WINDOW:]]))[${facts.perStep ? '0, -1' : '0'}]
        logits[[PAD, UNKNOWN]] = -torch.inf
        if temperature == 0:
            ids.append(int(logits.argmax()))
        else:
            probabilities = (logits / temperature).softmax(dim=-1)
            ids.append(int(torch.multinomial(probabilities, 1)))
    return ids[len(prompt) :]


${main(`\
    parser.add_argument("prompt")
    parser.add_argument("--length", type=int, default=200, help="tokens to write")
    parser.add_argument("--temperature", type=float, default=0.8, help="0 is greedy")
    parser.add_argument("--seed", type=int, default=0)
    ${weightsArgument}
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    ${loadArgument}
    ids = generate(model, encode(args.prompt), args.length, args.temperature)
    print(args.prompt + decode(ids))`)}`,
});

const forecast: Parts = {
  summary: 'The rows that come after the last ones of a CSV file.',
  usage: 'Run it: python predict.py series.csv',
  standard: ['from pathlib import Path'],
  names: ['INPUT_COLUMNS', 'TARGET_COLUMNS', 'WINDOW', 'encode_rows', 'read_csv', 'unscale'],
  code: `\
@torch.no_grad()
def predict(model: nn.Module, rows: list[list[float]]) -> list[list[float]]:
    """The next values, [HORIZON][target], after rows of the input columns."""
    features = torch.tensor(encode_rows(rows)[-WINDOW:])
    return unscale(model(features[None])[0].tolist())


${main(`\
    parser.add_argument("series", type=Path, help="a CSV file with the input columns")
    ${weightsArgument}
    args = parser.parse_args()
    ${loadArgument}
    print(", ".join(TARGET_COLUMNS))
    for values in predict(model, read_csv(args.series, INPUT_COLUMNS)):
        print(", ".join(f"{value:g}" for value in values))`)}`,
};
