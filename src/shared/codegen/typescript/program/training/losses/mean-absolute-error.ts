import * as tf from '@tensorflow/tfjs';

/** Absolute error of each difference. */
export const lossOf = (difference: tf.Tensor1D): tf.Tensor1D => tf.abs(difference);
