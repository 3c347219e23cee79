/** A forecast further ahead than the network was trained for: its own predictions are fed back. */
import * as tf from '@tensorflow/tfjs-core';
import type { ForecastRecipe } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import type { RollOut } from '#shared/run/prediction';
import type { Model } from '../compile/model.js';
import { unscaleTargets } from '../data/encode.js';
import type { PreparedData } from '../data/types.js';
import { yieldToEventLoop } from '../train/control.js';
import type { TrainedRun } from './load.js';

/** Windows of the test part that are measured at most, evenly spaced, and windows of one forward pass. */
const mostWindows = 512;
const batchSize = 128;

/** Input columns that the network does not predict: fed back, they stay at their last value. */
export const heldColumns = ({ inputColumns, targetColumns }: ForecastRecipe): string[] =>
  inputColumns.filter((name) => !targetColumns.includes(name));

/**
 * @param windows [B·T·F] scaled.
 * @param horizon steps ahead, K.
 * @returns [B·K·targets] scaled. The first `recipe.horizon` steps are the network's own; each further
 * block of as many comes from a window that ends with what was predicted before it.
 * @throws the signal's reason.
 */
export async function rollOut(
  model: Model,
  recipe: ForecastRecipe,
  windows: Float32Array,
  horizon: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { window: timeSteps, inputColumns, targetColumns } = recipe;
  const features = inputColumns.length;
  const targets = targetColumns.length;
  const size = windows.length / (timeSteps * features);
  // [B][T + K][F]: the window, and behind it what is fed back.
  const rows = timeSteps + horizon;
  const series = new Float32Array(size * rows * features);
  for (let b = 0; b < size; b++)
    series.set(
      windows.subarray(b * timeSteps * features, (b + 1) * timeSteps * features),
      b * rows * features,
    );
  const sources = inputColumns.map((name) => targetColumns.indexOf(name));
  const predicted = new Float32Array(size * horizon * targets);
  for (let done = 0; done < horizon; done += recipe.horizon) {
    signal?.throwIfAborted();
    const values = new Float32Array(windows.length);
    for (let b = 0; b < size; b++) {
      const from = (b * rows + done) * features;
      values.set(series.subarray(from, from + timeSteps * features), b * timeSteps * features);
    }
    const input = { kind: 'features' as const, values, features };
    const output = tf.tidy(() =>
      tf.clone(model.forward({ size, timeSteps, input, lengths: null }, null).logits),
    );
    const ahead = await output.data();
    output.dispose();
    const steps = Math.min(recipe.horizon, horizon - done);
    for (let b = 0; b < size; b++)
      for (let step = 0; step < steps; step++) {
        const own = (b * recipe.horizon + step) * targets;
        const to = b * horizon + done + step;
        predicted.set(ahead.subarray(own, own + targets), to * targets);
        const row = (b * rows + timeSteps + done + step) * features;
        sources.forEach((target, feature) => {
          series[row + feature] =
            (target === -1 ? series[row - features + feature] : ahead[own + target]) ?? NaN;
        });
      }
    await yieldToEventLoop();
  }
  return predicted;
}

/** The rows of the target columns from `first` on, in their own units; at most `count`. */
export function actualRows(
  { raw }: PreparedData,
  { targetColumns }: ForecastRecipe,
  first: number,
  count: number,
): number[][] {
  if (raw.kind !== 'series') return [];
  const columns = targetColumns.map(
    (name) => raw.columns.find((column) => column.name === name)?.values ?? new Float64Array(),
  );
  const last = Math.min(first + count, columns[0]?.length ?? 0);
  return Array.from({ length: Math.max(0, last - first) }, (_, step) =>
    columns.map((values) => values[first + step] ?? NaN),
  );
}

/**
 * The mean errors by step ahead on the test part, beside those of repeating the last value. Every step is
 * measured on the same windows: those whose whole future is known.
 *
 * @throws StudioError `no-test-part`, `horizon-too-long`; the signal's reason.
 */
export async function measureRollOut(
  { model, preprocessing }: TrainedRun,
  data: PreparedData,
  horizon: number,
  signal: AbortSignal,
): Promise<RollOut> {
  const { recipe } = preprocessing;
  if (recipe.task !== 'forecast' || data.raw.kind !== 'series')
    throw new StudioError('wrong-input', 'This network does not forecast.');
  const starts = data.raw.starts.test;
  if (starts.length === 0)
    throw new StudioError(
      'no-test-part',
      'There is no test part to measure the error on.',
      'Give the project a test share above 0 and train again.',
    );
  const rows = data.raw.columns[0]?.values.length ?? 0;
  const longest = rows - recipe.window - (starts[0] ?? 0);
  const whole = Array.from(starts.keys()).filter(
    (index) => (starts[index] ?? 0) + recipe.window + horizon <= rows,
  );
  if (whole.length === 0)
    throw new StudioError(
      'horizon-too-long',
      `No test window has ${horizon} known rows behind it.`,
      `Choose at most ${longest} steps.`,
    );
  const every = Math.ceil(whole.length / mostWindows);
  const measured = whole.filter((_, i) => i % every === 0);
  const targets = recipe.targetColumns.length;
  const sums = Array.from({ length: horizon }, () =>
    recipe.targetColumns.map(() => ({ meanAbsolute: 0, persistence: 0 })),
  );
  for (let at = 0; at < measured.length; at += batchSize) {
    const indices = measured.slice(at, at + batchSize);
    const { input } = data.test.batch(indices);
    if (input.kind !== 'features') throw new Error('a forecast reads numbers');
    const predicted = await rollOut(model, recipe, input.values, horizon, signal);
    for (const [b, index] of indices.entries()) {
      const own = predicted.slice(b * horizon * targets, (b + 1) * horizon * targets);
      const values = unscaleTargets(preprocessing, own);
      const next = (starts[index] ?? 0) + recipe.window;
      const [last = [], ...actual] = actualRows(data, recipe, next - 1, horizon + 1);
      for (const [step, row] of actual.entries())
        for (const [target, sum] of (sums[step] ?? []).entries()) {
          const truth = row[target] ?? NaN;
          sum.meanAbsolute += Math.abs((values[step]?.[target] ?? NaN) - truth) / measured.length;
          sum.persistence += Math.abs((last[target] ?? NaN) - truth) / measured.length;
        }
    }
  }
  return {
    windows: measured.length,
    held: heldColumns(recipe),
    targets: recipe.targetColumns.map((name, target) => ({
      name,
      byStep: sums.map((step) => step[target] ?? { meanAbsolute: NaN, persistence: NaN }),
    })),
  };
}
