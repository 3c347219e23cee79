/**
 * The recurrent kernel's contract: one layer, one direction, a whole batch of sequences, differentiable
 * under TF.js' tape. Every device brings one; the compiler calls nothing else for recurrence.
 *
 * Weights have Keras' layout. LSTM gates i f c o; GRU gates z r h; bias [G·H], or [2, G·H] (input row,
 * recurrent row) for GRU reset-after.
 *
 *   Simple RNN   h' = act(x W + h U + b)                                  (Elman 1990)
 *   LSTM         c' = f ⊙ c + i ⊙ tanh(g), h' = o ⊙ tanh(c')              (Hochreiter & Schmidhuber 1997; Gers et al. 2000)
 *   GRU before   h~ = tanh(x Wh + (r ⊙ h) Uh + b), h' = z ⊙ h + (1−z) ⊙ h~ (Cho et al. 2014, v1)
 *   GRU after    h~ = tanh(x Wh + b + r ⊙ (h Uh + b')), same h'           (cuDNN, PyTorch, Keras 3)
 */
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { CellKind } from '#shared/graph/values';

export interface RecurrentAttributes {
  cell: CellKind;
  units: number;
  /** Simple RNN only. */
  activation: 'tanh' | 'relu';
  /** GRU only. */
  resetAfter: boolean;
  /** Read each row from its last real step to its first; outputs stay aligned with the input's steps. */
  reverse: boolean;
}

export interface RecurrentInputs {
  /** [B, T, I]. */
  input: Tensor3D;
  /** Real length of each row, 0…T, on the host; null means T for every row. */
  lengths: Int32Array | null;
  /** [I, G·H]. */
  kernel: Tensor2D;
  /** [H, G·H]. */
  recurrentKernel: Tensor2D;
  bias: Tensor1D | Tensor2D | null;
  /** h, and c for an LSTM, each [B, H]; null means zeros. */
  initialState: Tensor2D[] | null;
  /** Dropout masks, already scaled by 1/(1−rate), the same for all time steps; null is none. */
  inputMask: Tensor2D | null;
  recurrentMask: Tensor2D | null;
}

export interface RecurrentOutputs {
  /** [B, T, H]; zero beyond a row's length. */
  sequence: Tensor3D;
  /** [B, H]: h after the last step that was read (equals finalState[0]). */
  last: Tensor2D;
  /** h, and c for an LSTM; for a row of length 0 the initial state. */
  finalState: Tensor2D[];
}

export interface RecurrentNeeds {
  /** False lets the kernel skip assembling `sequence` (it may then be any [B,T,H] tensor or throw if read). */
  sequence: boolean;
}

export type RecurrentKernel = (
  attributes: RecurrentAttributes,
  inputs: RecurrentInputs,
  needs: RecurrentNeeds,
) => RecurrentOutputs;

/** The tensors that get a gradient, in the order in which kernels pass them to `tf.customGrad`. */
export function differentiable(inputs: RecurrentInputs): Tensor[] {
  const { input, kernel, recurrentKernel, bias, initialState } = inputs;
  return [
    input,
    kernel,
    recurrentKernel,
    ...(bias === null ? [] : [bias]),
    ...(initialState ?? []),
  ];
}
