/**
 * Rows of a padded batch, packed as PyTorch's `pack_padded_sequence` does: sorted by length, longest
 * first, and laid out step by step. At step s the first n_s rows still run, so finished rows cost
 * nothing and what a step reads and writes is one contiguous block. P = Σ lengths packed rows in all.
 */

export interface Packing {
  batch: number;
  timeSteps: number;
  /** P. */
  rows: number;
  /** Batch row of each rank; the longest row has rank 0. */
  order: Int32Array;
  /** For each step its first packed row, and how many rows still run: ranks 0…count−1. */
  steps: { at: number; count: number }[];
  /** b·T + t of each packed row. */
  source: Int32Array;
}

/** @param reverse a row's first step is then its last real one. */
export function pack(
  batch: number,
  timeSteps: number,
  lengths: Int32Array | null,
  reverse: boolean,
): Packing {
  const lengthOf = (b: number): number => lengths?.[b] ?? timeSteps;
  const order = Int32Array.from({ length: batch }, (_, b) => b);
  order.sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const rows = order.reduce((sum, b) => sum + lengthOf(b), 0);
  const source = new Int32Array(rows);
  const steps: Packing['steps'] = [];
  for (let step = 0, at = 0; at < rows; step++) {
    let count = 0;
    for (; count < batch && lengthOf(order[count]!) > step; count++) {
      const b = order[count]!;
      source[at + count] = b * timeSteps + (reverse ? lengthOf(b) - 1 - step : step);
    }
    steps.push({ at, count });
    at += count;
  }
  return { batch, timeSteps, rows, order, steps, source };
}

/** Rows [B, width] in batch order → rank order. */
export function toRanks(values: Float32Array, { order }: Packing): Float32Array {
  const width = values.length / order.length;
  const ranked = new Float32Array(values.length);
  order.forEach((b, rank) => {
    ranked.set(values.subarray(b * width, (b + 1) * width), rank * width);
  });
  return ranked;
}

/** Rows [B, width] in rank order → batch order. */
export function fromRanks(values: Float32Array, { order }: Packing): Float32Array {
  const width = values.length / order.length;
  const unranked = new Float32Array(values.length);
  order.forEach((b, rank) => {
    unranked.set(values.subarray(rank * width, (rank + 1) * width), b * width);
  });
  return unranked;
}

/** [B·T, width] → [P, width], each row times its batch row of the mask [B, width]. */
export function gatherRows(
  values: Float32Array,
  width: number,
  mask: Float32Array | null,
  packing: Packing,
): Float32Array {
  const packed = new Float32Array(packing.rows * width);
  packing.source.forEach((from, to) => {
    packed.set(values.subarray(from * width, (from + 1) * width), to * width);
  });
  if (mask !== null) multiplyRows(packed, width, mask, packing);
  return packed;
}

/** [P, width] → [B·T, width], zero at padding; the mask as in `gatherRows`. */
export function scatterRows(
  packed: Float32Array,
  width: number,
  mask: Float32Array | null,
  packing: Packing,
): Float32Array {
  if (mask !== null) multiplyRows(packed, width, mask, packing);
  const values = new Float32Array(packing.batch * packing.timeSteps * width);
  packing.source.forEach((to, from) => {
    values.set(packed.subarray(from * width, (from + 1) * width), to * width);
  });
  return values;
}

function multiplyRows(
  packed: Float32Array,
  width: number,
  mask: Float32Array,
  { source, timeSteps }: Packing,
): void {
  source.forEach((at, row) => {
    const maskAt = Math.floor(at / timeSteps) * width;
    for (let j = 0; j < width; j++) packed[row * width + j]! *= mask[maskAt + j]!;
  });
}
