/**
 * Layer normalisation's contract (Ba et al. 2016, over the last axis). Every device brings one; here is
 * the one in TF.js' ops, for any backend, with its gradient in closed form.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradients } from '../compile/gradient.js';

/**
 * γ·(x − mean) / √(variance + ε) + β, differentiable under TF.js' tape.
 * @param input [..., F].
 * @param gamma with `beta` [F].
 */
export type LayerNormKernel = (
  input: Tensor,
  gamma: Tensor,
  beta: Tensor,
  epsilon: number,
) => Tensor;

export const layerNormInOps: LayerNormKernel = (input, gamma, beta, epsilon) =>
  withGradients(
    [input, gamma, beta],
    () => {
      const { normal, scale } = normalise(input, epsilon);
      return { value: tf.add(tf.mul(normal, gamma), beta), saved: [normal, scale, gamma] };
    },
    (dy, [normal, scale, kept]) => {
      if (!normal || !scale || !kept) throw new Error('unreachable: they were saved');
      return gradients(dy, normal, scale, kept);
    },
  );

/** With respect to input, gamma and beta, from nothing but what was given. */
export function layerNormGradientsInOps(
  dy: Tensor,
  input: Tensor,
  gamma: Tensor,
  epsilon: number,
): Tensor[] {
  const { normal, scale } = normalise(input, epsilon);
  return gradients(dy, normal, scale, gamma);
}

/** (x − mean)·scale, and the scale 1 / √(variance + ε). */
function normalise(input: Tensor, epsilon: number): { normal: Tensor; scale: Tensor } {
  const centred = tf.sub(input, tf.mean(input, -1, true));
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return { normal: tf.mul(centred, scale), scale };
}

function gradients(dy: Tensor, normal: Tensor, scale: Tensor, gamma: Tensor): Tensor[] {
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
