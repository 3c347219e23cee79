/** Which example belongs to which part. The same recipe and rows always give the same split. */
import type { SplitRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import { Random } from '../train/random.js';

export const partNames = ['train', 'validation', 'test'] as const;
export type PartName = (typeof partNames)[number];

/** Example numbers, in ascending order in each part. */
export type Parts = Record<PartName, Int32Array>;

/** The examples of all parts, in ascending order. */
export const allRows = ({ train, validation, test }: Parts): Int32Array =>
  Int32Array.from([...train, ...validation, ...test]).sort();

/** Where a series is cut: training is [0, validation), then [validation, test), then [test, size). */
export interface Cuts {
  validation: number;
  test: number;
}

export function cutsInOrder(split: SplitRecipe, size: number): Cuts {
  const test = size - Math.round(size * split.test);
  return { validation: Math.max(0, test - Math.round(size * split.validation)), test };
}

/** Parts for examples that stand alone. `classOf` is needed for a stratified split only. */
export function splitExamples(split: SplitRecipe, size: number, classOf: Int32Array | null): Parts {
  if (split.method === 'stratified') return splitStratified(split, requireClasses(classOf));
  const order = Array.from({ length: size }, (_, index) => index);
  if (split.method === 'random') new Random(split.seed, 'split').shuffle(order);
  const cuts = cutsInOrder(split, size);
  return {
    train: Int32Array.from(order.slice(0, cuts.validation)).sort(),
    validation: Int32Array.from(order.slice(cuts.validation, cuts.test)).sort(),
    test: Int32Array.from(order.slice(cuts.test)).sort(),
  };
}

/**
 * As `splitExamples`, but rows of one group are never in two parts.
 * @param groupOf numbers groups in the order of their first rows, without gaps.
 * @param use the rows of a group that are used.
 */
export function splitGroups(
  split: SplitRecipe,
  groupOf: Int32Array,
  classOf: Int32Array | null,
  use: 'all' | 'first',
): Parts {
  const first: number[] = [];
  for (const [row, group] of groupOf.entries()) first[group] ??= row;
  const classOfGroup = classOf === null ? null : Int32Array.from(first, (row) => classOf[row] ?? 0);
  const groups = splitExamples(split, first.length, classOfGroup);
  const rowsOf = (part: Int32Array): Int32Array => {
    if (use === 'first') return part.map((group) => first[group] ?? 0);
    const members = new Set(part);
    const rows = Array.from(groupOf.keys());
    return Int32Array.from(rows.filter((row) => members.has(groupOf[row] ?? -1)));
  };
  return {
    train: rowsOf(groups.train),
    validation: rowsOf(groups.validation),
    test: rowsOf(groups.test),
  };
}

/**
 * First positions of windows over a series. `in order` cuts the series into three regions and takes the
 * windows of each; otherwise the windows of the whole series are dealt out.
 * @param span positions that a window covers together with its targets.
 * @param reach how many positions before its region a window may begin.
 */
export function splitWindows(
  split: SplitRecipe,
  size: number,
  { span, stride, reach }: { span: number; stride: number; reach: number },
): Parts {
  const region = (from: number, to: number): Int32Array => {
    const first = Math.max(0, from - reach);
    const count = Math.max(0, Math.floor((to - first - span) / stride) + 1);
    return Int32Array.from({ length: count }, (_, index) => first + index * stride);
  };
  if (split.method === 'in order') {
    const cuts = cutsInOrder(split, size);
    return {
      train: region(0, cuts.validation),
      validation: region(cuts.validation, cuts.test),
      test: region(cuts.test, size),
    };
  }
  const windows = region(0, size);
  const parts = splitExamples(split, windows.length, null);
  const startOf = (window: number): number => windows[window] ?? 0;
  return {
    train: parts.train.map(startOf),
    validation: parts.validation.map(startOf),
    test: parts.test.map(startOf),
  };
}

/** Each class is shuffled and shared out by itself, so that every part has the same balance. */
function splitStratified(split: SplitRecipe, classOf: Int32Array): Parts {
  const random = new Random(split.seed, 'split');
  const classes: number[][] = [];
  for (const [example, label] of classOf.entries()) (classes[label] ??= []).push(example);
  const sizes = classes.map((members) => members.length);
  const test = apportion(sizes, split.test);
  const rest = sizes.map((size, label) => size - (test[label] ?? 0));
  const validation = apportion(rest, split.validation / (1 - split.test));
  const shuffled = classes.map((members, label) => ({
    order: random.shuffle(members),
    test: test[label] ?? 0,
    kept: (test[label] ?? 0) + (validation[label] ?? 0),
  }));
  return {
    train: Int32Array.from(shuffled.flatMap(({ order, kept }) => order.slice(kept))).sort(),
    validation: Int32Array.from(
      shuffled.flatMap(({ order, test, kept }) => order.slice(test, kept)),
    ).sort(),
    test: Int32Array.from(shuffled.flatMap(({ order, test }) => order.slice(0, test))).sort(),
  };
}

/**
 * A share of each class: rounded down, then one more for those with the largest remainders until the
 * total is right (Hamilton's method). Every class keeps at least one example back.
 */
function apportion(sizes: readonly number[], share: number): number[] {
  const counts = sizes.map((size) => Math.floor(size * share));
  const total = Math.round(sizes.reduce((sum, size) => sum + size, 0) * share);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  const remainder = (label: number): number => (sizes[label] ?? 0) * share - (counts[label] ?? 0);
  const order = [...sizes.keys()].map((label) => ({ label, rest: remainder(label) }));
  for (const { label } of order.sort((a, b) => b.rest - a.rest || a.label - b.label)) {
    const count = counts[label] ?? 0;
    if (missing <= 0 || (sizes[label] ?? 0) - count <= 1) continue;
    counts[label] = count + 1;
    missing--;
  }
  return counts;
}

function requireClasses(classOf: Int32Array | null): Int32Array {
  if (classOf !== null) return classOf;
  throw new StudioError(
    'split-without-classes',
    'A stratified split needs one class for each row, and this task has none.',
    'Split at random or in order.',
    { field: 'data.split.method' },
  );
}

/**
 * @throws StudioError `too-few-rows` where a part that should have examples has none.
 */
export function requireFilled(
  parts: Parts,
  split: SplitRecipe,
  unit: 'rows' | 'windows',
  file: string,
): void {
  const shares = {
    train: 1 - split.validation - split.test,
    validation: split.validation,
    test: split.test,
  };
  for (const name of partNames) {
    if (shares[name] <= 0 || parts[name].length > 0) continue;
    const total = partNames.reduce((sum, part) => sum + parts[part].length, 0);
    const more = unit === 'windows' ? 'Add data, make the window shorter' : 'Add data';
    throw new StudioError(
      'too-few-rows',
      `The ${name} part (${Math.round(shares[name] * 100)} %) gets no ${unit}; all parts together have ${total}.`,
      name === 'train'
        ? `${more}, or give validation and test a smaller share.`
        : `${more}, or change the ${name} share; 0 leaves the part out.`,
      { file, field: 'data.split' },
    );
  }
}
