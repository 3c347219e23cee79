/** Ranks that the IR verifier proved, for the type checker. */
import * as tf from '@tensorflow/tfjs-core';

const has2 = (x: tf.Tensor): x is tf.Tensor2D => x.rank === 2;
const has3 = (x: tf.Tensor): x is tf.Tensor3D => x.rank === 3;

export function as2D(x: tf.Tensor): tf.Tensor2D {
  if (!has2(x)) throw new Error(`expected a matrix, got [${x.shape.join(', ')}]`);
  return x;
}

export function as3D(x: tf.Tensor): tf.Tensor3D {
  if (!has3(x)) throw new Error(`expected [B,T,F], got [${x.shape.join(', ')}]`);
  return x;
}

export function as1DOr2D(x: tf.Tensor): tf.Tensor1D | tf.Tensor2D {
  return x.rank === 1 ? tf.reshape<tf.Rank.R1>(x, [x.size]) : as2D(x);
}

/** [...,I] · [I,O] → [...,O] as one matrix product over all leading axes. */
export function projectLast(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [inputs, outputs] = as2D(kernel).shape;
  const product = tf.matMul(tf.reshape(x, [x.size / inputs, inputs]), kernel);
  return tf.reshape(product, [...x.shape.slice(0, -1), outputs]);
}
