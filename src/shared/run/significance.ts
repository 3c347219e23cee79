/**
 * Whether the test part can tell two runs apart. Both answered the same rows, so the tests are paired. They
 * are about the rows only: another seed may move a score too.
 */
import type { ClassResults, ForecastResults, Results } from './results.js';

/** Of each four, how many test rows. */
export interface Agreement {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  neither: number;
}

export interface PairedTest {
  name: 'exact McNemar' | 'z-test by row' | 'Diebold–Mariano';
  /** First minus second: of the share that is right, or of the mean absolute error. */
  difference: number;
  /** Half the width of the 95 % interval around the difference. */
  margin: number;
  /** Two-sided. */
  p: number;
  rows: number;
  /** For rows that are right or wrong as a whole. */
  agreement: Agreement | null;
}

/** What is taken as beyond chance. */
export const significanceLevel = 0.05;
/** Standard normal quantile of 97.5 %. */
const z95 = 1.959964;

/** Null where the results are of different kinds or rows, or of a task without scored rows. */
export function pairedTest(first: Results, second: Results): PairedTest | null {
  if (first.kind === 'classes' && second.kind === 'classes') return classTest(first, second);
  if (first.kind === 'forecast' && second.kind === 'forecast') return forecastTest(first, second);
  return null;
}

function classTest(first: ClassResults, second: ClassResults): PairedTest | null {
  const rows = first.perRow.length;
  const sameRows =
    rows === second.perRow.length &&
    first.perRow.every(({ total }, row) => total === second.perRow[row]?.total);
  if (rows === 0 || !sameRows) return null;
  if (first.unit === 'token') return byRow(first, second);
  const count = (a: boolean, b: boolean): number =>
    first.perRow.filter(
      ({ right }, row) => right > 0 === a && (second.perRow[row]?.right ?? 0) > 0 === b,
    ).length;
  const agreement: Agreement = {
    both: count(true, true),
    onlyFirst: count(true, false),
    onlySecond: count(false, true),
    neither: count(false, false),
  };
  const { onlyFirst: b, onlySecond: c } = agreement;
  return {
    name: 'exact McNemar',
    difference: (b - c) / rows,
    margin: pairedMargin(b, c, rows),
    p: exactMcNemar(b, c),
    rows,
    agreement,
  };
}

/**
 * McNemar 1947 with the exact binomial distribution: were the two equally good, each row that only one has
 * right would be either's with a probability of one half.
 */
export function exactMcNemar(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  let tail = 0;
  // log C(trials, k) − trials · log 2, so that nothing overflows.
  let logTerm = -trials * Math.LN2;
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((trials - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

/** 95 %, after Agresti & Min 2005: Wald's interval with half a row more in each of the four counts. */
function pairedMargin(b: number, c: number, rows: number): number {
  const [only, other, n] = [b + 0.5, c + 0.5, rows + 2];
  return (z95 * Math.sqrt(only + other - (only - other) ** 2 / n)) / n;
}

/** Tokens of a row depend on each other: rows are the units (the ratio estimator's variance). */
function byRow(first: ClassResults, second: ClassResults): PairedTest {
  const tokens = first.perRow.reduce((sum, { total }) => sum + total, 0);
  const gains = first.perRow.map(({ right }, row) => right - (second.perRow[row]?.right ?? 0));
  const difference = gains.reduce((sum, gain) => sum + gain, 0) / tokens;
  const squares = first.perRow.reduce(
    (sum, { total }, row) => sum + ((gains[row] ?? 0) - difference * total) ** 2,
    0,
  );
  return {
    name: 'z-test by row',
    ...zTest(difference, Math.sqrt(squares) / tokens),
    rows: gains.length,
    agreement: null,
  };
}

/**
 * Diebold & Mariano 1995 on the absolute errors one step ahead, with the variance of Newey & West 1987:
 * errors of neighbouring windows depend on each other.
 */
function forecastTest(first: ForecastResults, second: ForecastResults): PairedTest | null {
  const rows = first.targets[0]?.actual.length ?? 0;
  const aligned =
    first.targets.length === second.targets.length &&
    first.targets.every(({ actual }, target) =>
      actual.every((value, row) => value === second.targets[target]?.actual[row]),
    );
  if (rows < 2 || !aligned) return null;
  const error = ({ targets }: ForecastResults, row: number): number =>
    targets.reduce(
      (sum, { actual, predicted }) =>
        sum + Math.abs((predicted[row] ?? 0) - (actual[row] ?? 0)) / targets.length,
      0,
    );
  const losses = Array.from({ length: rows }, (_, row) => error(first, row) - error(second, row));
  const difference = losses.reduce((sum, loss) => sum + loss, 0) / rows;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let row = lag; row < rows; row++)
      sum += ((losses[row] ?? 0) - difference) * ((losses[row - lag] ?? 0) - difference);
    return sum / rows;
  };
  const lags = Math.min(
    rows - 1,
    Math.max(first.horizon - 1, Math.floor(4 * (rows / 100) ** (2 / 9))),
  );
  let variance = covariance(0);
  for (let lag = 1; lag <= lags; lag++) variance += 2 * (1 - lag / (lags + 1)) * covariance(lag);
  return {
    name: 'Diebold–Mariano',
    ...zTest(difference, Math.sqrt(Math.max(0, variance) / rows)),
    rows,
    agreement: null,
  };
}

function zTest(difference: number, error: number): Pick<PairedTest, 'difference' | 'margin' | 'p'> {
  const p = error > 0 ? twoSided(difference / error) : difference === 0 ? 1 : 0;
  return { difference, margin: z95 * error, p };
}

/** 2 (1 − Φ(|z|)); Abramowitz & Stegun 7.1.26, off by less than 2e-7. */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp(-x * x);
}
