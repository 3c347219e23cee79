/** What each IR op computes, in TF.js. Recurrence goes through the device's own kernel. */
import * as tf from '@tensorflow/tfjs-core';
import type { Activation, IrOp, IrProgram, IrValueRef } from '#shared/ir/types';
import { readsOf } from '#shared/ir/verify';
import type { Device } from '../devices/types.js';
import type { Random } from '../train/random.js';
import { attend } from './attention.js';
import { withGradient } from './gradient.js';
import type { ModelInput } from './model.js';
import { stepMask, stepWeights } from './masks.js';
import { as1DOr2D, as2D, as3D, projectLast } from './rank.js';

/** The state of one forward pass: values by id, the batch, and where masks and weights come from. */
export class Evaluation {
  readonly attention: { node: string; weights: tf.Tensor }[] = [];
  private readonly values = new Map<IrValueRef, tf.Tensor>();

  constructor(
    private readonly program: IrProgram,
    readonly device: Device,
    private readonly variables: ReadonlyMap<string, tf.Variable>,
    /** Values that some op or the head reads. */
    readonly consumed: ReadonlySet<IrValueRef>,
    readonly input: ModelInput,
    readonly dropout: Random | null,
  ) {}

  get(ref: IrValueRef): tf.Tensor {
    const value = this.values.get(ref);
    if (value === undefined) throw new Error(`IR value ${ref} is read before it is computed`);
    return value;
  }

  set(ref: IrValueRef, value: tf.Tensor): void {
    this.values.set(ref, value);
  }

  parameter(id: string): tf.Tensor {
    const variable = this.variables.get(id);
    if (variable === undefined) throw new Error(`IR parameter ${id} is not declared`);
    return variable;
  }

  /** Row lengths that mask the value's time axis, or null where every step is real. */
  lengths(ref: IrValueRef): Int32Array | null {
    const masked = (this.program.values[ref]?.lengths ?? null) !== null;
    return masked ? this.input.lengths : null;
  }

  /** A dropout mask on the device, or null when nothing is dropped. */
  dropoutMask(shape: number[], rate: number): tf.Tensor | null {
    if (this.dropout === null || rate === 0) return null;
    const size = shape.reduce((product, d) => product * d, 1);
    return tf.tensor(this.dropout.dropoutMask(size, rate), shape, 'float32');
  }
}

/** Ids of all values that an op or the head reads: what nobody reads need not be computed. */
export function consumedValues(program: IrProgram): Set<IrValueRef> {
  const consumed = new Set<IrValueRef>([program.head.logits]);
  for (const op of program.ops) for (const ref of readsOf(op)) consumed.add(ref);
  return consumed;
}

type Op<K extends IrOp['op']> = Extract<IrOp, { op: K }>;

export function runOp(op: IrOp, e: Evaluation): void {
  switch (op.op) {
    case 'input':
      return e.set(op.output, feed(op, e));
    case 'embedding':
      return e.set(op.output, embed(e.parameter(op.table), e.get(op.input)));
    case 'recurrent':
      return recur(op, e);
    case 'merge':
      return e.set(op.output, merge(op, e));
    case 'dense': {
      const bias = op.bias === null ? null : e.parameter(op.bias);
      const product = projectLast(e.get(op.input), e.parameter(op.kernel));
      return e.set(
        op.output,
        activate(op.activation, bias === null ? product : tf.add(product, bias)),
      );
    }
    case 'dropout': {
      const input = e.get(op.input);
      const mask = e.dropoutMask(input.shape, op.rate);
      return e.set(op.output, mask === null ? input : tf.mul(input, mask));
    }
    case 'layer-norm': {
      const [gamma, beta] = [e.parameter(op.gamma), e.parameter(op.beta)];
      return e.set(op.output, e.device.layerNorm(e.get(op.input), gamma, beta, op.epsilon));
    }
    case 'last-step':
      return e.set(op.output, lastStep(as3D(e.get(op.input)), e.lengths(op.input)));
    case 'pool-over-time':
      return e.set(op.output, pool(op.mode, as3D(e.get(op.input)), e.lengths(op.input)));
    case 'concat':
      return e.set(
        op.output,
        tf.concat(
          op.inputs.map((ref) => e.get(ref)),
          -1,
        ),
      );
    case 'add':
      return e.set(
        op.output,
        op.inputs.map((ref) => e.get(ref)).reduce((sum, x) => tf.add(sum, x)),
      );
    case 'attention': {
      const { context, weights } = attend(op, e);
      e.attention.push({ node: op.node, weights });
      e.set(op.weights, weights);
      return e.set(op.output, context);
    }
    default:
      op satisfies never;
  }
}

function feed(op: Op<'input'>, { input }: Evaluation): tf.Tensor {
  const { size, timeSteps } = input;
  if (op.feed === 'tokens' && input.input.kind === 'tokens')
    return tf.tensor2d(input.input.ids, [size, timeSteps], 'int32');
  if (op.feed === 'features' && input.input.kind === 'features')
    return tf.tensor3d(input.input.values, [size, timeSteps, input.input.features]);
  throw new Error(`the program is fed ${op.feed}, the batch has ${input.input.kind}`);
}

/**
 * [V,F] rows by id: [B,T] → [B,T,F]. The gradient is one scatter-add; TF.js' own for `gather` also
 * transposes the whole table.
 */
function embed(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  const [vocabulary = 0, features = 0] = table.shape;
  const flat = tf.reshape<tf.Rank.R1>(ids, [ids.size]);
  const rows = withGradient(
    table,
    (weights) => ({ value: tf.gather(weights, flat), saved: [flat] }),
    (dy, [indices]) => {
      if (indices === undefined) throw new Error('unreachable: the ids were saved');
      return tf.unsortedSegmentSum(dy, tf.reshape<tf.Rank.R1>(indices, [ids.size]), vocabulary);
    },
  );
  return tf.reshape(rows, [...ids.shape, features]);
}

function recur(op: Op<'recurrent'>, e: Evaluation): void {
  const input = as3D(e.get(op.input));
  const [batch, , features] = input.shape;
  const inputMask = e.dropoutMask([batch, features], op.dropout);
  const recurrentMask = e.dropoutMask([batch, op.units], op.recurrentDropout);
  const bias = op.bias === null ? null : e.parameter(op.bias);
  const { sequence, last, finalState } = e.device.recurrent(
    {
      cell: op.cell,
      units: op.units,
      activation: op.activation,
      resetAfter: op.resetAfter,
      reverse: op.reverse,
    },
    {
      input,
      lengths: e.lengths(op.input),
      kernel: as2D(e.parameter(op.kernel)),
      recurrentKernel: as2D(e.parameter(op.recurrentKernel)),
      bias: bias === null ? null : as1DOr2D(bias),
      initialState: op.initialState?.map((ref) => as2D(e.get(ref))) ?? null,
      inputMask: inputMask === null ? null : as2D(inputMask),
      recurrentMask: recurrentMask === null ? null : as2D(recurrentMask),
    },
    { sequence: e.consumed.has(op.sequence) },
  );
  e.set(op.sequence, sequence);
  e.set(op.last, last);
  op.finalState.forEach((ref, i) => {
    const state = finalState[i];
    if (state === undefined) throw new Error(`${op.node}: the kernel returned no state ${i}`);
    e.set(ref, state);
  });
}

function merge(op: Op<'merge'>, e: Evaluation): tf.Tensor {
  const forward = e.get(op.forward);
  const backward = e.get(op.backward);
  switch (op.mode) {
    case 'concat':
      return tf.concat([forward, backward], -1);
    case 'sum':
      return tf.add(forward, backward);
    case 'mul':
      return tf.mul(forward, backward);
    case 'average':
      return tf.mul(tf.add(forward, backward), 0.5);
  }
}

function activate(activation: Activation, x: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x;
    case 'tanh':
      return tf.tanh(x);
    case 'relu':
      return tf.relu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'softmax':
      return tf.softmax(x);
    case 'gelu':
      // The exact form x·Φ(x) (Hendrycks & Gimpel 2016), as PyTorch and Keras have it by default.
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  }
}

/** [B,T,F] → [B,F]; a row without steps gives zeros. */
function lastStep(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor {
  const [batch, timeSteps, features] = x.shape;
  if (lengths === null)
    return tf.reshape(tf.slice(x, [0, timeSteps - 1, 0], [batch, 1, features]), [batch, features]);
  return weightedSum(
    x,
    stepWeights(lengths, timeSteps, (step, length) => (step === length - 1 ? 1 : 0)),
  );
}

/** [B,T,F] → [B,F] over real steps; a row without steps gives zeros. */
function pool(
  mode: Op<'pool-over-time'>['mode'],
  x: tf.Tensor3D,
  lengths: Int32Array | null,
): tf.Tensor {
  const timeSteps = x.shape[1];
  switch (mode) {
    case 'mean':
      if (lengths === null) return tf.mean(x, 1);
      return weightedSum(
        x,
        stepWeights(lengths, timeSteps, (step, length) => (step < length ? 1 / length : 0)),
      );
    case 'sum':
      return lengths === null ? tf.sum(x, 1) : weightedSum(x, stepMask(lengths, timeSteps));
    case 'max':
      return maxOverTime(x, lengths);
  }
}

function weightedSum(x: tf.Tensor3D, weights: Float32Array): tf.Tensor {
  const [batch, timeSteps] = x.shape;
  return tf.sum(tf.mul(x, tf.tensor3d(weights, [batch, timeSteps, 1])), 1);
}

/**
 * The gradient goes to the first of equal maxima, as in PyTorch; TF.js' own gives each of them all of
 * it, which counts it several times after a ReLU.
 */
function maxOverTime(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor {
  const [batch, timeSteps] = x.shape;
  if (lengths !== null) {
    const lowest = stepWeights(lengths, timeSteps, (step, length) => (step < length ? 0 : -1e30));
    x = tf.add(x, tf.tensor3d(lowest, [batch, timeSteps, 1]));
  }
  const maximum = withGradient(
    x,
    (input) => ({ value: tf.max(input, 1), saved: [tf.argMax(input, 1)] }),
    (dy, [winner]) => {
      if (winner === undefined) throw new Error('unreachable: the winner was saved');
      const chosen = tf.transpose(tf.cast(tf.oneHot(winner, timeSteps), 'float32'), [0, 2, 1]);
      return tf.mul(chosen, tf.expandDims(dy, 1));
    },
  );
  if (lengths === null || lengths.every((length) => length > 0)) return maximum;
  const real = Float32Array.from(lengths, (length) => (length > 0 ? 1 : 0));
  return tf.mul(maximum, tf.tensor2d(real, [batch, 1]));
}
