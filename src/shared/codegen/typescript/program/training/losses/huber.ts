import * as tf from '@tensorflow/tfjs';

/** d²/2 up to 1, then |d| − 1/2 (Huber 1964). */
export function lossOf(difference: tf.Tensor1D): tf.Tensor1D {
  const size = tf.abs(difference);
  const quadratic = tf.minimum<tf.Tensor1D>(size, 1);
  return tf.add(tf.mul(tf.square(quadratic), 0.5), tf.sub(size, quadratic));
}
