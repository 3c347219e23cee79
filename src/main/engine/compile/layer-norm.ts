/** Layer normalisation over the last axis (Ba et al. 2016), with its gradient in closed form. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** @param gamma with `beta` [F], for the last axis of `input`. */
export function layerNorm(input: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  return tf.customGrad((...args) => {
    const save = args.at(-1);
    if (typeof save !== 'function') throw new Error('customGrad passed no save function');
    const centred = tf.sub(input, tf.mean(input, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normal = tf.mul(centred, scale);
    save([normal, scale, gamma]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy: Tensor, saved: Tensor[]) => gradients(dy, saved),
    };
  })(input, gamma, beta);
}

/** With respect to input, gamma and beta. */
function gradients(dy: Tensor, [normal, scale, gamma]: Tensor[]): Tensor[] {
  if (!normal || !scale || !gamma) throw new Error('customGrad lost what was saved');
  const dNormal = tf.mul(dy, gamma);
  const along = tf.mul(normal, tf.mean(tf.mul(dNormal, normal), -1, true));
  const across = tf.sub(dNormal, tf.mean(dNormal, -1, true));
  return [
    tf.mul(tf.sub(across, along), scale),
    overRows(tf.mul(dy, normal), gamma),
    overRows(dy, gamma),
  ];
}

/** Sums of all rows, in the shape of `like`; TF.js' wasm backend transposes before it sums over rows. */
function overRows(tensor: Tensor, like: Tensor): Tensor {
  const rows = tensor.size / like.size;
  const sums = tf.matMul(tf.ones<tf.Rank.R2>([1, rows]), tf.reshape(tensor, [rows, like.size]));
  return tf.reshape(sums, like.shape);
}
