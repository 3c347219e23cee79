/**
 * cuDNN as far as its documentation and TensorFlow's kernel tell, for machines without one: it reads its
 * buffer of weights as PyTorch's flat weights lie (weight_ih, weight_hh, bias_ih, bias_hh), computes by
 * the float64 reference, refuses rows without a step, and leaves rubbish where it promises nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { attributesOf, gateCount } from '../../src/main/engine/kernels/recurrent-cases.js';
import { referenceBackward, referenceForward } from '../../src/main/engine/kernels/reference.js';
import type { ReferenceInputs } from '../../src/main/engine/kernels/reference.js';
import type {
  CudnnInputs,
  CudnnMode,
  CudnnOps,
  CudnnOutputs,
  CudnnState,
} from '../../src/main/engine/kernels/tensorflow/cudnn-ops.js';
import { biasAcross, kernelFromTorch, kernelToTorch } from './torch-layout.js';

const variantOf = {
  rnn_tanh: 'rnn-tanh',
  rnn_relu: 'rnn-relu',
  lstm: 'lstm',
  gru: 'gru-after',
} as const;

export class SimulatedCudnn implements CudnnOps {
  readonly calls: { mode: CudnnMode; training: boolean; given: Record<string, number[]> }[] = [];

  /** @param rounded what becomes of every input and weight before it is multiplied. */
  constructor(private readonly rounded: (value: number) => number = (value) => value) {}

  cudnnForward(mode: CudnnMode, inputs: CudnnInputs, training: boolean): CudnnOutputs {
    const given = Object.fromEntries(
      Object.entries<Tensor>({ ...inputs }).map(([name, tensor]) => [name, numbers(tensor)]),
    );
    this.calls.push({ mode, training, given });
    const { attributes, reference } = this.decode(mode, inputs);
    const { sequence, finalState } = referenceForward(attributes, reference);
    const [batch, timeSteps] = inputs.input.shape;
    const state = (values: Float64Array): Tensor3D =>
      tf.tensor3d(Float32Array.from(values), [batch, 1, attributes.units]);
    return {
      sequence: tf.tensor3d(Float32Array.from(sequence), [batch, timeSteps, attributes.units]),
      h: state(finalState[0]!),
      c: finalState[1] ? state(finalState[1]) : tf.scalar(NaN),
      reserve: training ? tf.tensor1d([1, 2, 3]) : tf.scalar(NaN),
    };
  }

  cudnnBackward(
    mode: CudnnMode,
    inputs: CudnnInputs,
    outputs: CudnnOutputs,
    upstream: CudnnState & { sequence: Tensor3D },
  ): CudnnState & { input: Tensor3D; params: Tensor1D } {
    if (outputs.reserve.size !== 3) throw new Error('cuDNN was not told to prepare a gradient');
    const { attributes, reference, lengths, cell } = this.decode(mode, inputs);
    const states = cell === 'lstm' ? [upstream.h, upstream.c] : [upstream.h];
    const gradients = referenceBackward(attributes, reference, {
      sequence: doubles(upstream.sequence),
      finalState: states.map(doubles),
    });
    const [batch, timeSteps, features] = inputs.input.shape;
    const { units } = attributes;
    const dInput = Float32Array.from(gradients.input, (value, at) => {
      const row = Math.floor(at / features);
      return row % timeSteps < lengths[Math.floor(row / timeSteps)]! ? value : NaN;
    });
    const width = gateCount[cell] * units;
    const dBias = Array.from(gradients.bias);
    const biases = [dBias.slice(0, width), dBias.slice(-width)];
    const state = (values: Float64Array): Tensor3D =>
      tf.tensor3d(Float32Array.from(values), [batch, 1, units]);
    const [dH, dC] = gradients.initialState;
    return {
      input: tf.tensor3d(dInput, [batch, timeSteps, features]),
      h: state(dH!),
      c: dC ? state(dC) : tf.scalar(NaN),
      params: tf.tensor1d([
        ...kernelToTorch(cell, gradients.kernel, units),
        ...kernelToTorch(cell, gradients.recurrentKernel, units),
        ...biases.flatMap((bias) => biasAcross(cell, bias, units)),
      ]),
    };
  }

  reverseSequence(input: Tensor3D, lengths: Tensor1D): Tensor3D {
    const [batch, timeSteps, features] = input.shape;
    const [values, steps] = [input.dataSync(), lengths.dataSync()];
    const reversed = Float32Array.from(values);
    for (let b = 0; b < batch; b++) {
      for (let t = 0; t < steps[b]!; t++) {
        const from = (b * timeSteps + steps[b]! - 1 - t) * features;
        reversed.set(values.subarray(from, from + features), (b * timeSteps + t) * features);
      }
    }
    return tf.tensor3d(reversed, input.shape);
  }

  private decode(mode: CudnnMode, { input, h, c, params, lengths }: CudnnInputs) {
    const [batch, timeSteps, features] = input.shape;
    const units = h.shape[2];
    const attributes = attributesOf(variantOf[mode], units, false);
    const { cell } = attributes;
    const steps = Int32Array.from(lengths.dataSync());
    if (lengths.dtype !== 'int32' || steps.some((step) => step < 1 || step > timeSteps)) {
      throw new Error(`cuDNN refuses the lengths ${steps.join(', ')}`);
    }
    const width = gateCount[cell] * units;
    const flat = numbers(params);
    const take = (count: number): number[] => flat.splice(0, count);
    const kernel = kernelFromTorch(cell, take(width * features), units);
    const recurrentKernel = kernelFromTorch(cell, take(width * units), units);
    const inputBias = biasAcross(cell, take(width), units);
    const stateBias = biasAcross(cell, take(width), units);
    if (stateBias.length !== width || flat.length > 0) throw new Error('cuDNN’s buffer has a size');
    const bias =
      cell === 'gru' ? [...inputBias, ...stateBias] : inputBias.map((b, i) => b + stateBias[i]!);
    const given = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(values, this.rounded);
    const reference: ReferenceInputs = {
      batch,
      timeSteps,
      features,
      input: given(input.dataSync()),
      lengths: steps,
      kernel: given(kernel),
      recurrentKernel: given(recurrentKernel),
      bias: Float64Array.from(bias),
      initialState: (cell === 'lstm' ? [h, c] : [h]).map(doubles),
      inputMask: null,
      recurrentMask: null,
    };
    return { attributes, reference, lengths: steps, cell };
  }
}

const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());
const doubles = (tensor: Tensor): Float64Array => Float64Array.from(tensor.dataSync());
