import * as tf from '@tensorflow/tfjs';

/** [B,T,F] → [B,F] at the last real step; a row without steps gives zeros. */
export function lastStep(x: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor2D {
  const [batch, steps, features] = x.shape;
  if (mask === undefined)
    return tf.reshape<tf.Rank.R2>(tf.slice(x, [0, steps - 1, 0], [batch, 1, features]), [
      batch,
      features,
    ]);
  // The last real step is where the mask falls to 0 behind it.
  const following = tf.slice(
    tf.pad(mask, [
      [0, 0],
      [0, 1],
    ]),
    [0, 1],
    [batch, steps],
  );
  return tf.sum(tf.mul(x, tf.expandDims(tf.sub(mask, following), 2)), 1);
}
