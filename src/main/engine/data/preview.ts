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
    table: report.table,
    vocabulary: report.vocabulary,
    classes: report.classes,
    lengths: {
      ...lengthFacts(report.rawLengths, data.facts.input.timeSteps),
      ...paddingShares(data.train.lengths, batchSize),
    },
    batch: batchPreview(data.train, batchSize, data.preprocessing.vocabulary),
    warnings: report.warnings,
  };
}

function lengthFacts(
  lengths: Int32Array,
  kept: number,
): Pick<DataPreview['lengths'], 'bins' | 'mean' | 'maximum' | 'truncated'> {
  const minimum = lengths.reduce((least, length) => Math.min(least, length), Infinity);
  const maximum = lengths.reduce((most, length) => Math.max(most, length), 0);
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

/** Share of padded cells of the training part: all rows to the longest, and batches of similar rows. */
function paddingShares(
  lengths: Int32Array,
  batchSize: number,
): Pick<DataPreview['lengths'], 'paddingWhole' | 'paddingBucketed'> {
  const sorted = lengths.slice().sort();
  const real = sorted.reduce((sum, length) => sum + length, 0);
  const whole = sorted.length * (sorted.at(-1) ?? 0);
  let bucketed = 0;
  for (let from = 0; from < sorted.length; from += batchSize) {
    const batch = sorted.subarray(from, from + batchSize);
    bucketed += batch.length * (batch.at(-1) ?? 0);
  }
  return { paddingWhole: 1 - real / whole, paddingBucketed: 1 - real / bucketed };
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
