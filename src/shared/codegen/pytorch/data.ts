/** `data.py`: the exported data as batches, in the order of the recipe. */
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';
import type { ProgramFacts } from './facts.js';

export function generateData(facts: ProgramFacts): CodeFile {
  const { imports, batch, examples } = partsOf(facts);
  const { shuffle } = facts.training;
  const writer = new CodeWriter('    ');
  writer.line('"""Batches of the exported data."""').blank();
  writer.line('from __future__ import annotations').blank();
  if (facts.recipe.task === 'next-token' || facts.recipe.task === 'forecast')
    writer.line('import functools');
  if (shuffle) writer.line('import random');
  writer.line('from typing import NamedTuple').blank();
  writer.line('import torch', 'from torch import Tensor');
  writer.line(imports).blank(2);
  writer.line(batch).blank(2);
  writer.line(examples).blank(2);
  writer.line(order(facts));
  return writer.file('data.py', 'python');
}

interface Parts {
  /** After those of torch. */
  imports: string;
  /** The class Batch. */
  batch: string;
  /** The class Examples. */
  examples: string;
}

function partsOf(facts: ProgramFacts): Parts {
  switch (facts.recipe.task) {
    case 'classification':
    case 'tagging':
      return labelledText(facts.recipe.task === 'tagging');
    case 'next-token':
      return nextToken(facts.perStep);
    case 'forecast':
      return forecast;
  }
}

interface BatchText {
  doc: string;
  /** Fields, with a comment each. */
  fields: string;
  /** How many predictions count in the loss. */
  predictions: string;
  counts: string;
}

const batchClass = ({ doc, fields, predictions, counts }: BatchText): string => `\
class Batch(NamedTuple):
    """${doc}"""

${fields}

    @property
    def predictions(self) -> int:
        """How many predictions the loss is the mean of: ${counts}."""
        return ${predictions}

    def to(self, device: torch.device) -> Batch:
        return Batch(*(tensor.to(device) for tensor in self))

    def share(self, part: int, parts: int) -> Batch:
        """Every parts-th row from row number \`part\` on."""
        return Batch(*(tensor[part::parts] for tensor in self))`;

const labelledText = (tags: boolean): Parts => ({
  imports: `\
from torch.nn.utils.rnn import pad_sequence

from preprocessing import PAD, read_rows${
    tags
      ? `

# The tag of a padded step: it counts in no loss.
IGNORED = -100`
      : ''
  }`,
  batch: batchClass({
    doc: 'Rows of one update, padded at the end to the longest of them.',
    fields: `\
    tokens: Tensor  # ids [batch, time]
    lengths: Tensor  # real steps [batch]
    targets: Tensor  # ${tags ? 'tag ids [batch, time]' : 'class ids [batch]'}`,
    predictions: tags ? 'int(self.lengths.sum())' : 'len(self.targets)',
    counts: tags ? 'real steps' : 'rows',
  }),
  examples: `\
class Examples:
    """The rows of a part of the data: "train", "validation" or "test"."""

    def __init__(self, part: str) -> None:
        self.rows = read_rows(part)
        self.lengths = [len(ids) for ids, _ in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, numbers: list[int]) -> Batch:
        """These rows."""
        ids = [torch.tensor(self.rows[i][0]) for i in numbers]
${
  tags
    ? `\
        tags = [torch.tensor(self.rows[i][1]) for i in numbers]
        return Batch(
            tokens=pad_sequence(ids, batch_first=True, padding_value=PAD),
            lengths=torch.tensor([len(row) for row in ids]),
            targets=pad_sequence(tags, batch_first=True, padding_value=IGNORED),
        )`
    : `\
        return Batch(
            tokens=pad_sequence(ids, batch_first=True, padding_value=PAD),
            lengths=torch.tensor([len(row) for row in ids]),
            targets=torch.tensor([self.rows[i][1] for i in numbers]),
        )`
}`,
});

const windows = `\
class Examples:
    """The windows of a part of the data: "train", "validation" or "test"."""

    def __init__(self, part: str) -> None:
        self.starts = read_starts(part)

    def __len__(self) -> int:
        return len(self.starts)

    def batch(self, numbers: list[int]) -> Batch:
        """These windows."""
`;

const nextToken = (perStep: boolean): Parts => ({
  imports: '\nfrom preprocessing import WINDOW, read_starts, read_text',
  batch: batchClass({
    doc: 'Windows of one update.',
    fields: `\
    tokens: Tensor  # ids [batch, time]
    targets: Tensor  # ${perStep ? 'the ids one step later [batch, time]' : 'ids of the tokens after the windows [batch]'}`,
    predictions: perStep ? 'self.targets.numel()' : 'len(self.targets)',
    counts: perStep ? 'steps' : 'windows',
  }),
  examples: `\
@functools.lru_cache(maxsize=None)
def load_text() -> Tensor:
    """Ids of the whole text, [token]."""
    return torch.tensor(read_text())


${windows}        text = load_text()
        starts = [self.starts[i] for i in numbers]
        rows = torch.stack([text[start : start + WINDOW + 1] for start in starts])
        return Batch(tokens=rows[:, :-1], targets=rows[:, ${perStep ? '1:' : '-1'}])`,
});

const forecast: Parts = {
  imports: '\nfrom preprocessing import HORIZON, WINDOW, read_series, read_starts',
  batch: batchClass({
    doc: 'Windows of one update, in scaled units.',
    fields: `\
    features: Tensor  # [batch, time, input column]
    targets: Tensor  # [batch, HORIZON * target columns]
    persistence: Tensor  # each target's last known value instead, same shape`,
    predictions: 'len(self.targets)',
    counts: 'windows',
  }),
  examples: `\
@functools.lru_cache(maxsize=None)
def load_series() -> tuple[Tensor, Tensor]:
    """Scaled inputs and targets of every row, [row, column]."""
    inputs, targets = read_series()
    return torch.tensor(inputs), torch.tensor(targets)


${windows}        inputs, targets = load_series()
        starts = [self.starts[i] for i in numbers]
        ends = [start + WINDOW for start in starts]
        return Batch(
            torch.stack([inputs[start : start + WINDOW] for start in starts]),
            torch.stack([targets[end : end + HORIZON].flatten() for end in ends]),
            torch.stack([targets[end - 1].repeat(HORIZON) for end in ends]),
        )`,
};

/** The functions that say which rows make which batch. */
function order({ padded, training }: ProgramFacts): string {
  const { shuffle } = training;
  const bucketing = padded && training.bucketing;
  const parameters = shuffle ? ', seed: int, epoch: int' : '';
  const lines = [
    'def cut(rows: list[int], batch_size: int) -> list[list[int]]:',
    '    return [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]',
    '',
    '',
    ...(shuffle
      ? [
          'def epoch_batches(',
          '    examples: Examples, batch_size: int, seed: int, epoch: int',
          ') -> list[list[int]]:',
        ]
      : [
          `def epoch_batches(examples: Examples, batch_size: int${parameters}) -> list[list[int]]:`,
        ]),
    shuffle
      ? '    """Row numbers of an epoch\'s batches, in an order of its own for each epoch.'
      : '    """Row numbers of an epoch\'s batches, in the data\'s order.',
  ];
  if (bucketing)
    lines.push(
      '',
      `    In chunks of 50 batches, ${shuffle ? 'shuffled ' : ''}rows are sorted by length: little is padded.`,
      '    """',
    );
  else lines.push(`${lines.pop() ?? ''}"""`);
  lines.push('    rows = list(range(len(examples)))');
  if (shuffle)
    lines.push('    generator = random.Random(f"{seed} {epoch}")', '    generator.shuffle(rows)');
  if (bucketing) {
    lines.push(
      '    batches = []',
      '    for chunk in cut(rows, 50 * batch_size):',
      '        chunk.sort(key=lambda row: examples.lengths[row])',
      '        batches += cut(chunk, batch_size)',
      ...(shuffle ? ['    generator.shuffle(batches)'] : []),
      '    return batches',
    );
  } else {
    lines.push('    return cut(rows, batch_size)');
  }
  lines.push(
    '',
    '',
    'def evaluation_batches(examples: Examples, batch_size: int) -> list[list[int]]:',
    `    """Row numbers of batches${padded ? ' with as little padding as possible' : ''}."""`,
    padded
      ? '    rows = sorted(range(len(examples)), key=lambda row: examples.lengths[row])'
      : '    rows = list(range(len(examples)))',
    '    return cut(rows, batch_size)',
  );
  return lines.join('\n');
}
