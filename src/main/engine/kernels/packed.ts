/**
 * The recurrent kernel for backends whose tensors live in host memory (cpu, wasm): matrix products by
 * the backend's own `MatMul`, everything pointwise in loops over typed arrays (packed-cells.ts) on
 * packed rows (packing.ts), and a backward of our own instead of a tape entry for every op.
 *   forward    X·W for all P rows in one product; per step hidden·U, then the cell
 *   backward   per step the cell, then dGates·Uᵀ; at the end dW = Xᵀ·dG, dU = hiddenᵀ·dG, dX = dG·Wᵀ
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { makeCell } from './packed-cells.js';
import type { PackedCell } from './packed-cells.js';
import { host, product, transposedProduct } from './packed-products.js';
import { fromRanks, gatherRows, pack, scatterRows, toRanks } from './packing.js';
import type { Packing } from './packing.js';
import { differentiable } from './recurrent.js';
import type { RecurrentAttributes, RecurrentInputs, RecurrentKernel } from './recurrent.js';

/**
 * TF.js' customGrad returns one tensor, so all outputs share one [B, sequenceSteps + states, H]: the
 * sequence, where it is needed, then the final states.
 */
interface OutputLayout {
  units: number;
  /** T, or 0 where nobody needs the sequence. */
  sequenceSteps: number;
  /** 2 for an LSTM, else 1. */
  states: number;
}

/**
 * What the backward needs of the forward, as host arrays that go with the tape. The layer's own tensors
 * may be gone by then: TF.js keeps only those that were handed to `save`.
 */
interface Run {
  packing: Packing;
  cell: PackedCell;
  /** Packed, masked input [P, I]. */
  x: Float32Array;
  /** [B, I]. */
  inputMask: Float32Array | null;
  outputs: Float32Array;
}

export const packedRecurrent: RecurrentKernel = (attributes, inputs, needs) => {
  const { units } = attributes;
  const [batch, timeSteps] = inputs.input.shape;
  const layout: OutputLayout = {
    units,
    sequenceSteps: needs.sequence ? timeSteps : 0,
    states: attributes.cell === 'lstm' ? 2 : 1,
  };
  const outputSteps = layout.sequenceSteps + layout.states;

  const outputs = tf.customGrad<tf.Tensor3D>((...args) => {
    const save = args.at(-1);
    if (typeof save !== 'function') throw new Error('customGrad passed no save function');
    const run = forward(attributes, inputs, layout);
    save([inputs.kernel, inputs.recurrentKernel]);
    return {
      value: tf.tensor3d(run.outputs, [batch, outputSteps, units]),
      gradFunc: (dy: tf.Tensor3D, saved: Tensor[]) => backward(inputs, layout, run, dy, saved),
    };
  })(...differentiable(inputs));

  const finalState = Array.from({ length: layout.states }, (_, i) => {
    const state = tf.slice(outputs, [0, layout.sequenceSteps + i, 0], [batch, 1, units]);
    return tf.reshape<tf.Rank.R2>(state, [batch, units]);
  });
  return {
    sequence: needs.sequence
      ? tf.slice(outputs, [0, 0, 0], [batch, timeSteps, units])
      : tf.zeros([batch, timeSteps, units]),
    last: finalState[0]!,
    finalState,
  };
};

function forward(
  attributes: RecurrentAttributes,
  inputs: RecurrentInputs,
  layout: OutputLayout,
): Run {
  const { units, states } = layout;
  const [batch, timeSteps, features] = inputs.input.shape;
  const { recurrentMask, initialState, bias } = inputs;
  const inputMask = inputs.inputMask && host(inputs.inputMask);
  const packing = pack(batch, timeSteps, inputs.lengths, attributes.reverse);
  const x = gatherRows(host(inputs.input), features, inputMask, packing);
  const state = Array.from({ length: states }, (_, i) => {
    const initial = initialState?.[i];
    return initial ? toRanks(host(initial), packing) : new Float32Array(batch * units);
  });
  const cell = makeCell(attributes, {
    rows: packing.rows,
    gates: product(x, packing.rows, inputs.kernel),
    bias: bias && host(bias),
    state,
    recurrentMask: recurrentMask && toRanks(host(recurrentMask), packing),
  });

  const h = state[0]!;
  const outputs = new Float32Array(batch * (layout.sequenceSteps + states) * units);
  const weights = cell.forwardWeights(inputs.recurrentKernel);
  for (const { at, count } of packing.steps) {
    cell.forward(at, count, weights);
    if (layout.sequenceSteps === 0) continue;
    for (let rank = 0; rank < count; rank++) {
      const row = h.subarray(rank * units, (rank + 1) * units);
      outputs.set(row, stepOffset(layout, packing, at + rank, rank));
    }
  }
  packing.order.forEach((b, rank) => {
    state.forEach((values, i) => {
      const row = values.subarray(rank * units, (rank + 1) * units);
      outputs.set(row, stateOffset(layout, b, i));
    });
  });
  return { packing, cell, x, inputMask, outputs };
}

/** Where a packed row lies in the outputs: b·T + t, plus the states of the rows before b. */
function stepOffset(layout: OutputLayout, packing: Packing, row: number, rank: number): number {
  return (packing.source[row]! + packing.order[rank]! * layout.states) * layout.units;
}

function stateOffset({ units, sequenceSteps, states }: OutputLayout, b: number, i: number): number {
  return (b * (sequenceSteps + states) + sequenceSteps + i) * units;
}

/** Gradients of `differentiable(inputs)`, given that of all outputs. Runs once: it reuses `run`'s arrays. */
function backward(
  inputs: RecurrentInputs,
  layout: OutputLayout,
  { packing, cell, x, inputMask }: Run,
  dOutputs: Tensor,
  saved: Tensor[],
): Tensor[] {
  const [kernel, recurrentKernel] = saved;
  if (!kernel || !recurrentKernel) throw new Error('customGrad lost the saved weights');
  const { units, states } = layout;
  const { batch, rows } = packing;
  const { bias, initialState, input } = inputs;
  const upstream = host(dOutputs);

  const dState = Array.from({ length: states }, () => new Float32Array(batch * units));
  packing.order.forEach((b, rank) => {
    dState.forEach((values, i) => {
      const from = stateOffset(layout, b, i);
      values.set(upstream.subarray(from, from + units), rank * units);
    });
  });
  const dh = dState[0]!;
  const weights = cell.backwardWeights(recurrentKernel);
  for (const { at, count } of packing.steps.toReversed()) {
    for (let rank = 0; layout.sequenceSteps > 0 && rank < count; rank++) {
      const from = stepOffset(layout, packing, at + rank, rank);
      for (let j = 0; j < units; j++) dh[rank * units + j]! += upstream[from + j]!;
    }
    cell.backward(at, count, dState, weights);
  }

  const dGates = cell.inputGradients();
  const features = input.shape[2];
  const dRows = product(dGates, rows, tf.transpose(kernel));
  const dInput = scatterRows(dRows, features, inputMask, packing);
  const dKernel = transposedProduct(x, features, dGates, rows, inputs.kernel.shape[1]);
  const gradients: Tensor[] = [
    tf.tensor(dInput, input.shape),
    tf.tensor(dKernel, kernel.shape),
    tf.tensor(cell.recurrentGradients(), recurrentKernel.shape),
  ];
  if (bias !== null) {
    const width = inputs.kernel.shape[1];
    const dBias = new Float32Array(bias.size);
    addColumnSums(dGates, dBias.subarray(0, width));
    // GRU reset-after has a bias on the state's side too.
    if (bias.size > width) addColumnSums(cell.stateGradients(), dBias.subarray(width));
    gradients.push(tf.tensor(dBias, bias.shape));
  }
  for (const values of initialState === null ? [] : dState) {
    gradients.push(tf.tensor2d(fromRanks(values, packing), [batch, units]));
  }
  return gradients;
}

/** Column sums of [P, width] added to `sums` [width]. */
function addColumnSums(values: Float32Array, sums: Float32Array): void {
  const width = sums.length;
  for (let at = 0; at < values.length; at += width) {
    for (let j = 0; j < width; j++) sums[j]! += values[at + j]!;
  }
}
