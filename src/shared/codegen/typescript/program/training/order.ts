/** Which examples make which batch. */
import type { Random } from '../layers/random.ts';

/** Batches that are sorted together: enough that little is padded, few enough to stay random. */
const batchesPerBucket = 50;

export interface OrderOptions {
  batchSize: number;
  shuffle: boolean;
  /** Rows of similar length in a batch, so that little is padded. */
  bucketing: boolean;
}

/** All examples once. */
export function epochBatches(
  lengths: Int32Array,
  { batchSize, shuffle, bucketing }: OrderOptions,
  random: Random,
): number[][] {
  const order = Array.from(lengths.keys());
  if (shuffle) random.shuffle(order);
  const sorted = bucketing && lengths.some((length) => length !== lengths[0]);
  if (!sorted) return cut(order, batchSize);
  const batches = cut(order, batchSize * batchesPerBucket).flatMap((bucket) =>
    cut(byLength(bucket, lengths), batchSize),
  );
  return shuffle ? random.shuffle(batches) : batches;
}

/** For evaluation: by length, so that there is the least padding. */
export const evaluationBatches = (lengths: Int32Array, batchSize: number): number[][] =>
  cut(byLength(Array.from(lengths.keys()), lengths), batchSize);

const byLength = (examples: number[], lengths: Int32Array): number[] =>
  examples.sort((a, b) => lengths[a] - lengths[b]);

function cut(examples: readonly number[], size: number): number[][] {
  const parts: number[][] = [];
  for (let i = 0; i < examples.length; i += size) parts.push(examples.slice(i, i + size));
  return parts;
}
