/**
 * The recurrent kernel on cuDNN through TensorFlow's CudnnRNNV3: LSTM, GRU reset-after and simple RNN,
 * without recurrent dropout. Nothing is read back from the GPU.
 *   reverse   rows are turned round before and after, each within its length
 *   length 0  cuDNN refuses it: such a row runs one step, whose outputs and gradients are dropped
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { differentiable } from '../recurrent.js';
import type { RecurrentAttributes, RecurrentInputs, RecurrentKernel } from '../recurrent.js';
import type { CudnnInputs, CudnnMode, CudnnOps } from './cudnn-ops.js';
import { packWeights, unpackWeights } from './cudnn-weights.js';
import { rows, splitRows } from './output-rows.js';

/** One call's shape and what to do around cuDNN. */
interface Call {
  ops: CudnnOps;
  attributes: RecurrentAttributes;
  mode: CudnnMode;
  inputs: RecurrentInputs;
  batch: number;
  timeSteps: number;
  /** T, or 0 where nobody needs the sequence. */
  sequenceSteps: number;
  /** 2 for an LSTM, else 1. */
  states: number;
}

function modeOf({ cell, activation }: RecurrentAttributes): CudnnMode {
  if (cell !== 'rnn') return cell;
  return activation === 'relu' ? 'rnn_relu' : 'rnn_tanh';
}

export function cudnnRecurrent(ops: CudnnOps): RecurrentKernel {
  return (attributes, inputs, needs) => {
    const [batch, timeSteps] = inputs.input.shape;
    const call: Call = {
      ops,
      attributes,
      mode: modeOf(attributes),
      inputs,
      batch,
      timeSteps,
      sequenceSteps: needs.sequence ? timeSteps : 0,
      states: attributes.cell === 'lstm' ? 2 : 1,
    };
    const training = tf.engine().state.gradientDepth > 0;
    const outputs = tf.customGrad<Tensor2D>((...args) => {
      const save = args.at(-1);
      if (typeof save !== 'function') throw new Error('customGrad passed no save function');
      const { value, saved } = forward(call, training);
      save(saved);
      return {
        value,
        gradFunc: (dy: Tensor2D, kept: Tensor[]) => tf.tidy(() => backward(call, dy, kept)),
      };
    })(...differentiable(inputs));
    return splitRows(outputs, { ...call, units: attributes.units });
  };
}

/** @returns `saved`: what `backward` takes apart as `kept`. */
function forward(call: Call, training: boolean): { value: Tensor2D; saved: Tensor[] } {
  const { ops, attributes, inputs, batch } = call;
  const { inputMask, initialState } = inputs;
  const { cell, units } = attributes;
  const masked =
    inputMask === null ? inputs.input : tf.mul<Tensor3D>(inputs.input, tf.expandDims(inputMask, 1));
  const initial = (state: number): Tensor3D => {
    const given = initialState?.[state];
    return given ? asLayer(given) : tf.zeros([batch, 1, units]);
  };
  const lengths = stepsToRun(call);
  const given: CudnnInputs = {
    input: turned(call, masked, lengths),
    h: initial(0),
    c: initial(1),
    params: packWeights(cell, units, inputs),
    lengths,
  };
  const made = ops.cudnnForward(call.mode, given, training);
  const states = [
    [made.h, given.h],
    [made.c, given.c],
  ].slice(0, call.states);
  return {
    value: tf.concat([
      ...(call.sequenceSteps > 0
        ? [flat(turned(call, realSteps(call, made.sequence), lengths), units)]
        : []),
      ...states.map(([after, before]) => whereRun(call, flat(after!, units), flat(before!, units))),
    ]),
    saved: [
      given.input,
      given.h,
      given.c,
      given.params,
      made.sequence,
      made.h,
      made.c,
      made.reserve,
    ],
  };
}

/** Gradients of `differentiable(inputs)`. */
function backward(call: Call, dOutputs: Tensor2D, kept: Tensor[]): Tensor[] {
  const { ops, attributes, inputs, batch, timeSteps, sequenceSteps, mode } = call;
  const { units, cell } = attributes;
  const [input, h, c, params, sequence, lastH, lastC, reserve] = kept;
  if (!input || !h || !c || !params || !sequence || !lastH || !lastC || !reserve) {
    throw new Error('customGrad lost what was saved');
  }
  const shape: [number, number, number] = [batch, timeSteps, units];
  const lengths = stepsToRun(call);
  const dSequence =
    sequenceSteps > 0
      ? tf.reshape<tf.Rank.R3>(rows(dOutputs, 0, batch * timeSteps), shape)
      : tf.zeros<tf.Rank.R3>(shape);
  const dFinal = Array.from({ length: call.states }, (_, state) =>
    rows(dOutputs, batch * (sequenceSteps + state), batch),
  );
  const [dH, dC] = dFinal.map((d) => asLayer(whereRun(call, d, tf.zerosLike(d))));
  const gradients = ops.cudnnBackward(
    mode,
    { input: cube(input), h: cube(h), c, params: tf.reshape(params, [params.size]), lengths },
    { sequence: cube(sequence), h: cube(lastH), c: lastC, reserve },
    { sequence: turned(call, realSteps(call, dSequence), lengths), h: dH!, c: dC ?? tf.scalar(0) },
  );
  const dMasked = turned(call, realSteps(call, gradients.input), lengths);
  const { inputMask, bias, initialState } = inputs;
  const weights = unpackWeights(cell, units, gradients.params, inputs);
  const dInitial = [gradients.h, gradients.c].slice(0, call.states);
  return [
    inputMask === null ? dMasked : tf.mul(dMasked, tf.expandDims(inputMask, 1)),
    weights.kernel,
    weights.recurrentKernel,
    ...(bias === null || weights.bias === null ? [] : [weights.bias]),
    ...(initialState === null
      ? []
      : dInitial.map((d, i) => whereRun(call, flat(d, units), dFinal[i]!))),
  ];
}

/** int32 [B], 1…T. */
function stepsToRun({ inputs, batch, timeSteps }: Call): Tensor1D {
  const steps = Int32Array.from({ length: batch }, (_, b) =>
    Math.max(1, inputs.lengths?.[b] ?? timeSteps),
  );
  return tf.tensor1d(steps, 'int32');
}

/** A layer that reads backwards reads turned rows, and its outputs are turned back. */
const turned = ({ ops, attributes }: Call, tensor: Tensor3D, lengths: Tensor1D): Tensor3D =>
  attributes.reverse ? ops.reverseSequence(tensor, lengths) : tensor;

/** [B, T, …] with zeros beyond each row's length, whatever stood there. */
function realSteps({ inputs, batch, timeSteps }: Call, tensor: Tensor3D): Tensor3D {
  const { lengths } = inputs;
  if (lengths === null) return tensor;
  const real = Uint8Array.from({ length: batch * timeSteps }, (_, at) =>
    at % timeSteps < lengths[Math.floor(at / timeSteps)]! ? 1 : 0,
  );
  return tf.where(tf.tensor3d(real, [batch, timeSteps, 1], 'bool'), tensor, tf.zerosLike(tensor));
}

/** Rows [B, H] of `tensor`, but of `otherwise` where a row has no step. */
function whereRun({ inputs, batch }: Call, tensor: Tensor2D, otherwise: Tensor2D): Tensor2D {
  const { lengths } = inputs;
  if (lengths === null || lengths.every((length) => length > 0)) return tensor;
  const run = Uint8Array.from(lengths, (length) => (length > 0 ? 1 : 0));
  return tf.where(tf.tensor2d(run, [batch, 1], 'bool'), tensor, otherwise);
}

const asLayer = (state: Tensor2D): Tensor3D => tf.expandDims<Tensor3D>(state, 1);

const cube = (tensor: Tensor): Tensor3D => {
  const [a = 1, b = 1, c = 1] = tensor.shape;
  return tf.reshape(tensor, [a, b, c]);
};

const flat = (tensor: Tensor, width: number): Tensor2D =>
  tf.reshape<tf.Rank.R2>(tensor, [tensor.size / width, width]);
