/** From a run's log to the points of its curves. x is in epochs: optimizer step / batches per epoch. */
import type { BatchRecord, EpochRecord, Scores } from './events.js';
import { formatPercent, formatScore } from '../format.js';

/** [epoch, value]; null where the number was not finite or not measured. */
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

function batchMetric(batch: BatchRecord, metric: Metric): number | null {
  // Perplexity is exp of the mean cross-entropy in nats, so a batch has one too.
  if (metric === 'perplexity') return batch.loss === null ? null : Math.exp(batch.loss);
  return batch[metric];
}

export function curvesOf(
  batches: readonly BatchRecord[],
  epochs: readonly EpochRecord[],
  metric: Metric | null,
): Curves {
  const last = batches.at(-1);
  const batchesPerEpoch = last?.batches ?? null;
  const at = (batch: BatchRecord): number => batch.step / batch.batches;
  const points = (value: (batch: BatchRecord) => number | null): Point[] =>
    batches.map((batch) => [at(batch), value(batch)]);
  const epochPoints = (value: (scores: Scores) => number | null): Point[] =>
    epochs.flatMap(({ epoch, validation }) =>
      validation === null ? [] : [[epoch, value(validation)] satisfies Point],
    );
  return {
    trainLoss: points((batch) => batch.loss),
    validationLoss: epochPoints((scores) => scores.loss),
    trainMetric: metric === null ? [] : points((batch) => batchMetric(batch, metric)),
    validationMetric: metric === null ? [] : epochPoints((scores) => scores[metric]),
    gradientNorm: points((batch) => batch.gradientNorm),
    learningRate: points((batch) => batch.learningRate),
    batchesPerEpoch,
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
