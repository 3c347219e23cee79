/**
 * Keras' weights and cuDNN's one buffer of them, (I + H + 2)·G·H numbers:
 *   W of every gate, each [H, I], then U of every gate, each [H, H]   (Keras' transposed)
 *   the input's biases of every gate, each [H], then the state's
 * LSTM gates i f c o as in Keras; GRU gates r z h, where Keras has z r h. Where Keras has one bias it is
 * the state's, and the input's is zero.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { CellKind } from '#shared/graph/values';

export interface LayerWeights {
  /** [I, G·H]. */
  kernel: Tensor2D;
  /** [H, G·H]. */
  recurrentKernel: Tensor2D;
  /** [G·H], or [2, G·H] for a GRU. */
  bias: Tensor | null;
}

/** Swaps a GRU's first two gates along `axis`; its own inverse. */
function acrossGates<T extends Tensor>(cell: CellKind, gates: T, axis: number): T {
  return cell === 'gru' ? tf.gather(gates, tf.tensor1d([1, 0, 2], 'int32'), axis) : gates;
}

export function packWeights(cell: CellKind, units: number, weights: LayerWeights): Tensor1D {
  const { kernel, recurrentKernel, bias } = weights;
  const width = kernel.shape[1];
  const gates = width / units;
  const packed = (matrix: Tensor2D): Tensor1D => {
    const byGate = tf.transpose(tf.reshape(matrix, [matrix.shape[0], gates, units]), [1, 2, 0]);
    return tf.reshape(acrossGates(cell, byGate, 0), [matrix.size]);
  };
  const unused = tf.zeros<tf.Rank.R1>([2 * width - (bias?.size ?? 0)]);
  const biases = bias === null ? unused : tf.concat([unused, tf.reshape(bias, [bias.size])]);
  const biasByGate = acrossGates(cell, tf.reshape(biases, [2, gates, units]), 1);
  return tf.concat([
    packed(kernel),
    packed(recurrentKernel),
    tf.reshape<tf.Rank.R1>(biasByGate, [2 * width]),
  ]);
}

/** The inverse, for gradients. @param like gives the shapes. */
export function unpackWeights(
  cell: CellKind,
  units: number,
  params: Tensor1D,
  like: LayerWeights,
): LayerWeights {
  const { kernel, recurrentKernel, bias } = like;
  const width = kernel.shape[1];
  const gates = width / units;
  const unpacked = (at: number, [rows, columns]: [number, number]): Tensor2D => {
    const flat = tf.slice(params, [at], [rows * columns]);
    const byGate = acrossGates(cell, tf.reshape(flat, [gates, units, rows]), 0);
    return tf.reshape(tf.transpose(byGate, [2, 0, 1]), [rows, columns]);
  };
  const biases = (): Tensor1D => {
    const flat = tf.slice(params, [kernel.size + recurrentKernel.size], [2 * width]);
    const byGate = acrossGates(cell, tf.reshape(flat, [2, gates, units]), 1);
    return tf.reshape(byGate, [2 * width]);
  };
  return {
    kernel: unpacked(0, kernel.shape),
    recurrentKernel: unpacked(kernel.size, recurrentKernel.shape),
    bias: bias && tf.reshape(tf.slice(biases(), [2 * width - bias.size], [bias.size]), bias.shape),
  };
}
