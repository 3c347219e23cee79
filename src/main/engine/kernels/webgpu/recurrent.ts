/**
 * The recurrent kernel on WebGPU: stock products over all P = B·T places at once, and our own fused
 * dispatches for what has to go step by step (recurrent-shaders.ts).
 *   forward    X·W; then a dispatch a step: hidden·U and the cell
 *   backward   a dispatch a step: dGates·Uᵀ of the later step, then the cell's gradients; at the end
 *              dW = Xᵀ·dG, dU = hiddenᵀ·dG, db = column sums of dG, dX = dG·Wᵀ
 * Nothing is read back. Padded places take part in the stock products only, with zeros for gradients.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { pack } from '../packing.js';
import type { Packing } from '../packing.js';
import { differentiable } from '../recurrent.js';
import type { RecurrentInputs, RecurrentKernel } from '../recurrent.js';
import { columnSums } from './column-sums.js';
import type { CommandStream, Dispatch, Program } from './commands.js';
import {
  backwardPrograms,
  forwardPrograms,
  gateCount,
  initialGradientProgram,
  keptCount,
  layerWords,
  rowsPerTile,
  setupProgram,
  setupWidth,
  unitsPerTile,
  variantOf,
} from './recurrent-shaders.js';
import type { LayerConstants, RowsPerThread, Variant } from './recurrent-shaders.js';

/** One call's shape and order of work. */
interface Plan extends LayerConstants {
  variant: Variant;
  features: number;
  /** 2 for an LSTM, else 1. */
  states: number;
  /** Whether some row ends before T. */
  padded: boolean;
  rowsPerThread: RowsPerThread;
  packing: Packing;
  words: Uint32Array<ArrayBuffer>;
}

/** Below this many workgroups of 32 rows, 8 rows each keep more of a GPU busy. Not tuned on hardware. */
const enoughWorkgroups = 64;

/** Tensors that the backward needs, by name, in the order in which the tape keeps them. */
type Saved = Record<string, Tensor>;

export function webgpuRecurrent(commands: CommandStream): RecurrentKernel {
  return (attributes, inputs, needs) => {
    const [batch, timeSteps, features] = inputs.input.shape;
    const { lengths } = inputs;
    const { units, reverse } = attributes;
    const variant = variantOf(attributes);
    const packing = pack(batch, timeSteps, lengths, reverse);
    const constants: LayerConstants = {
      batch,
      timeSteps,
      units,
      sequenceSteps: needs.sequence ? timeSteps : 0,
      reverse,
      bias: inputs.bias !== null,
      recurrentMask: inputs.recurrentMask !== null,
      initialState: inputs.initialState !== null,
    };
    const ranks = Array.from(packing.order, (index) => ({
      index,
      length: lengths?.[index] ?? timeSteps,
    }));
    const tiles = Math.floor(batch / rowsPerTile(4)) * Math.ceil(units / unitsPerTile);
    const plan: Plan = {
      ...constants,
      variant,
      features,
      states: variant === 'lstm' ? 2 : 1,
      padded: packing.rows < batch * timeSteps,
      rowsPerThread: tiles < enoughWorkgroups ? 1 : 4,
      packing,
      words: layerWords(constants, ranks),
    };

    // TF.js' customGrad returns one tensor, so all outputs share one.
    const outputs = tf.customGrad((...args) => {
      const save = args.at(-1);
      if (typeof save !== 'function') throw new Error('customGrad passed no save function');
      const { value, saved } = forward(commands, plan, inputs);
      const names = Object.keys(saved);
      save(Object.values(saved));
      return {
        value,
        gradFunc: (dy: Tensor, kept: Tensor[]) =>
          tf.tidy(() => {
            const byName = Object.fromEntries(names.map((name, i) => [name, kept[i]!]));
            return backward(commands, plan, inputs, dy, byName);
          }),
      };
    })(...differentiable(inputs));

    const { sequenceSteps, states } = plan;
    const finalState = Array.from({ length: states }, (_, i) => {
      const state =
        sequenceSteps + states === 1
          ? outputs
          : tf.slice(outputs, [0, sequenceSteps + i, 0], [batch, 1, units]);
      return tf.reshape<tf.Rank.R2>(state, [batch, units]);
    });
    const sequence = needs.sequence
      ? tf.slice(outputs, [0, 0, 0], [batch, timeSteps, units])
      : tf.zeros([batch, timeSteps, units]);
    return {
      sequence: tf.reshape<tf.Rank.R3>(sequence, [batch, timeSteps, units]),
      last: finalState[0]!,
      finalState,
    };
  };
}

function forward(
  commands: CommandStream,
  plan: Plan,
  inputs: RecurrentInputs,
): { value: Tensor; saved: Saved } {
  const { batch, timeSteps, features, units, variant, packing } = plan;
  const { kernel, recurrentKernel, bias, inputMask, recurrentMask, initialState } = inputs;
  const placeCount = batch * timeSteps;
  const masked =
    inputMask === null ? inputs.input : tf.mul(inputs.input, tf.expandDims(inputMask, 1));
  const x = tf.reshape<tf.Rank.R2>(masked, [placeCount, features]);
  const gates = tf.matMul(x, kernel);
  const hidden = commands.tensor([placeCount, units]);
  const value = commands.tensor([batch, plan.sequenceSteps + plan.states, units]);
  const working: Saved = {
    gates,
    hidden,
    ...(keptCount[variant] > 0 && {
      kept: commands.tensor([placeCount, keptCount[variant] * units]),
    }),
    ...(variant === 'gru-before' && { reset: commands.tensor([placeCount, units]) }),
  };
  const saved: Saved = {
    ...working,
    x,
    kernel,
    recurrentKernel,
    ...(inputMask && { inputMask }),
    ...(recurrentMask && { recurrentMask }),
  };

  const resources = {
    ...working,
    layer: commands.constants(plan.words),
    outputs: value,
    weights: recurrentKernel,
    // Where there is none the program does not read it, but something must be bound.
    bias: bias ?? recurrentKernel,
    recurrentMask: recurrentMask ?? recurrentKernel,
    initialHidden: initialState?.[0] ?? recurrentKernel,
    initialCell: initialState?.[1] ?? recurrentKernel,
  };
  commands.reserveSteps(packing.steps.length);
  const setup = commands.bind(setupProgram(variant), resources);
  const steps = packing.steps.map(({ count }, step) => ({ step, rows: count }));
  commands.encode([
    { bound: setup, step: 0, workgroups: [Math.ceil(units / setupWidth), batch] },
    ...dispatchesOf(commands, plan, forwardPrograms(variant, plan.rowsPerThread), resources, steps),
  ]);
  return { value, saved };
}

/** The programs' dispatches for each step, which covers ranks 0…rows−1. */
function dispatchesOf(
  commands: CommandStream,
  { units, rowsPerThread }: Plan,
  programs: readonly Program[],
  resources: Record<string, TensorInfo | GPUBuffer>,
  steps: readonly { step: number; rows: number }[],
): Dispatch[] {
  const bound = programs.map((program) => commands.bind(program, resources));
  const across = Math.ceil(units / unitsPerTile);
  return steps.flatMap(({ step, rows }) =>
    bound.map((one): Dispatch => ({
      bound: one,
      step,
      workgroups: [across, Math.ceil(rows / rowsPerTile(rowsPerThread))],
    })),
  );
}

/** Gradients of `differentiable(inputs)`. Runs once: `gates` becomes the gates' gradients in place. */
function backward(
  commands: CommandStream,
  plan: Plan,
  inputs: RecurrentInputs,
  dOutputs: Tensor,
  saved: Saved,
): Tensor[] {
  const { batch, timeSteps, units, variant, rowsPerThread, packing, states } = plan;
  const find = (name: string): Tensor => {
    const tensor = saved[name];
    if (tensor === undefined) throw new Error(`the tape kept no "${name}"`);
    return tensor;
  };
  const width = gateCount[variant] * units;
  const placeCount = batch * timeSteps;
  const weights = find('recurrentKernel');
  const dGates = find('gates');
  const dState = Array.from({ length: states }, () => commands.tensor([batch, units]));
  // GRU reset-after's gradients of h·U + b'; no step writes what lies at padding.
  const dRecurrent =
    variant !== 'gru-after'
      ? dGates
      : plan.padded
        ? tf.fill([placeCount, width], 0)
        : commands.tensor([placeCount, width]);

  const resources = {
    ...saved,
    layer: commands.constants(plan.words),
    weights,
    dOutputs,
    recurrentMask: saved['recurrentMask'] ?? weights,
    dHidden: dState[0]!,
    dCell: dState.at(-1)!,
    dRecurrent,
  };
  const steps = packing.steps.map(({ count }, step) => ({ step, rows: count })).reverse();
  const dispatches = dispatchesOf(
    commands,
    plan,
    backwardPrograms(variant, rowsPerThread),
    resources,
    steps,
  );
  const wantsInitial = inputs.initialState !== null;
  commands.encode([
    ...dispatches,
    ...(wantsInitial
      ? dispatchesOf(commands, plan, [initialGradientProgram(variant, rowsPerThread)], resources, [
          { step: -1, rows: batch },
        ])
      : []),
  ]);

  const dx = tf.matMul(matrix(dGates), matrix(find('kernel')), false, true);
  const dInput = tf.reshape(dx, inputs.input.shape);
  const inputMask = saved['inputMask'];
  return [
    inputMask === undefined ? dInput : tf.mul(dInput, tf.expandDims(inputMask, 1)),
    tf.matMul(matrix(find('x')), matrix(dGates), true),
    variant === 'gru-before'
      ? gruBeforeWeights(matrix(find('hidden')), matrix(find('reset')), dGates, units)
      : tf.matMul(matrix(find('hidden')), matrix(dRecurrent), true),
    ...(inputs.bias === null
      ? []
      : [
          columnSums(
            commands,
            inputs.bias.size > width ? [dGates, dRecurrent] : [dGates],
            inputs.bias.shape,
          ),
        ]),
    ...(wantsInitial ? dState : []),
  ];
}

const matrix = (tensor: Tensor): tf.Tensor2D => {
  const [rows = 0, columns = 0] = tensor.shape;
  return tf.reshape<tf.Rank.R2>(tensor, [rows, columns]);
};

/** dU of GRU reset-before: its candidate's operand is r ⊙ hidden. */
function gruBeforeWeights(
  hidden: tf.Tensor2D,
  reset: tf.Tensor2D,
  dGates: Tensor,
  units: number,
): Tensor {
  const [places = 0] = dGates.shape;
  const gatePart = tf.slice(matrix(dGates), [0, 0], [places, 2 * units]);
  const candidatePart = tf.slice(matrix(dGates), [0, 2 * units], [places, units]);
  return tf.concat([tf.matMul(hidden, gatePart, true), tf.matMul(reset, candidatePart, true)], 1);
}
