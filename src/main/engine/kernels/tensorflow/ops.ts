/**
 * TensorFlow's own fused ops through tfjs-node's backend: what the recurrent kernel needs of them, with
 * their attributes filled in. Shapes and gate orders are from TensorFlow's
 * tensorflow/core/ops/rnn_ops.cc and core/kernels/rnn/lstm_ops.h. The backend is used by its shape,
 * since its package is optional and loads a native addon.
 */
import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';

interface Attribute {
  name: string;
  type: number;
  value: number | boolean;
}

interface Binding {
  TF_FLOAT: number;
  TF_INT64: number;
  TF_ATTR_FLOAT: number;
  TF_ATTR_BOOL: number;
  TF_ATTR_TYPE: number;
  createTensor(shape: number[], type: number, values: Int32Array): number;
  deleteTensor(id: number): void;
  getNumOfTensors(): number;
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): Metadata[];
}

type Metadata = object;

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

export class TensorflowOps {
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

  /** How many tensors TensorFlow holds, those included that TF.js knows nothing of. */
  tensors(): number {
    return this.backend.binding.getNumOfTensors();
  }

  private noPeephole(): Attribute {
    return { name: 'use_peephole', type: this.backend.binding.TF_ATTR_BOOL, value: false };
  }
}

const isMatrix = (tensor: Tensor | undefined): tensor is Tensor2D => tensor?.rank === 2;

function matrix(tensor: Tensor | undefined): Tensor2D {
  if (!isMatrix(tensor)) throw new Error('a TensorFlow op gave no matrix');
  return tensor;
}
