/** Rows of text that become rows of token ids, for classification and tagging. */
import type { DataFacts, DataPreview } from '#shared/data/facts';
import type { TokenizerRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import { shorten } from './report.js';
import { partNames, type Parts } from './split.js';
import {
  buildVocabulary,
  padId,
  unknownId,
  type TokenIndex,
  type Vocabulary,
} from './tokenizer.js';
import type { Batch, Dataset } from './types.js';

export interface EncodedRows {
  vocabulary: Vocabulary;
  /** Ids of each row as the network sees them; a row without any token is one `<unk>`. */
  rows: Int32Array[];
  /** Share of validation and test tokens that are `<unk>`. */
  unknownRate: number;
  /** Share of them that stand in no training row. */
  neverSeenRate: number;
}

/**
 * The rows after truncation, as ids of the index: millions of tokens as strings of their own would take
 * most of the time and of the memory.
 */
export interface IndexedRows {
  index: TokenIndex;
  rows: readonly Int32Array[];
}

/** The vocabulary comes from the training rows, as they are after truncation. */
export function encodeRows(
  tokenizer: TokenizerRecipe,
  { index, rows: indexed }: IndexedRows,
  parts: Parts,
): EncodedRows {
  const counts = new Float64Array(index.tokens.length);
  for (const row of parts.train) {
    for (const id of indexed[row] ?? []) counts[id] = (counts[id] ?? 0) + 1;
  }
  const vocabulary = buildVocabulary(tokenizer, index, counts);
  const rows = indexed.map((row) =>
    row.length === 0 ? Int32Array.of(unknownId) : row.map((id) => vocabulary.idOf[id] ?? unknownId),
  );
  let unknown = 0;
  let neverSeen = 0;
  let heldOut = 0;
  for (const part of [parts.validation, parts.test]) {
    for (const row of part) {
      for (const id of rows[row] ?? []) if (id === unknownId) unknown++;
      for (const id of indexed[row] ?? []) if (counts[id] === 0) neverSeen++;
      heldOut += rows[row]?.length ?? 0;
    }
  }
  const rate = (tokens: number): number => (heldOut === 0 ? 0 : tokens / heldOut);
  return { vocabulary, rows, unknownRate: rate(unknown), neverSeenRate: rate(neverSeen) };
}

export interface TextDatasetInput {
  /** Ids of all rows. */
  rows: readonly Int32Array[];
  /** The rows that belong to this dataset. */
  members: Int32Array;
  /** A class a row, or a tag a step. */
  targets: { kind: 'class'; ids: Int32Array } | { kind: 'steps'; ids: readonly Int32Array[] };
  describe(row: number): { input: string; target: string };
}

/** The row of the table that a part's example is. */
export function rowOf(members: Int32Array, example: number): number {
  const row = members[example];
  if (row === undefined) throw new RangeError(`example ${example} of ${members.length}`);
  return row;
}

export function textDataset({ rows, members, targets, describe }: TextDatasetInput): Dataset {
  const lengths = members.map((row) => rows[row]?.length ?? 0);
  return {
    size: members.length,
    lengths,
    batch(indices): Batch {
      const picked = Int32Array.from(indices, (example) => rowOf(members, example));
      const real = picked.map((row) => rows[row]?.length ?? 0);
      const timeSteps = real.reduce((longest, length) => Math.max(longest, length), 0);
      return {
        size: picked.length,
        timeSteps,
        input: { kind: 'tokens', ids: padded(rows, picked, timeSteps) },
        lengths: real,
        targets:
          targets.kind === 'class'
            ? { kind: 'class', ids: picked.map((row) => targets.ids[row] ?? 0) }
            : { kind: 'steps', ids: padded(targets.ids, picked, timeSteps) },
      };
    },
    describe: (example) => {
      const { input, target } = describe(rowOf(members, example));
      return { input: shorten(input, 300), target: shorten(target, 300) };
    },
  };
}

/** [B·T], each row at the start of its T. */
function padded(rows: readonly Int32Array[], picked: Int32Array, timeSteps: number): Int32Array {
  const values = new Int32Array(picked.length * timeSteps).fill(padId);
  for (const [position, row] of picked.entries()) {
    values.set(rows[row] ?? [], position * timeSteps);
  }
  return values;
}

export function textFacts(
  task: DataFacts['task'],
  { vocabulary, rows }: EncodedRows,
  parts: Parts,
  classes: ClassCounts,
): DataFacts {
  const longest = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const total = parts.train.reduce((sum, row) => sum + (rows[row]?.length ?? 0), 0);
  return {
    task,
    input: {
      kind: 'tokens',
      vocabularySize: vocabulary.tokens.length,
      timeSteps: longest,
      padded: true,
    },
    output: {
      size: classes.length,
      labels: classes.map(({ label }) => label),
      counts: classes.map(({ train }) => train),
    },
    examples: {
      train: parts.train.length,
      validation: parts.validation.length,
      test: parts.test.length,
    },
    meanTimeSteps: total / parts.train.length,
  };
}

/** Distinct names in order: by value where all are numbers, else by code unit. */
export function sortedLabels(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)].sort();
  return distinct.every((name) => /^-?\d+(\.\d+)?$/.test(name))
    ? distinct.sort((a, b) => Number(a) - Number(b))
    : distinct;
}

/** @throws StudioError `one-class-only`. */
export function requireClasses(labels: readonly string[], file: string, column: string): void {
  if (labels.length > 1) return;
  throw new StudioError(
    'one-class-only',
    `All rows have the same label, "${labels[0] ?? ''}".`,
    'A classifier needs rows of at least two classes. Is this the right label column?',
    { file, column, field: 'data.labelColumn' },
  );
}

export type ClassCounts = DataPreview['classes'];

/** @param visit calls back with the label id of each row or step of a part. */
export function countClasses(
  labels: readonly string[],
  visit: (part: Int32Array, count: (label: number) => void) => void,
  parts: Parts,
): ClassCounts {
  const counts = labels.map((label) => ({ label, train: 0, validation: 0, test: 0 }));
  for (const name of partNames) {
    visit(parts[name], (label) => {
      const entry = counts[label];
      if (entry !== undefined) entry[name]++;
    });
  }
  return counts;
}

/** @throws StudioError `too-few-rows` where training would see a single class. */
export function requireTrainingClasses(counts: ClassCounts, file: string): void {
  const present = counts.filter(({ train }) => train > 0);
  if (present.length > 1) return;
  throw new StudioError(
    'too-few-rows',
    `The train part has rows of one class only, "${present[0]?.label ?? ''}", of ${counts.length}.`,
    'Split stratified or at random: the file is probably sorted by class.',
    { file, field: 'data.split' },
  );
}
