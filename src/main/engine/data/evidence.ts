/** What can be measured on the real rows about leaks and repeats. */
import type { DataEvidence } from '#shared/data/evidence';
import type { SplitRecipe } from '#shared/data/recipe';
import { allRows, type Parts } from './split.js';

/** Upper case and white space aside. Most texts have none to tidy up, and looking is faster. */
function normalised(text: string): string {
  const folded = text.toLowerCase();
  return /\s\s|[^\S ]|^ | $/u.test(folded) ? folded.replace(/\s+/gu, ' ').trim() : folded;
}

/** A number for each distinct text, in order of appearance: the same for rows that repeat each other. */
export function textGroups(texts: readonly string[]): Int32Array {
  const groups = new Map<string, number>();
  return Int32Array.from(texts, (text) => {
    const key = normalised(text);
    const group = groups.get(key) ?? groups.size;
    groups.set(key, group);
    return group;
  });
}

/** @param labelOf what a row is called. */
export function findRepeats(
  groupOf: Int32Array,
  labelOf: (row: number) => string,
  parts: Parts,
): NonNullable<DataEvidence['repeats']> {
  const labels = new Map<number, string>();
  const contradicting = new Set<number>();
  let rows = 0;
  for (const row of allRows(parts)) {
    const group = groupOf[row] ?? 0;
    const label = labelOf(row);
    const first = labels.get(group);
    if (first === undefined) {
      labels.set(group, label);
      continue;
    }
    rows++;
    if (first !== label) contradicting.add(group);
  }
  const trained = new Set(Array.from(parts.train, (row) => groupOf[row]));
  const crossing = [...parts.validation, ...parts.test].filter((row) => trained.has(groupOf[row]));
  return { rows, crossing: crossing.length, contradicting: contradicting.size };
}

/** Windows that are split in order do not overlap with those of another part, except by rows known before. */
export const overlapOfRandom = (
  { method }: SplitRecipe,
  starts: Parts,
  span: number,
): DataEvidence['overlap'] =>
  method === 'in order' || starts.validation.length + starts.test.length === 0
    ? null
    : findOverlap(starts, span);

/**
 * Held-out windows that share a position with any training window.
 * @param starts first position of each window, ascending in each part.
 * @param span positions that a window covers together with its targets.
 */
export function findOverlap(starts: Parts, span: number): NonNullable<DataEvidence['overlap']> {
  const heldOut = [...starts.validation, ...starts.test].sort((a, b) => a - b);
  let windows = 0;
  let at = 0;
  for (const start of heldOut) {
    // The first training window that ends behind this one's start.
    while (at < starts.train.length && (starts.train[at] ?? 0) + span <= start) at++;
    const next = starts.train[at];
    if (next !== undefined && next < start + span) windows++;
  }
  return { windows, heldOut: heldOut.length };
}

/** Beyond this many rows and shifts nothing new is learned. */
const comparedRows = 20_000;
const comparedShifts = 48;
/** Rounding in a file moves a correlation of 1 by less. */
const exact = 1 - 1e-6;

/**
 * Inputs whose changes are those of a target, in the same row or up to `horizon` rows later. Changes from
 * row to row are compared, as two series that only rise together are alike without saying anything.
 */
export function findCopies(
  columns: readonly { name: string; raw: Float64Array }[],
  { inputs, targets, horizon }: { inputs: string[]; targets: string[]; horizon: number },
): DataEvidence['copies'] {
  const changes = new Map(columns.map(({ name, raw }) => [name, changesOf(raw)]));
  const shifts = Array.from({ length: Math.min(horizon, comparedShifts) + 1 }, (_, shift) => shift);
  return inputs.flatMap((input) =>
    targets
      .filter((target) => target !== input)
      .flatMap((target) => {
        const [from, to] = [changes.get(input), changes.get(target)];
        if (from === undefined || to === undefined) return [];
        const shift = shifts.find((candidate) => correlation(from, to, candidate) >= exact);
        return shift === undefined ? [] : [{ input, target, shift }];
      }),
  );
}

function changesOf(values: Float64Array): Float64Array {
  const used = values.subarray(-comparedRows);
  return Float64Array.from(
    { length: Math.max(0, used.length - 1) },
    (_, row) => (used[row + 1] ?? 0) - (used[row] ?? 0),
  );
}

/** Pearson's, of `a[t]` and `b[t + shift]`; 0 where either does not vary or few rows are left. */
function correlation(a: Float64Array, b: Float64Array, shift: number): number {
  const size = a.length - shift;
  if (size < 8) return 0;
  const first = a.subarray(0, size);
  const second = b.subarray(shift);
  const meanA = meanOf(first);
  const meanB = meanOf(second);
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const x = (first[i] ?? 0) - meanA;
    const y = (second[i] ?? 0) - meanB;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const steady = (squares: number, mean: number): boolean => squares <= 1e-12 * size * mean * mean;
  return steady(squaresA, meanA) || steady(squaresB, meanB)
    ? 0
    : product / Math.sqrt(squaresA * squaresB);
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
