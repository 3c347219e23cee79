/**
 * ‖∂L/∂h_t‖ at every time step of every recurrent layer (Pascanu, Mikolov & Bengio 2013, section 2): what
 * makes a vanishing gradient visible. Each layer is run one step at a time through the device's own
 * kernel, with a zero added to every state; the gradient of that zero is the gradient of the state.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { GradientFlow, LayerGradients } from '#shared/run/gradients';
import type { IrOp } from '#shared/ir/types';
import { compile, type Model } from '../compile/model.js';
import { as3D } from '../compile/rank.js';
import type { Batch, Dataset } from '../data/types.js';
import type { Device } from '../devices/types.js';
import type { RecurrentKernel } from '../kernels/recurrent.js';
import { judge, lossTargets } from '../train/loss.js';

type RecurrentOp = Extract<IrOp, { op: 'recurrent' }>;

const mostRows = 32;
/** Curves end where fewer rows than this share are so long: the mean of a few rows jumps. */
const leastShare = 0.25;

/** @param model with the weights to look at. @param train the rows are taken from all over it. */
export async function gradientFlow(
  model: Model,
  device: Device,
  train: Dataset,
): Promise<GradientFlow> {
  const rows = Math.min(mostRows, train.size);
  const indices = Array.from({ length: rows }, (_, row) => Math.floor((row * train.size) / rows));
  return { rows, layers: await layerGradients(model, device, train.batch(indices)) };
}

/** Without dropout, of the batch's mean loss. In the order of the program's recurrent layers. */
export async function layerGradients(
  model: Model,
  device: Device,
  batch: Batch,
): Promise<LayerGradients[]> {
  const { program } = model;
  const layers = program.ops.filter((op) => op.op === 'recurrent');
  if (layers.length === 0) return [];
  const offsets = layers.map(({ units }) =>
    Array.from({ length: batch.timeSteps }, () => tf.zeros<tf.Rank.R2>([batch.size, units])),
  );
  let layer = 0;
  const recurrent: RecurrentKernel = (...call) =>
    stepped(device.recurrent, offsets[layer++] ?? [])(...call);
  const tapped = compile(program, { ...device, recurrent }, await model.read());
  const targets = lossTargets(program.head, batch);
  const norms = tf.tidy(() => {
    const gradients = tf.grads(
      () => judge(device, program.head, tapped.forward(batch, null).logits, targets).loss,
    )(offsets.flat());
    return layers.map((_, index) => {
      const steps = gradients.slice(index * batch.timeSteps, (index + 1) * batch.timeSteps);
      return tf.stack(steps.map((gradient) => tf.sqrt(tf.sum(tf.square(gradient), 1))));
    });
  });
  try {
    const values = await Promise.all(norms.map((norm) => norm.data()));
    return layers.map((op, index) => byStepsBack(op, values[index] ?? new Float32Array(), batch));
  } finally {
    tapped.dispose();
    tf.dispose([norms, offsets]);
  }
}

/**
 * The kernel one time step after the other: the same values, with every h_t at hand.
 * @param offsets [B, H] for each time step, added to h_t where the step is real.
 */
export const stepped =
  (kernel: RecurrentKernel, offsets: readonly tf.Tensor2D[]): RecurrentKernel =>
  (attributes, inputs) => {
    const { input, lengths } = inputs;
    const [batch, timeSteps, features] = input.shape;
    const empty = (): tf.Tensor2D => tf.zeros([batch, attributes.units]);
    let state =
      inputs.initialState ?? (attributes.cell === 'lstm' ? [empty(), empty()] : [empty()]);
    const sequence: tf.Tensor2D[] = offsets.map(empty);
    for (let read = 0; read < timeSteps; read++) {
      const time = attributes.reverse ? timeSteps - 1 - read : read;
      const real = lengths === null ? null : lengths.map((length) => (time < length ? 1 : 0));
      const mask = tf.tensor2d(real ?? new Float32Array(batch).fill(1), [batch, 1], 'float32');
      const { finalState } = kernel(
        { ...attributes, reverse: false },
        {
          ...inputs,
          input: tf.slice(input, [0, time, 0], [batch, 1, features]),
          lengths: real,
          initialState: state,
        },
        { sequence: false },
      );
      const [hidden, ...others] = finalState;
      const offset = offsets[time];
      if (hidden === undefined || offset === undefined)
        throw new Error(`no state or no offset for time step ${time}`);
      const moved = tf.add<tf.Tensor2D>(hidden, tf.mul(offset, mask));
      state = [moved, ...others];
      sequence[time] = tf.mul(moved, mask);
    }
    return {
      sequence: as3D(tf.stack<tf.Tensor>(sequence, 1)),
      last: state[0] ?? empty(),
      finalState: state,
    };
  };

/** @param norms [T, B]. */
function byStepsBack(op: RecurrentOp, norms: ArrayLike<number>, batch: Batch): LayerGradients {
  const { size, timeSteps, lengths } = batch;
  const sums = new Float64Array(timeSteps);
  const counts = new Float64Array(timeSteps);
  for (let row = 0; row < size; row++) {
    const length = lengths?.[row] ?? timeSteps;
    for (let time = 0; time < length; time++) {
      const back = op.reverse ? time : length - 1 - time;
      sums[back] = (sums[back] ?? 0) + (norms[time * size + row] ?? 0);
      counts[back] = (counts[back] ?? 0) + 1;
    }
  }
  const enough = counts.findLastIndex((count) => count >= Math.max(1, leastShare * size));
  return {
    node: op.node,
    reverse: op.reverse,
    norms: Array.from(sums.subarray(0, enough + 1), (sum, back) => {
      const mean = sum / (counts[back] ?? 1);
      return Number.isFinite(mean) ? mean : null;
    }),
  };
}
