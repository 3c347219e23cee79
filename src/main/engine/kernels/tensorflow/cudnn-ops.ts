/**
 * What the kernel on cuDNN (cudnn.ts) is made of: TensorFlow's CudnnRNNV3, its gradient and
 * ReverseSequence, for one layer in one direction, batch major. Shapes are from TensorFlow's
 * tensorflow/core/kernels/cudnn_rnn_ops.cc.
 */
import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';

export type CudnnMode = 'rnn_tanh' | 'rnn_relu' | 'lstm' | 'gru';

export interface CudnnState {
  /** [B, 1, H]. */
  h: Tensor3D;
  /** [B, 1, H] for an LSTM; anything for the others, which don't read it. */
  c: Tensor;
}

export interface CudnnInputs extends CudnnState {
  /** [B, T, I]. */
  input: Tensor3D;
  /** All weights (cudnn-weights.ts). */
  params: Tensor1D;
  /** int32 [B], each 1…T: cuDNN refuses rows without a step. */
  lengths: Tensor1D;
}

export interface CudnnOutputs extends CudnnState {
  /** [B, T, H]. */
  sequence: Tensor3D;
  /** What the gradient wants back. */
  reserve: Tensor;
}

export interface CudnnOps {
  /** @param training without it there is no gradient. */
  cudnnForward(mode: CudnnMode, inputs: CudnnInputs, training: boolean): CudnnOutputs;

  /** Gradients of the inputs; what they hold of `input` beyond a row's length is undefined. */
  cudnnBackward(
    mode: CudnnMode,
    inputs: CudnnInputs,
    outputs: CudnnOutputs,
    upstream: CudnnState & { sequence: Tensor3D },
  ): CudnnState & { input: Tensor3D; params: Tensor1D };

  /** Each row's first `lengths` steps [B, T, …] in reverse order; padding stays. */
  reverseSequence(input: Tensor3D, lengths: Tensor1D): Tensor3D;
}
