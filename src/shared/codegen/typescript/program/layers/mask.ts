import * as tf from '@tensorflow/tfjs';

/** [B,T]: 1 at real steps, 0 at the padding behind a row's length. */
export function stepMask(lengths: ArrayLike<number>, steps: number): tf.Tensor2D {
  const mask = new Float32Array(lengths.length * steps);
  for (let row = 0; row < lengths.length; row++)
    mask.fill(1, row * steps, row * steps + lengths[row]);
  return tf.tensor2d(mask, [lengths.length, steps]);
}
