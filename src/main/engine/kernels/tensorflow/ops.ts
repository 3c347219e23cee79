/**
 * TensorFlow's own fused ops through tfjs-node's backend: what the recurrent kernel needs of them, with
 * their attributes filled in. Shapes and gate orders are from TensorFlow's
 * tensorflow/core/ops/rnn_ops.cc and core/kernels/rnn/lstm_ops.h. The backend is used by its shape,
 * since its package is optional and loads a native addon.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorInfo } from '@tensorflow/tfjs-core';
import type { CudnnInputs, CudnnMode, CudnnOps, CudnnOutputs, CudnnState } from './cudnn-ops.js';

interface Attribute {
  name: string;
  type: number;
  value: number | boolean | string;
}

interface Binding {
  TF_FLOAT: number;
  TF_INT32: number;
  TF_INT64: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_INT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_STRING: number;
  TF_ATTR_TYPE: number;
  createTensor(shape: number[], type: number, values: Int32Array): number;
  deleteTensor(id: number): void;
  getNumOfTensors(): number;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Metadata[];
}

interface Metadata {
  id: number;
}

/** TensorFlow's number of a type that the binding doesn't name (tensorflow/c/tf_datatype.h). */
const int8 = 6;

interface NodeBackend {
  binding: Binding;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): Tensor[];
  getInputTensorIds(inputs: TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): Tensor;
}

function isNodeBackend(backend: object | null): backend is NodeBackend {
  return (
    backend !== null &&
    'binding' in backend &&
    ['executeMultipleOutputs', 'getInputTensorIds', 'createOutputTensor'].every(
      (name) => name in backend,
    )
  );
}

export interface BlockLstm {
  /** i, c, f, o, tanh(g) and tanh(c) of every step, [steps, n, H] each. */
  activations: Tensor[];
  /** [steps, n, H]. */
  h: Tensor;
}

/** What LSTMBlockCellGrad wants beside what it reads. */
export interface Unread {
  /** Features of the step's n rows; none will do, [n, 0]. */
  input: Tensor;
  /** The recurrent kernel below the kernel of those features, [H, 4H]. */
  weights: Tensor;
  /** [4H]. */
  bias: Tensor;
  /** [H]. */
  peephole: Tensor;
}

export class TensorflowOps implements CudnnOps {
  private readonly backend: NodeBackend;
  private readonly float: Attribute;

  /** @param backend tfjs-node's. */
  constructor(backend: object | null) {
    if (!isNodeBackend(backend)) throw new Error('not tfjs-node’s backend');
    this.backend = backend;
    const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
    this.float = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  }

  /**
   * An LSTM layer over all steps. Gate order i f g o, as Keras has it.
   * @param input [steps, n, I]
   * @param state before the first step, [n, H] each
   * @param weights the kernel above the recurrent kernel, [I + H, 4H]
   * @param bias [4H]
   * @param peephole [H], not read
   */
  blockLstm(
    input: Tensor,
    { h, c }: { h: Tensor; c: Tensor },
    { weights, bias, peephole }: { weights: Tensor; bias: Tensor; peephole: Tensor },
  ): BlockLstm {
    const { backend, float } = this;
    const { binding } = backend;
    const inputs = [input, c, h, weights, peephole, peephole, peephole, bias];
    // The number of steps is an int64, which TF.js' tensors are not.
    const steps = binding.createTensor([], binding.TF_INT64, Int32Array.of(input.shape[0]!, 0));
    try {
      const outputs = binding.executeOp(
        'BlockLSTMV2',
        [float, { name: 'cell_clip', type: binding.TF_ATTR_FLOAT, value: 0 }, this.noPeephole()],
        [steps, ...backend.getInputTensorIds(inputs)],
        7,
      );
      const activations = outputs.map((one) => backend.createOutputTensor(one));
      const hidden = activations.pop();
      if (hidden === undefined) throw new Error('BlockLSTMV2 gave nothing');
      return { activations, h: hidden };
    } finally {
      binding.deleteTensor(steps);
    }
  }

  /**
   * The pointwise part of one step's gradient.
   * @param activations of the step, as `blockLstm` gives them; [n, H] each
   * @param previousC c before the step, [n, H]
   * @param dState with respect to h and c after the step, [n, H] each; without what reaches c through h
   * @returns with respect to c before the step [n, H], and to the gates before their activation [n, 4H]
   *   in the order i g f o
   */
  lstmStepGradients(
    activations: Tensor[],
    previousC: Tensor2D,
    dState: { h: Tensor; c: Tensor },
    unread: Unread,
  ): { previousC: Tensor2D; gates: Tensor2D } {
    const { input, weights, bias, peephole } = unread;
    const [c, gates] = this.backend.executeMultipleOutputs(
      'LSTMBlockCellGrad',
      [this.float, this.noPeephole()],
      [
        ...[input, previousC, previousC, weights, peephole, peephole, peephole, bias],
        ...[...activations, dState.c, dState.h],
      ],
      5,
    );
    return { previousC: matrix(c), gates: matrix(gates) };
  }

  cudnnForward(mode: CudnnMode, inputs: CudnnInputs, training: boolean): CudnnOutputs {
    const { backend } = this;
    const { binding } = backend;
    const { input, h, c, params, lengths } = inputs;
    const outputs = binding.executeOp(
      'CudnnRNNV3',
      [
        ...this.cudnnAttributes(mode),
        { name: 'is_training', type: binding.TF_ATTR_BOOL, value: training },
      ],
      backend.getInputTensorIds([input, h, c, params, lengths]),
      5,
    );
    // An int8 tensor, which TF.js has not. V3 neither writes nor reads it.
    const hostReserved = outputs.pop();
    if (hostReserved !== undefined) binding.deleteTensor(hostReserved.id);
    const [sequence, lastH, lastC, reserve] = outputs.map((one) => backend.createOutputTensor(one));
    return { sequence: cube(sequence), h: cube(lastH), c: some(lastC), reserve: some(reserve) };
  }

  cudnnBackward(
    mode: CudnnMode,
    { input, h, c, params, lengths }: CudnnInputs,
    outputs: CudnnOutputs,
    upstream: CudnnState & { sequence: Tensor3D },
  ): CudnnState & { input: Tensor3D; params: Tensor1D } {
    const { backend, float } = this;
    const { binding } = backend;
    const zero = tf.scalar(0);
    const [hostReserved] = binding.executeOp(
      'Cast',
      [
        { ...float, name: 'SrcT' },
        { name: 'DstT', type: binding.TF_ATTR_TYPE, value: int8 },
        { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
      ],
      backend.getInputTensorIds([zero]),
      1,
    );
    zero.dispose();
    if (hostReserved === undefined) throw new Error('Cast gave nothing');
    try {
      const gradients = binding.executeOp(
        'CudnnRNNBackpropV3',
        this.cudnnAttributes(mode),
        [
          ...backend.getInputTensorIds([
            ...[input, h, c, params, lengths],
            ...[outputs.sequence, outputs.h, outputs.c],
            ...[upstream.sequence, upstream.h, upstream.c],
            outputs.reserve,
          ]),
          hostReserved.id,
        ],
        4,
      );
      const [dInput, dH, dC, dParams] = gradients.map((one) => backend.createOutputTensor(one));
      return {
        input: cube(dInput),
        h: cube(dH),
        c: some(dC),
        params: tf.reshape<tf.Rank.R1>(some(dParams), [params.size]),
      };
    } finally {
      binding.deleteTensor(hostReserved.id);
    }
  }

  reverseSequence(input: Tensor3D, lengths: Tensor1D): Tensor3D {
    const { TF_INT32, TF_ATTR_INT, TF_ATTR_TYPE } = this.backend.binding;
    const [reversed] = this.backend.executeMultipleOutputs(
      'ReverseSequence',
      [
        this.float,
        { name: 'Tlen', type: TF_ATTR_TYPE, value: TF_INT32 },
        { name: 'seq_dim', type: TF_ATTR_INT, value: 1 },
        { name: 'batch_dim', type: TF_ATTR_INT, value: 0 },
      ],
      [input, lengths],
      1,
    );
    return cube(reversed);
  }

  private cudnnAttributes(mode: CudnnMode): Attribute[] {
    const { TF_ATTR_BOOL, TF_ATTR_STRING } = this.backend.binding;
    return [
      this.float,
      { name: 'rnn_mode', type: TF_ATTR_STRING, value: mode },
      { name: 'time_major', type: TF_ATTR_BOOL, value: false },
    ];
  }

  /** How many tensors TensorFlow holds, those included that TF.js knows nothing of. */
  tensors(): number {
    return this.backend.binding.getNumOfTensors();
  }

  private noPeephole(): Attribute {
    return { name: 'use_peephole', type: this.backend.binding.TF_ATTR_BOOL, value: false };
  }
}

function some(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new Error('a TensorFlow op gave too few tensors');
  return tensor;
}

const isCube = (tensor: Tensor | undefined): tensor is Tensor3D => tensor?.rank === 3;

function cube(tensor: Tensor | undefined): Tensor3D {
  if (!isCube(tensor)) throw new Error('a TensorFlow op gave no tensor of rank 3');
  return tensor;
}

const isMatrix = (tensor: Tensor | undefined): tensor is Tensor2D => tensor?.rank === 2;

function matrix(tensor: Tensor | undefined): Tensor2D {
  if (!isMatrix(tensor)) throw new Error('a TensorFlow op gave no matrix');
  return tensor;
}
