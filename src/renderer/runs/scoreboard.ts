/** Runs beside each other, number by number. Nobody wins what the numbers can't support. */
import {
  formatBytes,
  formatClock,
  formatCount,
  formatPercent,
  formatPlural,
  formatScore,
  missing,
} from '#shared/format';
import { significanceLevel, type PairedTest } from '#shared/run/significance';
import { mainScore, scoreText, type RunRow } from '#shared/run/rows';

/** `ahead`: the better number, but within noise. */
export type Mark = 'better' | 'ahead';

export interface Contest {
  title: string;
  /** What the numbers are of: `600 test rows`. */
  note: string;
  /** One for each run, in their order. */
  values: { text: string; mark: Mark | null }[];
  /** Why the mark is what it is. */
  why: string;
  /** Second against first, of two runs. */
  difference: string;
}

/** Of the runs at two places; null where it isn't known (yet), or can't be. */
export type TestOf = (first: number, second: number) => PairedTest | null;

interface Measure {
  title: string;
  note?: string;
  of: (row: RunRow) => number | null;
  text: (row: RunRow) => string;
  high?: boolean;
  /** Whether the run at `best` is beyond noise better than the one at `other`. */
  beyond: (best: number, other: number) => boolean;
  why: { better: string; ahead: string };
  difference: (first: number, second: number) => string;
}

/** Times of the same training differ by some per cent from one time to the next. */
export const timingNoise = 0.1;

const signed = (value: number, text: string): string =>
  `${value < 0 ? '−' : value > 0 ? '+' : ''}${text}`;
const relative = (first: number, second: number): string =>
  first === 0 ? '' : signed(second - first, formatPercent(Math.abs(second / first - 1), 0));

function contest(rows: readonly RunRow[], measure: Measure): Contest {
  const { title, note = '', of, text, high = false } = measure;
  const known = rows.flatMap((row, index) => {
    const value = of(row);
    return value === null ? [] : [{ index, value, text: text(row) }];
  });
  const sorted = known.toSorted((a, b) => (high ? b.value - a.value : a.value - b.value));
  const best = sorted[0];
  // Numbers that look the same are the same.
  const others = sorted.filter((one) => one.text !== best?.text);
  const mark: Mark | null =
    best === undefined || others.length === 0
      ? null
      : others.every(({ index }) => measure.beyond(best.index, index))
        ? 'better'
        : 'ahead';
  const [first, second] = rows.map(of);
  return {
    title,
    note,
    values: rows.map((row) => ({
      text: text(row),
      mark: best !== undefined && of(row) !== null && text(row) === best.text ? mark : null,
    })),
    why: mark === null ? '' : measure.why[mark],
    difference:
      rows.length === 2 &&
      typeof first === 'number' &&
      typeof second === 'number' &&
      others.length > 0
        ? measure.difference(first, second)
        : '',
  };
}

const count = (value: number | null, format: (value: number) => string): string =>
  value === null ? missing : format(value);

/** The rows of the comparison. */
export function contests(rows: readonly RunRow[], testOf: TestOf): Contest[] {
  const shares = rows.every(
    ({ test, validation }) => mainScore(test ?? validation) === (test ?? validation)?.accuracy,
  );
  const points = (first: number, second: number): string =>
    shares
      ? signed(second - first, `${(100 * Math.abs(second - first)).toFixed(1)} pt`)
      : relative(first, second);
  const minus = (first: number, second: number): string =>
    signed(second - first, formatScore(Math.abs(second - first)));
  const test = rows.length > 1 ? testOf(0, 1) : null;
  const sameDevice = new Set(rows.map(({ device }) => device)).size === 1;
  const never = (): boolean => false;
  const always = (): boolean => true;
  const slower = (of: (row: RunRow) => number | null) => (best: number, other: number) => {
    const [fast = null, slow = null] = [best, other].map((index) => {
      const row = rows[index];
      return row === undefined ? null : of(row);
    });
    return sameDevice && fast !== null && slow !== null && slow > fast * (1 + timingNoise);
  };
  const timing = {
    better: `Lower by more than ${formatPercent(timingNoise, 0)}: more than timings vary`,
    ahead: sameDevice
      ? `Lower by less than ${formatPercent(timingNoise, 0)}: timings of the same training vary as much`
      : 'On another device',
  };
  const exact = { better: 'Lower, and the same every time', ahead: '' };
  return [
    contest(rows, {
      title: 'Test score',
      ...(test === null ? {} : { note: formatPlural(test.rows, 'test row') }),
      of: (row) => mainScore(row.test),
      text: (row) => scoreText(row.test),
      high: shares,
      beyond: (best, other) => {
        const found = testOf(best, other);
        return found !== null && found.p < significanceLevel;
      },
      why: {
        better: `Better beyond chance on the test rows (${test === null ? '' : `${test.name}, `}p < ${significanceLevel})`,
        ahead:
          test === null
            ? 'The better number, but nothing here says whether it is more than chance'
            : `The better number, but within what ${formatPlural(test.rows, 'test row')} can tell`,
      },
      difference: points,
    }),
    contest(rows, {
      title: 'Validation score',
      of: (row) => mainScore(row.validation),
      text: (row) => scoreText(row.validation),
      high: shares,
      beyond: never,
      why: { better: '', ahead: 'The better number, but the best epoch was chosen by this part' },
      difference: points,
    }),
    contest(rows, {
      title: 'Test loss',
      of: (row) => row.test?.loss ?? null,
      text: (row) => formatScore(row.test?.loss ?? null),
      beyond: never,
      why: { better: '', ahead: 'The better number of one seed each' },
      difference: minus,
    }),
    contest(rows, {
      title: 'Validation loss',
      of: (row) => row.validation?.loss ?? null,
      text: (row) => formatScore(row.validation?.loss ?? null),
      beyond: never,
      why: { better: '', ahead: 'The better number, but the best epoch was chosen by this part' },
      difference: minus,
    }),
    contest(rows, {
      title: 'Training time',
      note: epochsNote(rows),
      of: (row) => row.seconds,
      text: (row) => formatClock(row.seconds),
      beyond: slower((row) => row.seconds),
      why: timing,
      difference: relative,
    }),
    contest(rows, {
      title: 'Step time',
      of: (row) => row.millisecondsPerStep,
      text: (row) => count(row.millisecondsPerStep, (value) => `${formatScore(value)} ms`),
      beyond: slower((row) => row.millisecondsPerStep),
      why: timing,
      difference: relative,
    }),
    contest(rows, {
      title: 'Memory',
      note: 'tensors, peak',
      of: (row) => row.memory,
      text: (row) => count(row.memory, formatBytes),
      beyond: always,
      why: exact,
      difference: relative,
    }),
    contest(rows, {
      title: 'Parameters',
      of: (row) => row.parameters,
      text: (row) => count(row.parameters, formatCount),
      beyond: always,
      why: exact,
      difference: (first, second) => signed(second - first, formatCount(Math.abs(second - first))),
    }),
  ].filter(({ values }) => values.some(({ text }) => text !== missing));
}

/** `5 epochs`, or `5, 8 epochs` where they differ. */
function epochsNote(rows: readonly RunRow[]): string {
  const epochs = [...new Set(rows.map((row) => row.epochs))].filter((one) => one !== null);
  const [only] = epochs;
  if (only === undefined) return '';
  return epochs.length === 1
    ? formatPlural(only, 'epoch')
    : `${rows.map((row) => row.epochs ?? missing).join(', ')} epochs`;
}
