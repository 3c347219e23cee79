/**
 * Softmax cross-entropy's contract: the loss, its gradient and the predicted classes. Every device brings
 * one; here is the one in TF.js' ops, for any backend.
 */
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../compile/gradient.js';

export interface CrossEntropyTargets {
  /** [N], the right class of each row, below C. */
  ids: Int32Array;
  /** [N], each row's share of the loss; what has 0 is left out. */
  weights: Float32Array;
}

export interface CrossEntropyOutputs {
  /** −Σ weight·log softmax(logits)[id], differentiable under TF.js' tape. */
  loss: tf.Scalar;
  /** [N]: the class with the highest score, the first of equal ones. */
  predicted: tf.Tensor | Int32Array;
}

/** @param logits [N, C]. */
export type CrossEntropyKernel = (
  logits: tf.Tensor2D,
  targets: CrossEntropyTargets,
) => CrossEntropyOutputs;

/**
 * The weighted targets come from the host (wasm's one-hot writes integers only), and the gradient is the
 * closed form weight·(softmax − y).
 */
export const crossEntropyInOps: CrossEntropyKernel = (logits, { ids, weights }) => {
  const [rows, classes] = logits.shape;
  const weighted = new Float32Array(rows * classes);
  ids.forEach((id, row) => {
    weighted[row * classes + id] = weights[row] ?? 0;
  });
  const y = tf.tensor2d(weighted, [rows, classes]);
  const w = tf.tensor2d(weights, [rows, 1]);
  const loss = withGradient(
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
  return { loss: tf.reshape<tf.Rank.R0>(loss, []), predicted: tf.argMax(logits, -1) };
};
