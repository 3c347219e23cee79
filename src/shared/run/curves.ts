/** From a run's log to the points of its curves. */
import type { BatchRecord, EpochRecord, Scores } from './events.js';
import { formatPercent, formatScore } from '../format.js';

/** [x, value]; null where the number was not finite or not measured. */
export type Point = [x: number, y: number | null];

export type Metric = 'accuracy' | 'perplexity' | 'meanAbsoluteError';

export const metricTitles: Record<Metric, string> = {
  accuracy: 'Accuracy',
  perplexity: 'Perplexity',
  meanAbsoluteError: 'Mean absolute error',
};

export const metricIsBetterHigh = (metric: Metric): boolean => metric === 'accuracy';

export const formatMetric = (metric: Metric, value: number | null): string =>
  metric === 'accuracy' ? formatPercent(value) : formatScore(value);

export interface Curves {
  trainLoss: Point[];
  validationLoss: Point[];
  trainMetric: Point[];
  validationMetric: Point[];
  gradientNorm: Point[];
  learningRate: Point[];
  batchesPerEpoch: number | null;
  /** A branch's parent may have had another batch size: its step less what its epochs would come to. */
  stepsAhead: number;
}

/** The metrics that a run measures; the first one is shown unless the reader chooses. */
export function metricsOf(
  batches: readonly BatchRecord[],
  epochs: readonly EpochRecord[],
): Metric[] {
  const scores = epochs.at(-1)?.train;
  const batch = batches.at(-1);
  if (batch === undefined && scores === undefined) return [];
  if ((batch?.meanAbsoluteError ?? scores?.meanAbsoluteError ?? null) !== null) {
    return ['meanAbsoluteError'];
  }
  const found: Metric[] = [];
  if ((batch?.accuracy ?? scores?.accuracy ?? null) !== null) found.push('accuracy');
  // Known from the first epoch on; it comes last, so that the lane does not change under the reader.
  if ((scores?.perplexity ?? null) !== null) found.push('perplexity');
  return found;
}

/** Epochs done, with their fraction. Not from the step: a branch may have another batch size. */
export const epochOf = ({ epoch, batch, batches }: BatchRecord): number =>
  epoch - 1 + batch / batches;

/** What x is: epochs done with their fraction, optimizer steps, or time of training without pauses. */
export type CurveAxis = 'epoch' | 'step' | 'second' | 'minute' | 'hour';

const xOf: Record<CurveAxis, (record: BatchRecord | EpochRecord) => number> = {
  epoch: (record) => (record.type === 'batch' ? epochOf(record) : record.epoch),
  step: ({ step }) => step,
  second: ({ elapsed }) => elapsed,
  minute: ({ elapsed }) => elapsed / 60,
  hour: ({ elapsed }) => elapsed / 3600,
};

function batchMetric(batch: BatchRecord, metric: Metric): number | null {
  // Perplexity is exp of the mean cross-entropy in nats, so a batch has one too.
  if (metric === 'perplexity') return batch.loss === null ? null : Math.exp(batch.loss);
  return batch[metric];
}

/** The columns drawn from a log so far. A log only grows, so a column goes on where it ended. */
const columns = new WeakMap<readonly BatchRecord[], Map<string, Point[]>>();

function column(
  batches: readonly BatchRecord[],
  axis: CurveAxis,
  of: string,
  value: (batch: BatchRecord) => number | null,
): Point[] {
  const name = `${of} by ${axis}`;
  const known = columns.get(batches) ?? new Map<string, Point[]>();
  columns.set(batches, known);
  const points = known.get(name) ?? [];
  known.set(name, points);
  for (const batch of batches.slice(points.length)) points.push([xOf[axis](batch), value(batch)]);
  return points;
}

/**
 * @param batches grows at its end only; a log that is rewound is a new array. The points of the batches
 * are the same arrays each time and grow with it, so that one more batch costs one more point.
 */
export function curvesOf(
  batches: readonly BatchRecord[],
  epochs: readonly EpochRecord[],
  metric: Metric | null,
  axis: CurveAxis = 'epoch',
): Curves {
  const last = batches.at(-1);
  const epochPoints = (value: (scores: Scores) => number | null): Point[] =>
    epochs.flatMap((record) =>
      record.validation === null
        ? []
        : [[xOf[axis](record), value(record.validation)] satisfies Point],
    );
  return {
    trainLoss: column(batches, axis, 'loss', (batch) => batch.loss),
    validationLoss: epochPoints((scores) => scores.loss),
    trainMetric:
      metric === null ? [] : column(batches, axis, metric, (batch) => batchMetric(batch, metric)),
    validationMetric: metric === null ? [] : epochPoints((scores) => scores[metric]),
    gradientNorm: column(batches, axis, 'gradientNorm', (batch) => batch.gradientNorm),
    learningRate: column(batches, axis, 'learningRate', (batch) => batch.learningRate),
    batchesPerEpoch: last?.batches ?? null,
    stepsAhead: last === undefined ? 0 : last.step - Math.round(epochOf(last) * last.batches),
  };
}

/** The last value that is a number. */
export const lastValue = (points: readonly Point[]): number | null =>
  points.findLast(([, y]) => y !== null)?.[1] ?? null;

/** The point nearest to x, by binary search over ascending x; null for no points. */
export function nearest(points: readonly Point[], x: number): Point | null {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = points[middle];
    if (here !== undefined && here[0] < x) low = middle + 1;
    else high = middle;
  }
  const right = points[low];
  const left = points[low - 1];
  if (right === undefined) return null;
  return left !== undefined && x - left[0] < right[0] - x ? left : right;
}
