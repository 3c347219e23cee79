/**
 * The recurrent kernel in TF.js ops, one time step after the other, differentiated by TF.js' own tape.
 * It runs on every backend. Padding is handled with a 0/1 mask a step: where it is 0 the state stands
 * still. Since padding is at the end only, reading backwards needs no gather: the state stays at its
 * initial value until a row's last real step is reached.
 *
 * Equations and layouts: see recurrent.ts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { RecurrentAttributes, RecurrentInputs, RecurrentKernel } from './recurrent.js';

interface Cell {
  /**
   * @param projected x·W + input bias of this step [B, G·H]
   * @param state h (and c), each [B, H]
   * @returns the next state
   */
  (projected: Tensor2D, state: Tensor2D[]): Tensor2D[];
}

/** `x·W + b` for all time steps in one matrix product: [B, T, I] → [B, T, G·H]. */
function projectInput(inputs: RecurrentInputs, bias: tf.Tensor1D | null): tf.Tensor3D {
  const [batch, timeSteps, features] = inputs.input.shape;
  const masked =
    inputs.inputMask === null
      ? inputs.input
      : tf.mul(inputs.input, tf.expandDims(inputs.inputMask, 1));
  const rows = tf.reshape(masked, [batch * timeSteps, features]);
  const product = tf.matMul(rows, inputs.kernel);
  const projected = bias === null ? product : tf.add(product, bias);
  return tf.reshape(projected, [batch, timeSteps, inputs.kernel.shape[1]]);
}

const plus = (a: Tensor2D, b: Tensor2D): Tensor2D => tf.add(a, b);
const times = (a: Tensor2D, b: Tensor2D): Tensor2D => tf.mul(a, b);

/** z ⊙ h + (1 − z) ⊙ candidate. */
const interpolate = (z: Tensor2D, h: Tensor2D, candidate: Tensor2D): Tensor2D =>
  plus(candidate, times(z, tf.sub(h, candidate)));

function split(gates: Tensor2D, count: number): Tensor2D[] {
  return tf.split(gates, count, 1);
}

function makeCell(attributes: RecurrentAttributes, inputs: RecurrentInputs): Cell {
  const { recurrentKernel, recurrentMask } = inputs;
  const { units } = attributes;
  const masked = (h: Tensor2D): Tensor2D => (recurrentMask === null ? h : tf.mul(h, recurrentMask));

  switch (attributes.cell) {
    case 'rnn':
      return (projected, [h]) => {
        const sum = plus(projected, tf.matMul(masked(present(h)), recurrentKernel));
        return [attributes.activation === 'relu' ? tf.relu(sum) : tf.tanh(sum)];
      };
    case 'lstm':
      return (projected, [h, c]) => {
        const sum = plus(projected, tf.matMul(masked(present(h)), recurrentKernel));
        const [i, f, g, o] = split(sum, 4);
        const cell = plus(
          times(tf.sigmoid(present(f)), present(c)),
          times(tf.sigmoid(present(i)), tf.tanh(present(g))),
        );
        return [times(tf.sigmoid(present(o)), tf.tanh(cell)), cell];
      };
    case 'gru':
      return attributes.resetAfter
        ? gruResetAfter(units, inputs, masked)
        : gruResetBefore(units, inputs, masked);
  }
}

type Mask = (h: Tensor2D) => Tensor2D;

function gruResetAfter(units: number, inputs: RecurrentInputs, masked: Mask): Cell {
  const { bias, recurrentKernel } = inputs;
  const recurrentBias: tf.Tensor1D | null = bias === null ? null : biasRow(bias, 1, 3 * units);
  return (projected, [h]) => {
    const product: Tensor2D = tf.matMul(masked(present(h)), recurrentKernel);
    const biased: Tensor2D = recurrentBias === null ? product : tf.add(product, recurrentBias);
    const [xz, xr, xc] = split(projected, 3);
    const [hz, hr, hc] = split(biased, 3);
    const z = tf.sigmoid(plus(present(xz), present(hz)));
    const r = tf.sigmoid(plus(present(xr), present(hr)));
    const candidate = tf.tanh(plus(present(xc), times(r, present(hc))));
    return [interpolate(z, present(h), candidate)];
  };
}

function gruResetBefore(units: number, inputs: RecurrentInputs, masked: Mask): Cell {
  const { recurrentKernel } = inputs;
  const gateKernel = tf.slice(recurrentKernel, [0, 0], [units, 2 * units]);
  const candidateKernel = tf.slice(recurrentKernel, [0, 2 * units], [units, units]);
  return (projected, [h]) => {
    const hidden = masked(present(h));
    const [hz, hr] = split(tf.matMul(hidden, gateKernel), 2);
    const [xz, xr, xc] = split(projected, 3);
    const z = tf.sigmoid(plus(present(xz), present(hz)));
    const r = tf.sigmoid(plus(present(xr), present(hr)));
    const candidate = tf.tanh(plus(present(xc), tf.matMul(times(r, hidden), candidateKernel)));
    return [interpolate(z, present(h), candidate)];
  };
}

function biasRow(bias: tf.Tensor, row: number, width: number): tf.Tensor1D {
  return tf.reshape(tf.slice(bias, [row, 0], [1, width]), [width]);
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('recurrent kernel: a gate or state is missing');
  return value;
}

/** The bias that is added to the input projection: all of it, or row 0 for GRU reset-after. */
function inputBias(attributes: RecurrentAttributes, inputs: RecurrentInputs): tf.Tensor1D | null {
  if (inputs.bias === null) return null;
  const width = inputs.kernel.shape[1];
  if (attributes.cell === 'gru' && attributes.resetAfter) {
    return biasRow(inputs.bias, 0, width);
  }
  return tf.reshape(inputs.bias, [width]);
}

export const stepwiseRecurrent: RecurrentKernel = (attributes, inputs, needs) => {
  const [batch, timeSteps] = inputs.input.shape;
  const { units } = attributes;
  const { lengths } = inputs;
  const cell = makeCell(attributes, inputs);
  const projection = projectInput(inputs, inputBias(attributes, inputs));
  // TF.js' gradient of `unstack` fails where there is one part only.
  const projected = timeSteps === 1 ? [projection] : tf.unstack(projection, 1);

  let state: Tensor2D[] =
    inputs.initialState ??
    (attributes.cell === 'lstm' ? [0, 1] : [0]).map(() => tf.zeros<tf.Rank.R2>([batch, units]));
  const outputs: Tensor2D[] = new Array<Tensor2D>(timeSteps);

  for (let step = 0; step < timeSteps; step++) {
    const time = attributes.reverse ? timeSteps - 1 - step : step;
    const next = cell(tf.reshape(present(projected[time]), [batch, -1]), state);
    if (lengths === null || lengths.every((length) => length > time)) {
      state = next;
      outputs[time] = present(next[0]);
    } else {
      const real = tf.tensor2d(
        Float32Array.from(lengths, (length) => (length > time ? 1 : 0)),
        [batch, 1],
      );
      state = state.map((old, i) => tf.add(old, tf.mul(real, tf.sub(present(next[i]), old))));
      outputs[time] = tf.mul(present(state[0]), real);
    }
  }

  const last = present(state[0]);
  const sequence = needs.sequence
    ? tf.stack(outputs, 1)
    : tf.zeros<tf.Rank.R3>([batch, timeSteps, units]);
  return { sequence: tf.reshape(sequence, [batch, timeSteps, units]), last, finalState: state };
};
