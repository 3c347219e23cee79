import * as tf from '@tensorflow/tfjs';

/** Squared error of each difference. */
export const lossOf = (difference: tf.Tensor1D): tf.Tensor1D => tf.square(difference);
