/**
 * A few held-out examples as a person would give them, kept with every run: an export proves itself on
 * them even where the data have moved since.
 */
import { z } from 'zod';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { ModelInput } from '../compile/model.js';
import { encodeSeries, encodeText } from './encode.js';
import { partNames } from './split.js';
import type { PreparedData } from './types.js';

/** Encoded as the run's preprocessing says, it is the row that the network sees. */
export const sampleInputSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ tokens: z.array(z.string()) }),
  z.strictObject({ rows: z.array(z.array(z.number())) }),
]);
export type SampleInput = z.infer<typeof sampleInputSchema>;

/** How many, where there are as many. */
const wanted = 32;

/** Of the test part, else of validation, else of training; from the shortest to the longest. */
export function sampleInputs(data: PreparedData): SampleInput[] {
  const part = partNames.toReversed().find((name) => data[name].size > 0);
  if (part === undefined) return [];
  const { lengths } = data[part];
  const order = Array.from(lengths.keys()).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const count = Math.min(wanted, order.length);
  return Array.from({ length: count }, (_, i) => {
    // Evenly from the first to the last.
    const at = count === 1 ? 0 : Math.round((i * (order.length - 1)) / (count - 1));
    return sampleInput(data, part, order[at] ?? 0);
  });
}

function sampleInput(
  { raw, preprocessing }: PreparedData,
  part: (typeof partNames)[number],
  example: number,
): SampleInput {
  switch (raw.kind) {
    case 'rows': {
      const row = raw.row(part, example);
      return 'text' in row ? { text: row.text } : { tokens: row.tokens };
    }
    case 'text':
      return { text: raw.window(raw.starts[part][example] ?? 0) };
    case 'series': {
      const { recipe } = preprocessing;
      if (recipe.task !== 'forecast') throw new Error(`${recipe.task} has no series`);
      const start = raw.starts[part][example] ?? 0;
      const columns = recipe.inputColumns.map((name) => {
        const found = raw.columns.find((column) => column.name === name);
        if (found === undefined) throw new Error(`the series has no column "${name}"`);
        return found.values.subarray(start, start + recipe.window);
      });
      const rows = Array.from({ length: recipe.window }, (_, row) =>
        columns.map((values) => values[row] ?? 0),
      );
      return { rows };
    }
  }
}

/** The inputs as one batch, padded at the end; `lengths` where the task's rows can be padded. */
export function encodeInputs(
  preprocessing: Preprocessing,
  inputs: readonly SampleInput[],
): ModelInput {
  const size = inputs.length;
  const { recipe } = preprocessing;
  if (recipe.task === 'forecast') {
    const rows = inputs.map((input) =>
      encodeSeries(preprocessing, 'rows' in input ? input.rows : []),
    );
    const values = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
    rows.forEach((row, i) => values.set(row, i * row.length));
    const features = recipe.inputColumns.length;
    return {
      size,
      timeSteps: recipe.window,
      input: { kind: 'features', values, features },
      lengths: null,
    };
  }
  const rows = inputs.map((input) => encodeText(preprocessing, textOf(input)).ids);
  const lengths = Int32Array.from(rows, (row) => row.length);
  const timeSteps = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(size * timeSteps);
  rows.forEach((row, i) => ids.set(row, i * timeSteps));
  return {
    size,
    timeSteps,
    input: { kind: 'tokens', ids },
    lengths: recipe.task === 'next-token' ? null : lengths,
  };
}

function textOf(input: SampleInput): string {
  if ('text' in input) return input.text;
  if ('tokens' in input) return input.tokens.join(' ');
  throw new Error('rows of numbers for a network that reads text');
}
