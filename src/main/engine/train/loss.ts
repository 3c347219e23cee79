/** What a head is trained on: the mean loss over real steps or rows, differentiable, and stable. */
import * as tf from '@tensorflow/tfjs-core';
import type { IrHead } from '#shared/ir/types';
import type { Batch } from '../data/types.js';
import type { Device } from '../devices/types.js';

export type LossTargets =
  | {
      kind: 'ids';
      /** One id a prediction: [B], or [B·T] for a head that predicts each step. */
      ids: Int32Array;
      /** 1 where the prediction counts, 0 at padding. */
      mask: Float32Array;
      /** Number of predictions that count. */
      count: number;
    }
  | {
      kind: 'values';
      /** [B·O], scaled. */
      values: Float32Array;
      persistence: Float32Array;
      /** Number of rows. */
      count: number;
    };

/** The batch's targets as the head needs them: a next-token head on the last step takes its target only. */
export function lossTargets(head: IrHead, batch: Batch): LossTargets {
  const { size, timeSteps, lengths, targets } = batch;
  if (targets.kind === 'values')
    return {
      kind: 'values',
      values: targets.values,
      persistence: targets.persistence,
      count: size,
    };
  if (targets.kind === 'class')
    return { kind: 'ids', ids: targets.ids, mask: new Float32Array(size).fill(1), count: size };
  if (head.perStep) {
    const mask = new Float32Array(size * timeSteps);
    let count = 0;
    for (let row = 0; row < size; row++) {
      const length = lengths?.[row] ?? timeSteps;
      mask.fill(1, row * timeSteps, row * timeSteps + length);
      count += length;
    }
    return { kind: 'ids', ids: targets.ids, mask, count };
  }
  const ids = new Int32Array(size);
  const mask = new Float32Array(size);
  let count = 0;
  for (let row = 0; row < size; row++) {
    const length = lengths?.[row] ?? timeSteps;
    if (length === 0) continue;
    ids[row] = targets.ids[row * timeSteps + length - 1] ?? 0;
    mask[row] = 1;
    count++;
  }
  return { kind: 'ids', ids, mask, count };
}

export interface Verdict {
  /** The mean, a scalar; 0 for a batch in which nothing counts. Weight penalties are not in it. */
  loss: tf.Scalar;
  /** What the metrics read: the predicted id of each prediction, or the predicted values. */
  predicted: tf.Tensor | Int32Array;
}

/**
 * @param logits the head's input. Differentiable under TF.js' tape.
 * @param classWeights by class id: Σ w[class]·loss over the number of predictions, as Keras' `class_weight`
 * has it (PyTorch's `CrossEntropyLoss(weight)` divides by Σ w instead). Null counts all the same.
 */
export function judge(
  device: Pick<Device, 'crossEntropy'>,
  head: IrHead,
  logits: tf.Tensor,
  targets: LossTargets,
  classWeights: readonly number[] | null = null,
): Verdict {
  if (targets.kind === 'ids') return crossEntropy(device, logits, targets, classWeights);
  const predicted = tf.reshape<tf.Rank.R1>(logits, [targets.values.length]);
  const loss = regression(head, predicted, targets.values);
  return { loss: tf.reshape<tf.Rank.R0>(loss, []), predicted: logits };
}

function crossEntropy(
  device: Pick<Device, 'crossEntropy'>,
  logits: tf.Tensor,
  { ids, mask, count }: LossTargets & { kind: 'ids' },
  classWeights: readonly number[] | null,
): Verdict {
  const classes = logits.shape.at(-1) ?? 1;
  const wrong = ids.find((id) => id >= classes);
  if (wrong !== undefined) throw new Error(`target ${wrong} for ${classes} classes`);
  const weights = mask.map((m, i) =>
    count === 0 ? 0 : ((classWeights?.[ids[i] ?? 0] ?? 1) * m) / count,
  );
  return device.crossEntropy(tf.reshape<tf.Rank.R2>(logits, [ids.length, classes]), {
    ids,
    weights,
  });
}

function regression(head: IrHead, predicted: tf.Tensor, values: Float32Array): tf.Tensor {
  const difference = tf.sub(predicted, tf.tensor1d(values));
  switch (head.loss) {
    case 'mean-squared-error':
      return tf.mean(tf.square(difference));
    case 'mean-absolute-error':
      return tf.mean(tf.abs(difference));
    case 'huber': {
      // Huber 1964 with δ = 1: d²/2 up to 1, then |d| − 1/2.
      const size = tf.abs(difference);
      const quadratic = tf.minimum(size, 1);
      return tf.mean(tf.add(tf.mul(tf.square(quadratic), 0.5), tf.sub(size, quadratic)));
    }
    case 'cross-entropy':
      throw new Error(`${head.node}: cross-entropy needs class targets`);
  }
}
