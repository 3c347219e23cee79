/** What the comparison of runs comes to, in words: the conclusion first, then what it rests on. */
import { formatCount, formatPercent, formatPlural, formatScore } from '#shared/format';
import type { ProjectDocument } from '#shared/graph/document';
import { significanceLevel, type PairedTest } from '#shared/run/significance';
import { recipeDifferences } from './differences.js';
import { mainScore, type RunRow } from '#shared/run/rows';
import { timingNoise, type TestOf } from './scoreboard.js';

export interface Verdict {
  headline: string;
  evidence: string;
}

export interface Side {
  name: string;
  row: RunRow;
  document: ProjectDocument | undefined;
}

/** @param asking whether the answers of the test part are still on their way. */
export function verdictOf(sides: readonly Side[], testOf: TestOf, asking: boolean): Verdict | null {
  const [first, second] = sides;
  if (first === undefined || second === undefined) return null;
  if (sides.length > 2) return verdictOfMany(sides, testOf, asking);
  const test = testOf(0, 1);
  const obstacle = obstacleOf(sides);
  const score = obstacle ?? scorePart(first, second, test, asking);
  const costs = costPart(first, second);
  return {
    headline: sentence(costs === '' ? score : `${score}; ${costs}`),
    evidence: [...evidence(first, second, test), sameness(first, second)].join(' '),
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Why the scores mean nothing beside each other; null where they do. */
function obstacleOf(sides: readonly Side[]): string | null {
  const [first] = sides;
  const data = sides.map(({ document }) => JSON.stringify(document?.data));
  if (data.some((one) => one !== data[0]))
    return 'the scores don’t compare: the runs had other data';
  if (sides.some(({ row }) => row.phase !== 'done')) return 'a run has not ended yet';
  return first?.row.test === null ? 'there is no test part to judge by' : null;
}

const isShare = ({ row }: Side): boolean =>
  row.test !== null && mainScore(row.test) === row.test.accuracy;
const scoreName = (side: Side): string =>
  isShare(side)
    ? 'accuracy'
    : typeof side.row.test?.perplexity === 'number'
      ? 'perplexity'
      : 'the error';

const points = (share: number): string => `${(100 * Math.abs(share)).toFixed(1)} points`;

function scorePart(first: Side, second: Side, test: PairedTest | null, asking: boolean): string {
  const [a, b] = [mainScore(first.row.test), mainScore(second.row.test)];
  if (asking) return 'the test part is being read…';
  if (a === null || b === null) return 'there is no test score to judge by';
  const name = scoreName(first);
  if (test === null)
    return a === b
      ? `${name} is the same`
      : `${name} is ${formatScore(a)} for ${first.name}, ${formatScore(b)} for ${second.name}`;
  if (test.p >= significanceLevel) return `${name} is a tie`;
  // A larger share is better, a smaller error.
  const better = isShare(first) === test.difference > 0 ? first : second;
  return isShare(first)
    ? `${better.name} is more accurate by ${points(test.difference)}`
    : `${better.name} is off by ${formatPercent(Math.abs(a - b) / Math.max(a, b), 0)} less`;
}

/** Who is cheaper, in time and in parameters. */
function costPart(first: Side, second: Side): string {
  const ratio = (of: (row: RunRow) => number | null): number | null => {
    const [a, b] = [of(first.row), of(second.row)];
    return a === null || b === null || a === 0 || b === 0 ? null : a / b;
  };
  const time = first.row.device === second.row.device ? ratio((row) => row.seconds) : null;
  const size = ratio((row) => row.parameters);
  const faster =
    time === null || Math.max(time, 1 / time) <= 1 + timingNoise
      ? null
      : { side: time > 1 ? second : first, text: `${Math.max(time, 1 / time).toFixed(1)}× faster` };
  const smaller =
    size === null || size === 1
      ? null
      : {
          side: size > 1 ? second : first,
          text: `${formatPercent(1 - Math.min(size, 1 / size), 0)} fewer parameters`,
        };
  if (faster !== null && smaller !== null)
    return faster.side === smaller.side
      ? `${faster.side.name} trained ${faster.text} with ${smaller.text}`
      : `${faster.side.name} trained ${faster.text}, ${smaller.side.name} has ${smaller.text}`;
  if (faster !== null) return `${faster.side.name} trained ${faster.text}`;
  if (smaller !== null) return `${smaller.side.name} has ${smaller.text}`;
  return '';
}

function evidence(first: Side, second: Side, test: PairedTest | null): string[] {
  if (test === null) return [];
  const p = `${test.name} p ${test.p < 0.001 ? '< 0.001' : `= ${test.p.toPrecision(2)}`}`;
  const apart = isShare(first)
    ? `${points(test.difference)} apart, ± ${points(test.margin)}`
    : `${formatScore(Math.abs(test.difference))} apart, ± ${formatScore(test.margin)}`;
  const rows = formatPlural(test.rows, 'test row');
  if (test.agreement === null) return [`${sentence(apart)}, on ${rows} (${p}).`];
  const { onlyFirst, onlySecond } = test.agreement;
  return [
    `${sentence(apart)}, on ${rows}: only ${first.name} has ${formatCount(onlyFirst)} right, ` +
      `only ${second.name} ${formatCount(onlySecond)} (${p}).`,
  ];
}

/** What was held the same, and what was not. */
function sameness(first: Side, second: Side): string {
  if (first.document === undefined || second.document === undefined) return '';
  const different = recipeDifferences(first.document, second.document).map(({ what }) => what);
  const parts = [
    ...(different.length > 0 ? [`Not the same: ${different.join(', ')}.`] : []),
    ...(first.row.seed !== second.row.seed
      ? [`Seeds ${first.row.seed} and ${second.row.seed}.`]
      : []),
    ...[first, second]
      .filter(({ row }) => row.phase === 'done' && row.state === 'Stopped')
      .map(({ name }) => `${name} was stopped by hand.`),
    ...(first.row.device !== second.row.device
      ? ['On different devices: times don’t compare.']
      : []),
  ];
  return parts.length === 0 ? 'Same data, split, recipe and seed.' : parts.join(' ');
}

function verdictOfMany(sides: readonly Side[], testOf: TestOf, asking: boolean): Verdict {
  const obstacle = obstacleOf(sides);
  const fastest = cheapest(sides, (row) => row.seconds);
  const smallest = cheapest(sides, (row) => row.parameters);
  const costs = [
    ...(fastest === null ? [] : [`${fastest} trained fastest`]),
    ...(smallest === null ? [] : [`${smallest} has the fewest parameters`]),
  ].join(', ');
  const high = sides.every(isShare);
  const scored = sides
    .map((side, index) => ({ name: side.name, index, score: mainScore(side.row.test) }))
    .filter((one): one is typeof one & { score: number } => one.score !== null)
    .sort((a, b) => (high ? b.score - a.score : a.score - b.score));
  const [best, ...others] = scored;
  const tests = best === undefined ? [] : others.map(({ index }) => testOf(best.index, index));
  const beaten = tests.filter((test) => test !== null && test.p < significanceLevel).length;
  const score =
    obstacle ??
    (asking
      ? 'the test part is being read…'
      : best === undefined || others.length === 0 || tests.includes(null)
        ? 'nothing says whether the scores differ by more than chance'
        : beaten === others.length
          ? `${best.name} is the best`
          : beaten === 0
            ? 'the test rows can’t tell the runs apart from the best one'
            : `${best.name} leads, and ${formatPlural(others.length - beaten, 'other')} can’t be told from it`);
  const rows = tests.find((test) => test !== null)?.rows;
  return {
    headline: sentence(costs === '' ? score : `${score}; ${costs}`),
    evidence:
      rows === undefined
        ? ''
        : `The best test score against each other run, on ${formatPlural(rows, 'test row')}, p < ${significanceLevel} each.`,
  };
}

/** Null where nobody is clearly below all others. */
function cheapest(sides: readonly Side[], of: (row: RunRow) => number | null): string | null {
  const known = sides
    .flatMap(({ name, row }) => {
      const value = of(row);
      return value === null ? [] : [{ name, value }];
    })
    .sort((a, b) => a.value - b.value);
  const [least, next] = known;
  return least !== undefined && next !== undefined && next.value > least.value * (1 + timingNoise)
    ? least.name
    : null;
}
