import * as tf from '@tensorflow/tfjs';
import type { Random } from './random.ts';

/**
 * Inverted dropout: a share of the elements becomes 0, the others grow by 1 / (1 − rate).
 * @param random null leaves everything as it is.
 */
export function dropout<T extends tf.Tensor2D | tf.Tensor3D>(
  x: T,
  rate: number,
  random: Random | null,
): T {
  if (random === null || rate === 0) return x;
  return tf.mul(x, dropoutMask(x.shape, rate, random));
}

/** 0 with the probability `rate`, otherwise 1 / (1 − rate). */
export const dropoutMask = (shape: number[], rate: number, random: Random): tf.Tensor =>
  tf.tidy(() => tf.dropout(tf.ones(shape), rate, undefined, random.integer()));
