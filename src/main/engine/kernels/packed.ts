/**
 * The recurrent kernel for backends whose tensors live in host memory (cpu, wasm): matrix products by
 * the backend's own `MatMul`, everything pointwise in loops over typed arrays, and a backward of our
 * own instead of a tape entry for every op.
 *
 * Rows are sorted by length, longest first, and packed step by step, as PyTorch's
 * `pack_padded_sequence` does: at step s the first n_s rows still run, so finished sequences cost
 * nothing and every step's operand is one contiguous block. P = Σ lengths is the number of packed rows.
 *   forward    X·W for all P rows in one product; per step hidden·U, then the cell
 *   backward   per step the cell, then dGates·Uᵀ; at the end dW = Xᵀ·dG, dU = hiddenᵀ·dG, dX = dG·Wᵀ
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { makeCell } from './packed-cells.js';
import { host, product, transposedProduct } from './packed-products.js';
import type { RecurrentInputs, RecurrentKernel } from './recurrent.js';

interface Packing {
  /** Batch row of each rank; the longest row has rank 0. */
  order: Int32Array;
  /** For each step its first packed row and how many rows still run. */
  steps: { at: number; count: number }[];
  /** b·T + t of each packed row. */
  source: Int32Array;
}

export function pack(
  batch: number,
  timeSteps: number,
  lengths: Int32Array | null,
  reverse: boolean,
): Packing {
  const lengthOf = (b: number): number => (lengths === null ? timeSteps : lengths[b]!);
  const order = Int32Array.from({ length: batch }, (_, b) => b);
  if (lengths !== null) order.sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  const rows = order.reduce((sum, b) => sum + lengthOf(b), 0);
  const source = new Int32Array(rows);
  const steps: Packing['steps'] = [];
  let at = 0;
  for (let step = 0; at < rows; step++) {
    let count = 0;
    for (; count < batch && lengthOf(order[count]!) > step; count++) {
      const b = order[count]!;
      source[at + count] = b * timeSteps + (reverse ? lengthOf(b) - 1 - step : step);
    }
    steps.push({ at, count });
    at += count;
  }
  return { order, steps, source };
}

/** Column sums of [m, n] added to `sums`: a bias' gradient. */
function addColumnSums(values: Float32Array, sums: Float32Array): void {
  const width = sums.length;
  for (let at = 0; at < values.length; at += width) {
    for (let j = 0; j < width; j++) sums[j]! += values[at + j]!;
  }
}

/** Rows of a batch array [B, width] in rank order, or back. */
function permuteRows(
  values: Float32Array | null,
  order: Int32Array,
  width: number,
  back = false,
): Float32Array {
  const permuted = new Float32Array(order.length * width);
  if (values === null) return permuted;
  order.forEach((b, rank) => {
    const [from, to] = back ? [rank, b] : [b, rank];
    permuted.set(values.subarray(from * width, (from + 1) * width), to * width);
  });
  return permuted;
}

/** Packed rows of `values` [B·T, width], times the mask's row [B, width] where there is one. */
function gatherRows(
  values: Float32Array,
  { source }: Packing,
  timeSteps: number,
  width: number,
  mask: Float32Array | null,
): Float32Array {
  const gathered = new Float32Array(source.length * width);
  for (let p = 0; p < source.length; p++) {
    const from = source[p]! * width;
    const to = p * width;
    if (mask === null) {
      gathered.set(values.subarray(from, from + width), to);
    } else {
      const row = Math.floor(source[p]! / timeSteps) * width;
      for (let j = 0; j < width; j++) gathered[to + j] = values[from + j]! * mask[row + j]!;
    }
  }
  return gathered;
}

/** The other way round: packed rows to [B·T, width], zero where no packed row lies. */
function scatterRows(
  packed: Float32Array,
  { source }: Packing,
  batch: number,
  timeSteps: number,
  width: number,
  mask: Float32Array | null,
): Float32Array {
  const scattered = new Float32Array(batch * timeSteps * width);
  for (let p = 0; p < source.length; p++) {
    const from = p * width;
    const to = source[p]! * width;
    if (mask === null) {
      scattered.set(packed.subarray(from, from + width), to);
    } else {
      const row = Math.floor(source[p]! / timeSteps) * width;
      for (let j = 0; j < width; j++) scattered[to + j] = packed[from + j]! * mask[row + j]!;
    }
  }
  return scattered;
}

export const packedRecurrent: RecurrentKernel = (attributes, inputs, needs) => {
  const { units } = attributes;
  const [batch, timeSteps, features] = inputs.input.shape;
  const stateCount = attributes.cell === 'lstm' ? 2 : 1;
  const { initialState, bias } = inputs;

  // TF.js' customGrad returns one tensor, so the outputs share one [B, T + S, H]: the sequence (where
  // it is needed), then the S final states.
  const sequenceSteps = needs.sequence ? timeSteps : 0;
  const outputSteps = sequenceSteps + stateCount;

  const run = tf.customGrad<tf.Tensor3D>((...args) => {
    const save = args.at(-1);
    if (typeof save !== 'function') throw new Error('customGrad passed no save function');
    const packing = pack(batch, timeSteps, inputs.lengths, attributes.reverse);
    const { order, steps } = packing;
    const rows = packing.source.length;
    const inputMask = inputs.inputMask && host(inputs.inputMask);
    const recurrentMask =
      inputs.recurrentMask && permuteRows(host(inputs.recurrentMask), order, units);
    const x = gatherRows(host(inputs.input), packing, timeSteps, features, inputMask);
    const gates = rows === 0 ? new Float32Array(0) : product(x, rows, inputs.kernel);
    const state = Array.from({ length: stateCount }, (_, i) =>
      permuteRows(initialState && hostState(initialState, i), order, units),
    );
    const cell = makeCell(attributes, {
      rows,
      gates,
      bias: bias && host(bias),
      state,
      recurrentMask,
    });

    const outputs = new Float32Array(batch * outputSteps * units);
    const h = state[0]!;
    tf.tidy(() => {
      const weights = cell.forwardWeights(inputs.recurrentKernel);
      for (const { at, count } of steps) {
        cell.forward(at, count, weights);
        if (!needs.sequence) continue;
        for (let rank = 0; rank < count; rank++) {
          const to = (packing.source[at + rank]! + order[rank]! * stateCount) * units;
          outputs.set(h.subarray(rank * units, (rank + 1) * units), to);
        }
      }
    });
    order.forEach((b, rank) => {
      state.forEach((values, i) => {
        const to = (b * outputSteps + sequenceSteps + i) * units;
        outputs.set(values.subarray(rank * units, (rank + 1) * units), to);
      });
    });

    save([inputs.kernel, inputs.recurrentKernel]);
    const gradFunc = (dy: tf.Tensor3D, saved: Tensor[]): Tensor[] => {
      const [kernel, recurrentKernel] = saved;
      if (!kernel || !recurrentKernel) throw new Error('customGrad lost the saved weights');
      const upstream = host(dy);
      const dState = state.map(() => new Float32Array(batch * units));
      order.forEach((b, rank) => {
        dState.forEach((values, i) => {
          const from = (b * outputSteps + sequenceSteps + i) * units;
          values.set(upstream.subarray(from, from + units), rank * units);
        });
      });
      const dh = dState[0]!;
      tf.tidy(() => {
        const weights = cell.backwardWeights(recurrentKernel);
        for (const { at, count } of steps.toReversed()) {
          for (let rank = 0; needs.sequence && rank < count; rank++) {
            const from = (packing.source[at + rank]! + order[rank]! * stateCount) * units;
            for (let j = 0; j < units; j++) dh[rank * units + j]! += upstream[from + j]!;
          }
          cell.backward(at, count, dState, weights);
        }
      });

      const dGates = cell.inputGradients();
      const transposed = tf.transpose(kernel);
      const dRows = rows === 0 ? dGates : product(dGates, rows, transposed);
      transposed.dispose();
      const dInput = scatterRows(dRows, packing, batch, timeSteps, features, inputMask);
      const gradients: Tensor[] = [
        tf.tensor3d(dInput, [batch, timeSteps, features]),
        tf.tensor(
          rows === 0 ? new Float32Array(kernel.size) : transposedProduct(x, dGates, rows),
          kernel.shape,
        ),
        tf.tensor(
          rows === 0 ? new Float32Array(recurrentKernel.size) : cell.recurrentGradients(),
          recurrentKernel.shape,
        ),
      ];
      if (bias !== null) {
        const dBias = new Float32Array(bias.size);
        addColumnSums(dGates, dBias.subarray(0, kernel.shape[1]));
        const width = kernel.shape[1] ?? 0;
        if (bias.size > width) addColumnSums(cell.stateGradients(), dBias.subarray(width));
        gradients.push(tf.tensor(dBias, bias.shape));
      }
      initialState?.forEach((_, i) => {
        gradients.push(
          tf.tensor2d(permuteRows(dState[i] ?? null, order, units, true), [batch, units]),
        );
      });
      return gradients;
    };
    return { value: tf.tensor3d(outputs, [batch, outputSteps, units]), gradFunc };
  });

  const all = run(...differentiable(inputs));
  const states = Array.from({ length: stateCount }, (_, i) =>
    tf.reshape<tf.Rank.R2>(tf.slice(all, [0, sequenceSteps + i, 0], [batch, 1, units]), [
      batch,
      units,
    ]),
  );
  return {
    sequence: needs.sequence
      ? tf.slice(all, [0, 0, 0], [batch, timeSteps, units])
      : tf.zeros([batch, timeSteps, units]),
    last: states[0]!,
    finalState: states,
  };
};

function hostState(initialState: Tensor[], i: number): Float32Array {
  const state = initialState[i];
  if (state === undefined) throw new Error('recurrent kernel: the initial state has too few parts');
  return host(state);
}

/** The tensors that get a gradient, in the order in which the backward returns them. */
function differentiable(inputs: RecurrentInputs): Tensor[] {
  const { input, kernel, recurrentKernel, bias, initialState } = inputs;
  return [
    input,
    kernel,
    recurrentKernel,
    ...(bias === null ? [] : [bias]),
    ...(initialState ?? []),
  ];
}
