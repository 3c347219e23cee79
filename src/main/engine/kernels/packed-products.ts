/** Matrix products of host arrays by the current TF.js backend's `MatMul`. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The tensor's values. Read only: on the cpu backend this is the tensor's own memory. */
export function host(tensor: Tensor): Float32Array {
  const values = tensor.dataSync();
  if (!(values instanceof Float32Array)) throw new Error('recurrent kernel: expected float32');
  return values;
}

/** rows [m, k] · weights [k, n] → [m, n]. */
export function product(rows: Float32Array, m: number, weights: Tensor): Float32Array {
  return tf.tidy(() => host(tf.matMul(tf.tensor2d(rows, [m, rows.length / m]), weights)));
}

/** aᵀ·b for a [m, k], b [m, n] → [k, n]: a weight's gradient. */
export function transposedProduct(a: Float32Array, b: Float32Array, m: number): Float32Array {
  return tf.tidy(() => {
    const left = tf.transpose(tf.tensor2d(a, [m, a.length / m]));
    return host(tf.matMul(left, tf.tensor2d(b, [m, b.length / m])));
  });
}
