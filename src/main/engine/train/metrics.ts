/** Running sums over batches, and the scores they give. Host-side and exact: counts, not means of means. */
import { z } from 'zod';
import type { Scores } from '#shared/run/events';
import type { IrHead } from '#shared/ir/types';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { LossTargets } from './loss.js';

/** Sums so far. Saved in checkpoints, so that a resumed epoch reports what the whole epoch was. */
export const tallySchema = z.object({
  /** Sum of mean loss × count. */
  loss: z.number(),
  /** Predictions (rows or real steps). */
  count: z.number(),
  correct: z.number(),
  /** Forecast errors in the target's own units. */
  values: z.number(),
  absolute: z.number(),
  squared: z.number(),
  persistence: z.number(),
});
export type Tally = z.infer<typeof tallySchema>;

export const emptyTally = (): Tally => ({
  loss: 0,
  count: 0,
  correct: 0,
  values: 0,
  absolute: 0,
  squared: 0,
  persistence: 0,
});

/** Adds a batch. @param scales own units per scaled unit, for each target of a forecast. */
export function addBatch(
  tally: Tally,
  loss: number,
  predicted: ArrayLike<number>,
  targets: LossTargets,
  scales: readonly number[],
): Tally {
  const sum = { ...tally };
  sum.loss += loss * targets.count;
  sum.count += targets.count;
  if (targets.kind === 'ids') {
    targets.ids.forEach((id, i) => {
      if (targets.mask[i] === 1 && predicted[i] === id) sum.correct++;
    });
    return sum;
  }
  targets.values.forEach((value, i) => {
    const scale = scales[i % scales.length] ?? 1;
    const error = ((predicted[i] ?? 0) - value) * scale;
    sum.values++;
    sum.absolute += Math.abs(error);
    sum.squared += error * error;
    sum.persistence += Math.abs((targets.persistence[i] ?? 0) - value) * scale;
  });
  return sum;
}

/** NaN and infinities have no place in JSON. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function scoresOf(tally: Tally, head: IrHead): Scores {
  const forecast = head.loss !== 'cross-entropy';
  const loss = tally.loss / tally.count;
  return {
    loss: finite(loss),
    accuracy: forecast ? null : finite(tally.correct / tally.count),
    perplexity: head.task === 'next-token' ? finite(Math.exp(loss)) : null,
    meanAbsoluteError: forecast ? finite(tally.absolute / tally.values) : null,
    rootMeanSquaredError: forecast ? finite(Math.sqrt(tally.squared / tally.values)) : null,
    persistenceMeanAbsoluteError: forecast ? finite(tally.persistence / tally.values) : null,
  };
}

/** Own units per scaled unit of each target column; ones without a scaler. */
export function targetScales(preprocessing: Preprocessing): number[] {
  const { recipe, scaler } = preprocessing;
  if (recipe.task !== 'forecast') return [];
  return recipe.targetColumns.map(
    (name) => scaler?.columns.find((column) => column.name === name)?.scale ?? 1,
  );
}
