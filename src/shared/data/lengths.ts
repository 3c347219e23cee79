/** What a maximum length costs: rows that are cut and cells that are padding. */
import type { LengthCount } from './evidence.js';

export interface CutShares {
  /** Share of all rows that are longer than the maximum, 0 to 1. */
  rowsCut: number;
  /** Share of all tokens that are cut off. */
  tokensLost: number;
  /** Share of padded cells of the training part: all rows to the longest one. */
  paddingWhole: number;
  /** The same in batches of rows of similar length. */
  paddingBucketed: number;
}

/** @param distribution ascending by length. A row without tokens still takes one time step. */
export function cutShares(
  distribution: readonly LengthCount[],
  maximum: number,
  batchSize: number,
): CutShares {
  const totals = { rows: 0, cut: 0, tokens: 0, lost: 0, training: 0, real: 0 };
  let bucketed = 0;
  let inBatch = 0;
  for (const { length, rows, training } of distribution) {
    const kept = Math.max(1, Math.min(length, maximum));
    totals.rows += rows;
    totals.tokens += rows * length;
    if (length > maximum) {
      totals.cut += rows;
      totals.lost += rows * (length - maximum);
    }
    totals.training += training;
    totals.real += training * kept;
    // Every batch that is full by now is as long as this row, its longest.
    const full = Math.floor((inBatch + training) / batchSize);
    bucketed += full * batchSize * kept;
    inBatch = inBatch + training - full * batchSize;
  }
  const longest = Math.max(1, Math.min(distribution.findLast(hasTraining)?.length ?? 1, maximum));
  bucketed += inBatch * longest;
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    rowsCut: share(totals.cut, totals.rows),
    tokensLost: share(totals.lost, totals.tokens),
    paddingWhole: 1 - share(totals.real, totals.training * longest),
    paddingBucketed: 1 - share(totals.real, bucketed),
  };
}

const hasTraining = ({ training }: LengthCount): boolean => training > 0;

/** The smallest maximum that leaves at least this share of the rows whole. */
export function maximumThatKeeps(distribution: readonly LengthCount[], share: number): number {
  const total = distribution.reduce((sum, { rows }) => sum + rows, 0);
  let whole = 0;
  for (const { length, rows } of distribution) {
    whole += rows;
    if (whole >= share * total) return Math.max(1, length);
  }
  return 1;
}
