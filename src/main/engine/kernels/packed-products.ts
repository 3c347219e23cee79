/**
 * Matrix products of host arrays by the current TF.js backend's `MatMul`. What is made here is disposed
 * by hand: `tf.tidy` would look for tensors in every element of an array that it returns.
 */
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
  if (m === 0) return new Float32Array(0);
  const left = tf.tensor2d(rows, [m, rows.length / m]);
  const result = tf.matMul(left, weights);
  const values = host(result);
  tf.dispose([left, result]);
  return values;
}

/** aᵀ·b for a [m, k] and b [m, n] → [k, n], zeros where m is 0: a weight's gradient. */
export function transposedProduct(
  a: Float32Array,
  k: number,
  b: Float32Array,
  m: number,
  n: number,
): Float32Array {
  if (m === 0) return new Float32Array(k * n);
  const left = tf.tensor2d(a, [m, k]);
  const transposed = tf.transpose(left);
  const right = tf.tensor2d(b, [m, n]);
  const result = tf.matMul(transposed, right);
  const values = host(result);
  tf.dispose([left, transposed, right, result]);
  return values;
}
