/** What the network is trained on: cross-entropy. What people look at: accuracy. */
import * as tf from '@tensorflow/tfjs';
import type { Batch } from './data.ts';

export const metric = { name: 'accuracy', higherIsBetter: true };

/** Number of predictions that count. */
export const countOf = ({ mask }: Batch): number => mask.reduce((sum, one) => sum + one, 0);

/** Mean of −log p(target) over the predictions that count, from logits [B,C] or [B,T,C]. */
export const meanLoss = (logits: tf.Tensor, batch: Batch): tf.Scalar =>
  crossEntropy(logits, batch, null);

/** The same with each prediction times the weight of its class; the mean is over their number. */
export const weightedLoss =
  (classWeights: readonly number[]) =>
  (logits: tf.Tensor, batch: Batch): tf.Scalar =>
    crossEntropy(logits, batch, classWeights);

function crossEntropy(
  logits: tf.Tensor,
  batch: Batch,
  classWeights: readonly number[] | null,
): tf.Scalar {
  const { targets, mask } = batch;
  const classes = logits.shape[logits.rank - 1];
  const rows = tf.reshape<tf.Rank.R2>(logits, [targets.length, classes]);
  const count = Math.max(1, countOf(batch));
  const weights = tf.tensor2d(
    mask.map((one, i) => ((classWeights?.[targets[i]] ?? 1) * one) / count),
    [targets.length, 1],
  );
  const chosen = tf.mul(tf.oneHot(tf.tensor1d(targets, 'int32'), classes), weights);
  const sum: tf.Scalar = tf.sum(tf.mul(tf.logSoftmax(rows), chosen));
  return tf.neg(sum);
}

/** Sum over the predictions that count. */
export function metricSum(logits: Float32Array, { targets, mask }: Batch): number {
  const classes = logits.length / targets.length;
  let correct = 0;
  targets.forEach((target, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    if (mask[i] === 1 && row.indexOf(row.reduce((a, b) => Math.max(a, b))) === target) correct++;
  });
  return correct;
}
