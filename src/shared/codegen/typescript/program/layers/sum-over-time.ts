import * as tf from '@tensorflow/tfjs';

/** [B,T,F] → [B,F] over real steps; a row without steps gives zeros. */
export function sumOverTime(x: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(mask === undefined ? x : tf.mul(x, tf.expandDims(mask, 2)), 1);
}
