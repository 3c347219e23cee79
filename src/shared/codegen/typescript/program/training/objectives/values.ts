/** What the network is trained on, and what people look at: the mean absolute error in own units. */
import * as tf from '@tensorflow/tfjs';
import type { Batch } from './data.ts';
import { lossOf } from './regression-loss.ts';

export const metric = { name: 'mean absolute error', higherIsBetter: false };

/** Number of rows. */
export const countOf = ({ input }: Batch): number => input.shape[0];

/** Mean over all scaled values, from the network's output [B, horizon · targets]. */
export const meanLoss = (output: tf.Tensor, { targets }: Batch): tf.Scalar =>
  tf.mean(lossOf(tf.sub(tf.reshape<tf.Rank.R1>(output, [targets.length]), tf.tensor1d(targets))));

/** Sum over the rows, in the targets' own units. */
export function metricSum(output: Float32Array, batch: Batch): number {
  const { targets, scales } = batch;
  let sum = 0;
  targets.forEach((target, i) => {
    sum += Math.abs(output[i] - target) * scales[i % scales.length];
  });
  return sum / (targets.length / countOf(batch));
}
