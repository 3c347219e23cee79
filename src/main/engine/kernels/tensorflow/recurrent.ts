/**
 * The recurrent kernel on TensorFlow: an LSTM by TensorFlow's fused ops, on packed rows (packing.ts);
 * every other cell, recurrent dropout, and layers too small to gain, by the packed kernel.
 *   forward    BlockLSTMV2 over each run of steps at which equally many rows are left
 *   backward   LSTMBlockCellGrad and dGates·Uᵀ a step; at the end dW = Xᵀ·dG, dU = hiddenᵀ·dG,
 *              dX = dG·Wᵀ
 * A signal handler that runs during oneDNN's AVX-512 product inside BlockLSTMV2 corrupts the heap
 * (github.com/uxlfoundation/oneDNN/issues/4845, in every TensorFlow so far), so a CPU profile of the
 * engine (`--cpu-prof`) crashes here; ONEDNN_MAX_CPU_ISA=AVX2 avoids it.
 *
 * The whole-layer BlockLSTMGradV2 adds to dW at every step instead of once at the end: 34 ms against
 * 16 ms at B 32, T 32, I 64, H 256 on two cores; both take 8 to 11 ms at H 128.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { recurrentFallback } from '#shared/run/fallbacks';
import { packedRecurrent } from '../packed.js';
import { pack } from '../packing.js';
import type { Packing } from '../packing.js';
import { differentiable } from '../recurrent.js';
import type { RecurrentInputs, RecurrentKernel } from '../recurrent.js';
import type { BlockLstm, TensorflowOps } from './ops.js';
import { rows, splitRows } from './output-rows.js';

/** One call's shape and order of work. */
interface Plan {
  ops: TensorflowOps;
  units: number;
  packing: Packing;
  /** T, or 0 where nobody needs the sequence. */
  sequenceSteps: number;
}

interface State {
  h: Tensor2D;
  c: Tensor2D;
}

/**
 * Below so many states, rows of all steps times H, a layer's fixed cost of some 60 calls into TensorFlow
 * is more than the packed kernel's work.
 */
const leastStates = 4096;

/** @param least states from which on the fused ops are taken; tests try small layers too. */
export function tensorflowRecurrent(ops: TensorflowOps, least = leastStates): RecurrentKernel {
  return (attributes, inputs, needs) => {
    const [batch, timeSteps] = inputs.input.shape;
    const { units } = attributes;
    const packing = pack(batch, timeSteps, inputs.lengths, attributes.reverse);
    const recurrentDropout = inputs.recurrentMask === null ? 0 : 1;
    const fused = recurrentFallback('tensorflow', { ...attributes, recurrentDropout }) === null;
    if (!fused || packing.rows === 0 || packing.rows * units < least) {
      return packedRecurrent(attributes, inputs, needs);
    }
    const plan: Plan = { ops, units, packing, sequenceSteps: needs.sequence ? timeSteps : 0 };
    const outputs = tf.customGrad<Tensor2D>((...args) => {
      const save = args.at(-1);
      if (typeof save !== 'function') throw new Error('customGrad passed no save function');
      const { value, saved } = forward(plan, inputs);
      save(saved);
      return {
        value,
        gradFunc: (dy: Tensor2D, kept: Tensor[]) => tf.tidy(() => backward(plan, inputs, dy, kept)),
      };
    })(...differentiable(inputs));
    return splitRows(outputs, { ...plan, batch, timeSteps, states: 2 });
  };
}

/** @returns `saved`: what `backward` takes apart as `kept`. */
function forward(plan: Plan, inputs: RecurrentInputs): { value: Tensor2D; saved: Tensor[] } {
  const { ops, units, packing, sequenceSteps } = plan;
  const { batch, timeSteps, order, source } = packing;
  const { input, kernel, recurrentKernel, inputMask, initialState } = inputs;
  const features = input.shape[2];
  const masked = inputMask === null ? input : tf.mul(input, tf.expandDims(inputMask, 1));
  const x = gather(tf.reshape(masked, [batch * timeSteps, features]), source);
  const [h0, c0] = [0, 1].map((i) => {
    const given = initialState?.[i];
    return given ? gather(given, order) : tf.zeros<tf.Rank.R2>([batch, units]);
  });
  const initial: State = { h: h0!, c: c0! };
  const weights = tf.concat([kernel, recurrentKernel], 0);
  const bias = inputs.bias ?? tf.zeros([4 * units]);
  const peephole = tf.zeros([units]);

  let state = initial;
  const blocks: BlockLstm[] = [];
  /** Final states of ranks that have ended, the last ranks first. */
  const ended: State[] = [];
  for (const { at, count, steps } of runsOf(packing)) {
    ended.push(stateRows(state, count, state.h.shape[0] - count));
    const block = ops.blockLstm(
      tf.reshape(rows(x, at, steps * count), [steps, count, features]),
      stateRows(state, 0, count),
      { weights, bias, peephole },
    );
    const { h, activations } = block;
    const last = (tensor: Tensor): Tensor2D =>
      rows(flat(tensor, units), (steps - 1) * count, count);
    state = { h: last(h), c: last(activations[1]!) };
    blocks.push(block);
  }
  const finals = [state, ...ended.reverse()];

  const joined = (pick: (block: BlockLstm) => Tensor): Tensor2D =>
    tf.concat(blocks.map((block) => flat(pick(block), units)));
  const h = joined((block) => block.h);
  const activations = Array.from({ length: 6 }, (_, i) => joined((one) => one.activations[i]!));
  const before = placesBefore(packing);
  const sequenceRows = batch * sequenceSteps;
  const places = [
    ...(sequenceSteps > 0 ? source : []),
    ...Array.from(order, (b) => sequenceRows + b),
    ...Array.from(order, (b) => sequenceRows + batch + b),
  ];
  const values = tf.concat([
    ...(sequenceSteps > 0 ? [h] : []),
    ...finals.map((one) => one.h),
    ...finals.map((one) => one.c),
  ]);
  return {
    value: scatter(values, places, sequenceRows + 2 * batch),
    saved: [
      ...[kernel, recurrentKernel, x],
      gather(tf.concat([initial.h, h]), before),
      gather(tf.concat([initial.c, activations[1]!]), before),
      ...activations,
    ],
  };
}

/** Gradients of `differentiable(inputs)`. */
function backward(plan: Plan, inputs: RecurrentInputs, dOutputs: Tensor2D, kept: Tensor[]) {
  const { ops, units, packing, sequenceSteps } = plan;
  const { batch, timeSteps, order, source, steps } = packing;
  const { input, bias, inputMask, initialState } = inputs;
  const [kernel, recurrentKernel, x, previousH, previousC, ...activations] = kept;
  if (!kernel || !recurrentKernel || !x || !previousH || !previousC) {
    throw new Error('customGrad lost what was saved');
  }
  const sequenceRows = batch * sequenceSteps;
  const dFinal: State = {
    h: gather(
      dOutputs,
      order.map((b) => sequenceRows + b),
    ),
    c: gather(
      dOutputs,
      order.map((b) => sequenceRows + batch + b),
    ),
  };
  const counts = steps.map(({ count }) => count);
  const byStep = (tensor: Tensor): Tensor2D[] => tf.split(tensor, counts, 0);
  const dSequence = sequenceSteps > 0 ? byStep(gather(dOutputs, source)) : null;
  const previousCs = byStep(previousC);
  const stepActivations = activations.map(byStep);
  const weights = swapMiddleGates(recurrentKernel);
  const unread = {
    weights: recurrentKernel,
    bias: tf.zeros([4 * units]),
    peephole: tf.zeros([units]),
  };

  /** Of the ranks that take part in the step. */
  let dState = stateRows(dFinal, 0, 0);
  const dGates: Tensor2D[] = [];
  for (let step = steps.length - 1; step >= 0; step--) {
    dState = grown(dState, dFinal, counts[step]!);
    const { h, c } = dState;
    const gradients = ops.lstmStepGradients(
      stepActivations.map((one) => one[step]!),
      previousCs[step]!,
      { h: dSequence === null ? h : tf.add(h, dSequence[step]!), c },
      { ...unread, input: tf.zeros([counts[step]!, 0]) },
    );
    dState = { h: tf.matMul(gradients.gates, weights, false, true), c: gradients.previousC };
    dGates.push(gradients.gates);
  }
  dState = grown(dState, dFinal, batch);

  const gates = tf.concat(dGates.reverse());
  const dRows = tf.matMul<Tensor2D>(gates, swapMiddleGates(kernel), false, true);
  const dInput = tf.reshape(scatter(dRows, source, batch * timeSteps), input.shape);
  const ranks = new Int32Array(batch);
  order.forEach((b, rank) => (ranks[b] = rank));
  return [
    inputMask === null ? dInput : tf.mul(dInput, tf.expandDims(inputMask, 1)),
    swapMiddleGates(tf.matMul(x, gates, true)),
    swapMiddleGates(tf.matMul(previousH, gates, true)),
    ...(bias === null ? [] : [swapMiddleGates(tf.sum(gates, 0))]),
    ...(initialState === null ? [] : [gather(dState.h, ranks), gather(dState.c, ranks)]),
  ];
}

/** Consecutive steps with equally many rows: from packed row `at`, `steps` times `count` rows. */
function runsOf({ steps }: Packing): { at: number; count: number; steps: number }[] {
  const runs: { at: number; count: number; steps: number }[] = [];
  for (const { at, count } of steps) {
    const last = runs.at(-1);
    if (last?.count === count) last.steps++;
    else runs.push({ at, count, steps: 1 });
  }
  return runs;
}

/** For each packed row, where its state before the step lies among the B initial rows and the packed ones. */
function placesBefore({ batch, rows: total, steps }: Packing): Int32Array {
  const places = new Int32Array(total);
  steps.forEach(({ at, count }, step) => {
    const from = step === 0 ? 0 : batch + steps[step - 1]!.at;
    for (let rank = 0; rank < count; rank++) places[at + rank] = from + rank;
  });
  return places;
}

/** Gradients of the first ranks, with the final state's for those that join at an earlier step. */
function grown(dState: State, dFinal: State, count: number): State {
  const have = dState.h.shape[0];
  if (have === count) return dState;
  const more = stateRows(dFinal, have, count - have);
  return { h: tf.concat([dState.h, more.h]), c: tf.concat([dState.c, more.c]) };
}

/** TensorFlow's gate order i g f o ↔ Keras' i f g o along the last axis. */
function swapMiddleGates<T extends Tensor>(tensor: T): T {
  const [i, second, third, o] = tf.split<T>(tensor, 4, -1);
  return tf.concat<T>([i!, third!, second!, o!], -1);
}

const flat = (tensor: Tensor, width: number): Tensor2D =>
  tf.reshape<tf.Rank.R2>(tensor, [tensor.size / width, width]);

const stateRows = ({ h, c }: State, from: number, count: number): State => ({
  h: rows(h, from, count),
  c: rows(c, from, count),
});

const gather = (tensor: Tensor2D, indices: Int32Array): Tensor2D =>
  tf.gather(tensor, tf.tensor1d(indices, 'int32'));

/** Rows to their places among `total`; zeros elsewhere. */
function scatter(values: Tensor2D, places: ArrayLike<number>, total: number): Tensor2D {
  const indices = tf.tensor2d(Int32Array.from(places), [places.length, 1], 'int32');
  return tf.scatterND<tf.Rank.R2>(indices, values, [total, values.shape[1]]);
}
