/** `data.py`: rows of data/ as NumPy batches for the network. */
import type { CodeFile } from '../types.js';
import { pythonFile } from './facts.js';
import type { KerasFacts } from './facts.js';
import { importLines } from '../python/format.js';

export function generateData(facts: KerasFacts): CodeFile {
  const { names, examples, targets } = partsOf(facts);
  return pythonFile({
    path: 'data.py',
    docstring: 'Rows as NumPy batches for the network.',
    imports: [
      ['from dataclasses import dataclass'],
      ['import numpy as np'],
      importLines('preprocessing', names),
    ],
    definitions: [batchClass(facts), modelInputs(facts), examples, targets],
  });
}

interface Parts {
  /** Of preprocessing.py. */
  names: string[];
  /** `read_examples`. */
  examples: string;
  /** `make_batch`. */
  targets: string;
}

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

function batchClass({ head, recipe }: KerasFacts): string {
  const shape = head.perStep ? '[batch, time]' : '[batch]';
  const targets =
    recipe.task === 'forecast'
      ? `scaled values [batch, ${head.outputs}]`
      : `ids ${shape}${recipe.task === 'tagging' ? ', 0 at padding' : ''}`;
  const padding = recipe.task === 'tagging' ? ', 0 at padding' : '';
  return `\
@dataclass
class Batch:
    """Examples for one step.

    inputs: by the names of the model's inputs
    targets: ${targets}
    weights: share of each prediction in the mean loss, ${shape}${padding}
    count: number of predictions
    """

    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    weights: np.ndarray
    count: int`;
}

function modelInputs({ recipe, padded, inputs }: KerasFacts): string {
  if (recipe.task === 'forecast')
    return `\
def model_inputs(rows: list) -> dict[str, np.ndarray]:
    """Scaled rows [batch][time][column] as the model's inputs."""
    return {"features": np.array(rows, "float32")}`;
  if (!padded)
    return `\
def model_inputs(rows: list) -> dict[str, np.ndarray]:
    """Ids [batch][time], all rows of one length, as the model's inputs."""
    return {"ids": np.array(rows, "int32")}`;
  return `\
def model_inputs(rows: list[list[int]]) -> dict[str, np.ndarray]:
    """Rows of ids as the model's inputs, padded at the end to the longest."""
    lengths = np.array([len(row) for row in rows], "int32")
    ids = np.full((len(rows), lengths.max()), PAD, "int32")
    for padded, row in zip(ids, rows):
        padded[: len(row)] = row
    return {"ids": ids${inputs.lengths ? ', "lengths": lengths' : ''}}`;
}

const readRows = (target: string): string => `\
def read_examples(part: str) -> list[tuple[list[int], ${target}]]:
    """Inputs and targets of "train", "validation" or "test"."""
    return read_rows(part)`;

/** Each row has one target. */
const oneTarget = (dtype: string): string => `\
def make_batch(examples: list[tuple]) -> Batch:
    """Examples of \`read_examples\` as one batch."""
    rows, targets = zip(*examples)
    size = len(examples)
    weights = np.full(size, 1 / size, "float32")
    return Batch(model_inputs(rows), np.array(targets, "${dtype}"), weights, size)`;

const classification: Parts = {
  names: ['PAD', 'read_rows'],
  examples: readRows('int'),
  targets: oneTarget('int32'),
};

const tagging: Parts = {
  names: ['PAD', 'read_rows'],
  examples: readRows('list[int]'),
  targets: `\
def make_batch(examples: list[tuple]) -> Batch:
    """Examples of \`read_examples\` as one batch."""
    rows, tags = zip(*examples)
    inputs = model_inputs(rows)
    targets = np.zeros(inputs["ids"].shape, "int32")
    weights = np.zeros(inputs["ids"].shape, "float32")
    for row, padded, weight in zip(tags, targets, weights):
        padded[: len(row)] = row
        weight[: len(row)] = 1
    count = int(weights.sum())
    return Batch(inputs, targets, weights / count, count)`,
};

const nextToken = ({ head }: KerasFacts): Parts => ({
  names: ['WINDOW', 'read_starts', 'read_text'],
  examples: head.perStep
    ? `\
def read_examples(part: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Windows of "train", "validation" or "test", and the same one token later."""
    text = np.array(read_text(), "int32")
    return [
        (text[start : start + WINDOW], text[start + 1 : start + WINDOW + 1])
        for start in read_starts(part)
    ]`
    : `\
def read_examples(part: str) -> list[tuple[np.ndarray, int]]:
    """Windows of "train", "validation" or "test", and the token after each."""
    text = np.array(read_text(), "int32")
    return [
        (text[start : start + WINDOW], text[start + WINDOW])
        for start in read_starts(part)
    ]`,
  targets: head.perStep
    ? `\
def make_batch(examples: list[tuple]) -> Batch:
    """Examples of \`read_examples\` as one batch."""
    rows, following = zip(*examples)
    targets = np.array(following, "int32")
    weights = np.full(targets.shape, 1 / targets.size, "float32")
    return Batch(model_inputs(rows), targets, weights, targets.size)`
    : oneTarget('int32'),
});

const forecast: Parts = {
  names: ['HORIZON', 'WINDOW', 'read_series', 'read_starts'],
  examples: `\
def read_examples(part: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Windows of "train", "validation" or "test", and the HORIZON rows after each.

    Inputs [WINDOW, column] and targets [HORIZON * targets], both scaled.
    """
    inputs, targets = (np.array(rows, "float32") for rows in read_series())
    examples = []
    for start in read_starts(part):
        end = start + WINDOW
        examples.append((inputs[start:end], targets[end : end + HORIZON].ravel()))
    return examples`,
  targets: oneTarget('float32'),
};
