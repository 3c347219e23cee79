import * as tf from '@tensorflow/tfjs';

/** [B,T,F] → [B,F] over real steps; a row without steps gives zeros. */
export function meanOverTime(x: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor2D {
  if (mask === undefined) return tf.mean(x, 1);
  const steps = tf.maximum(tf.sum(mask, 1, true), 1);
  return tf.sum(tf.mul(x, tf.expandDims(tf.div(mask, steps), 2)), 1);
}
