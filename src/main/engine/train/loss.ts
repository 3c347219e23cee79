/** What a head is trained on: the mean loss over real steps or rows, differentiable, and stable. */
import * as tf from '@tensorflow/tfjs-core';
import type { IrHead } from '#shared/ir/types';
import { withGradient } from '../compile/gradient.js';
import type { Batch } from '../data/types.js';

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

/** The mean loss, a scalar; 0 for a batch in which nothing counts. Weight penalties are not in it. */
export function meanLoss(head: IrHead, logits: tf.Tensor, targets: LossTargets): tf.Scalar {
  return tf.reshape<tf.Rank.R0>(
    targets.kind === 'ids'
      ? crossEntropy(tf.reshape(logits, [targets.ids.length, -1]), targets)
      : regression(head, tf.reshape(logits, [targets.values.length]), targets.values),
    [],
  );
}

/**
 * −Σ w·log softmax(z)[target] with w = mask / count, over logits [N,C]. The weighted targets come from
 * the host (wasm's one-hot writes integers only), and the gradient is the closed form w·(softmax − y).
 */
function crossEntropy(logits: tf.Tensor, targets: LossTargets & { kind: 'ids' }): tf.Tensor {
  const { ids, mask, count } = targets;
  const classes = logits.shape.at(-1) ?? 1;
  const weights = mask.map((m) => (count === 0 ? 0 : m / count));
  const weighted = new Float32Array(ids.length * classes);
  ids.forEach((id, row) => {
    if (id >= classes) throw new Error(`target ${id} for ${classes} classes`);
    weighted[row * classes + id] = weights[row] ?? 0;
  });
  const y = tf.tensor2d(weighted, [ids.length, classes]);
  const w = tf.tensor2d(weights, [ids.length, 1]);
  return withGradient(
    logits,
    (z) => {
      const shifted = tf.sub(z, tf.max(z, -1, true));
      const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
      return {
        value: tf.neg(tf.sum(tf.mul(y, logProbabilities))),
        saved: [logProbabilities, y, w],
      };
    },
    (dy, [logProbabilities, yKept, wKept]) => {
      if (logProbabilities === undefined || yKept === undefined || wKept === undefined)
        throw new Error('unreachable: they were saved');
      return tf.mul(dy, tf.sub(tf.mul(tf.exp(logProbabilities), wKept), yKept));
    },
  );
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

/** What the metrics read back: the predicted id of each prediction, or the predicted values. */
export function predictions(head: IrHead, logits: tf.Tensor): tf.Tensor {
  return head.loss === 'cross-entropy' ? tf.argMax(logits, -1) : logits;
}
