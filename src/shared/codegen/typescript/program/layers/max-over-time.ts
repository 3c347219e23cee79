import * as tf from '@tensorflow/tfjs';
import { withGradient } from './gradient.ts';

/** Less than any real value. */
const lowest = -1e30;

/** [B,T,F] → [B,F] over real steps; a row without steps gives zeros. */
export function maxOverTime(x: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor2D {
  if (mask === undefined) return firstMaximum(x);
  const padding = tf.expandDims(tf.mul(tf.sub(1, mask), lowest), 2);
  return tf.mul(firstMaximum(tf.add(x, padding)), tf.max(mask, 1, true));
}

/** The gradient goes to the first of equal maxima; TF.js' own gives each of them all of it. */
function firstMaximum(x: tf.Tensor3D): tf.Tensor2D {
  const [batch, steps, features] = x.shape;
  const maximum = withGradient(
    x,
    (sequence) => ({ value: tf.max(sequence, 1), kept: tf.argMax(sequence, 1) }),
    (dy, winners) => {
      const chosen = tf.cast(tf.oneHot(winners, steps), 'float32');
      return tf.mul(tf.transpose(chosen, [0, 2, 1]), tf.expandDims(dy, 1));
    },
  );
  return tf.reshape<tf.Rank.R2>(maximum, [batch, features]);
}
