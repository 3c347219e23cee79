/** The Data view's numbers, from prepared data. */
import type { DataPreview } from '#shared/data/facts';
import { shorten, type Prepared } from './report.js';
import type { Batch, Dataset } from './types.js';

/** Rows of the batch, and steps of a row, that are sent in full. */
const shownRows = 8;
const shownSteps = 256;

export function previewOf({ data, report }: Prepared, batchSize: number): DataPreview {
  return {
    facts: data.facts,
    source: {
      title: report.source.title,
      size: report.size,
      unit: report.unit,
      licence: report.source.licence,
      origin: report.source.origin,
    },
    periods: report.periods,
    table: report.table,
    tokenized: report.tokenized,
    vocabulary: report.vocabulary,
    classes: report.classes,
    lengths: {
      ...lengthFacts(report.rawLengths, data.facts.input.timeSteps),
      distribution: distributionOf(report.rawLengths, report.trainingLengths),
    },
    batch: batchPreview(data.train, batchSize, data.preprocessing.vocabulary),
    evidence: report.evidence,
  };
}

function lengthFacts(
  lengths: Int32Array,
  kept: number,
): Pick<DataPreview['lengths'], 'bins' | 'mean' | 'maximum' | 'truncated'> {
  const minimum = lengths.reduce((least, length) => Math.min(least, length), Infinity);
  const maximum = maximumOf(lengths);
  const width = Math.max(1, Math.ceil((maximum - minimum + 1) / 40));
  const bins = Array.from({ length: Math.ceil((maximum - minimum + 1) / width) }, (_, index) => ({
    from: minimum + index * width,
    to: minimum + (index + 1) * width,
    count: 0,
  }));
  let total = 0;
  let cut = 0;
  for (const length of lengths) {
    const bin = bins[Math.floor((length - minimum) / width)];
    if (bin !== undefined) bin.count++;
    total += length;
    if (length > kept) cut++;
  }
  return { bins, mean: total / lengths.length, maximum, truncated: cut / lengths.length };
}

const maximumOf = (lengths: Int32Array): number =>
  lengths.reduce((most, length) => Math.max(most, length), 0);

/** More lengths than this are rounded up to multiples. */
const shownLengths = 1000;

function distributionOf(
  all: Int32Array,
  training: Int32Array,
): DataPreview['lengths']['distribution'] {
  const width = Math.max(1, Math.ceil(maximumOf(all) / shownLengths));
  const counts = new Map<number, { length: number; rows: number; training: number }>();
  const entryOf = (length: number): { rows: number; training: number } => {
    const rounded = Math.ceil(length / width) * width;
    const entry = counts.get(rounded) ?? { length: rounded, rows: 0, training: 0 };
    counts.set(rounded, entry);
    return entry;
  };
  for (const length of all) entryOf(length).rows++;
  for (const length of training) entryOf(length).training++;
  return [...counts.values()].sort((a, b) => a.length - b.length);
}

function batchPreview(
  train: Dataset,
  batchSize: number,
  vocabulary: readonly string[] | null,
): DataPreview['batch'] {
  const indices = Array.from({ length: Math.min(batchSize, train.size) }, (_, index) => index);
  const batch = train.batch(indices);
  const { size, timeSteps, input } = batch;
  const lengths = batch.lengths ?? new Int32Array(size).fill(timeSteps);
  return {
    shape: input.kind === 'tokens' ? [size, timeSteps] : [size, timeSteps, input.features],
    lengths: Array.from(lengths),
    rows: indices.slice(0, shownRows).map((row) => ({
      input: Array.from({ length: Math.min(timeSteps, shownSteps) }, (_, time) =>
        stepText(batch, row, time, vocabulary),
      ),
      target: shorten(train.describe(row).target, 300),
    })),
  };
}

/** `great (57)` for a token, `0.31, -1.2` for features. */
function stepText(
  { timeSteps, input }: Batch,
  row: number,
  time: number,
  vocabulary: readonly string[] | null,
): string {
  const at = row * timeSteps + time;
  if (input.kind === 'tokens') {
    const id = input.ids[at] ?? 0;
    return `${shorten(vocabulary?.[id] ?? '', 60)} (${id})`;
  }
  const values = input.values.subarray(at * input.features, (at + 1) * input.features);
  return Array.from(values, (value) => String(Number(value.toPrecision(4)))).join(', ');
}
