import * as tf from '@tensorflow/tfjs';

/** x Φ(x) (Hendrycks & Gimpel 2016), in its exact form. */
export const gelu = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
