/** Which examples make which batch of an epoch: a pure function, so that a resumed epoch is the same. */
import { Random } from './random.js';

export interface OrderOptions {
  lengths: Int32Array;
  batchSize: number;
  shuffle: boolean;
  bucketing: boolean;
  seed: number;
  /** 1-based. */
  epoch: number;
}

/** Batches whose rows are sorted together: enough that little is padded, few enough to stay random. */
const batchesPerBucket = 50;

/**
 * All examples once. With bucketing, chunks of the shuffled order are sorted by length and cut into
 * batches, which are shuffled again; without shuffling the chunks are only sorted.
 */
export function epochBatches(options: OrderOptions): number[][] {
  const { lengths, batchSize, shuffle, bucketing, seed, epoch } = options;
  const random = new Random(seed, 'order', epoch);
  const order = Array.from(lengths.keys());
  if (shuffle) random.shuffle(order);
  const sorted = bucketing && lengths.some((length) => length !== lengths[0]);
  const chunkSize = sorted ? batchSize * batchesPerBucket : batchSize;
  const batches: number[][] = [];
  for (let start = 0; start < order.length; start += chunkSize) {
    const chunk = order.slice(start, start + chunkSize);
    if (sorted) chunk.sort((a, b) => lengths[a]! - lengths[b]!);
    for (let i = 0; i < chunk.length; i += batchSize) batches.push(chunk.slice(i, i + batchSize));
  }
  return sorted && shuffle ? random.shuffle(batches) : batches;
}

/** For evaluation: sorted by length, so that batches have the least padding; no randomness. */
export function evaluationBatches(lengths: Int32Array, batchSize: number): number[][] {
  const order = Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]!);
  const batches: number[][] = [];
  for (let i = 0; i < order.length; i += batchSize) batches.push(order.slice(i, i + batchSize));
  return batches;
}
