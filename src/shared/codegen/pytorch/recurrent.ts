/**
 * Recurrent blocks in PyTorch: which modules they are, which lines run them, and their weights.
 *
 * A block is one nn.RNN, nn.GRU or nn.LSTM where that computes the same. It doesn't where h is dropped
 * inside the recurrence or a GRU resets before the product (then the layers are our own, step by step),
 * nor where layers differ in size or inputs are dropped the same at every step (then each layer, or each
 * direction, is a module by itself).
 */
import type { RecurrentModule, RecurrentOp } from '../modules.js';
import { pythonFloat } from '../python/format.js';
import type { TargetTensor } from '../types.js';
import { gateBias, gateOrders, gateRows, valuesOf } from '../weights.js';

export type RecurrentForm =
  /** One nn module for all layers and directions; its state is a tensor or an (h, c) pair. */
  | 'fused'
  /** One layer of our own; its state looks like that of an nn module. */
  | 'stepwise'
  /** One module a direction; the state is a list of states. */
  | 'directions'
  /** One module a layer; the state is a list of states. */
  | 'stack';

/** Only a loop over the steps computes it. */
const isStepwise = ({ cell, resetAfter, recurrentDropout }: RecurrentModule): boolean =>
  recurrentDropout > 0 || (cell === 'gru' && !resetAfter);

export function formOf(module: RecurrentModule): RecurrentForm {
  const { layers, merge, dropout } = module;
  const single = layers.length === 1 && merge === null;
  if (isStepwise(module)) return single ? 'stepwise' : merge === null ? 'stack' : 'directions';
  const [first] = layers;
  const oneSize = layers.every(({ units }) => units === first?.units);
  const between = new Set(layers.slice(1).map(({ dropoutBefore }) => dropoutBefore));
  if (single || (oneSize && dropout === 0 && between.size <= 1)) return 'fused';
  return merge === null ? 'stack' : 'directions';
}

/** Read from the end of each row. */
export const isReversed = ({ layers, merge }: RecurrentModule): boolean =>
  merge === null && layers[0]?.forward === null;

/** Dropout between the layers, where there is any. */
export const betweenDropout = ({ layers }: RecurrentModule): number =>
  Math.max(...layers.map(({ dropoutBefore }) => dropoutBefore));

/** Trains one bias of PyTorch's two. */
export const hasFrozenBias = (module: RecurrentModule): boolean =>
  module.cell !== 'gru' && !isStepwise(module);

const cellNames = { rnn: 'RNN', lstm: 'LSTM', gru: 'GRU' } as const;

/** The class of a layer, and the arguments that make one. */
export function layerClass(module: RecurrentModule): string {
  const { cell, resetAfter } = module;
  if (!isStepwise(module)) return `nn.${cellNames[cell]}`;
  return cell === 'gru' && !resetAfter ? 'ResetBeforeGRU' : `Stepwise${cellNames[cell]}`;
}

export function layerArguments(
  module: RecurrentModule,
  { inputSize, units }: { inputSize: number; units: number },
  more: readonly string[] = [],
): string[] {
  const { cell, activation, recurrentDropout } = module;
  return [
    String(inputSize),
    String(units),
    ...(cell === 'rnn' && activation === 'relu' ? ['nonlinearity="relu"'] : []),
    ...(isStepwise(module)
      ? recurrentDropout > 0
        ? [`recurrent_dropout=${pythonFloat(recurrentDropout)}`]
        : []
      : ['batch_first=True']),
    ...more,
  ];
}

/** Arguments of the whole block's one module. */
export function fusedArguments(module: RecurrentModule): string[] {
  const { layers, merge } = module;
  const [first] = layers;
  if (first === undefined) throw new Error(`${module.node} has no layer`);
  const dropout = betweenDropout(module);
  return layerArguments(module, first, [
    ...(layers.length > 1 ? [`num_layers=${layers.length}`] : []),
    ...(dropout > 0 ? [`dropout=${pythonFloat(dropout)}`] : []),
    ...(merge === null ? [] : ['bidirectional=True']),
  ]);
}

/** A call that runs a layer: outputs and final state. @param state null starts from zeros. */
export function runLayer(
  module: RecurrentModule,
  padded: boolean,
  layer: string,
  input: string,
  state: string | null,
): { head: string; items: string[] } {
  const rest = [input, ...(padded ? ['lengths'] : []), ...(state === null ? [] : [state])];
  return padded && !isStepwise(module)
    ? { head: 'run_rnn(', items: [layer, ...rest] }
    : { head: `${layer}(`, items: rest };
}

export const reversed = (input: string, padded: boolean): string =>
  padded ? `reverse_steps(${input}, lengths)` : `${input}.flip(1)`;

/** Attributes of the network; the directions' are used where each is a module by itself. */
export interface RecurrentNames {
  block: string;
  forward: string;
  backward: string;
}

/** A block's tensors in PyTorch's layout and gate order. */
export function recurrentTensors(module: RecurrentModule, names: RecurrentNames): TargetTensor[] {
  const form = formOf(module);
  return module.layers.flatMap(({ inputSize, forward, backward }, layer) =>
    [forward, backward].flatMap((op) => {
      if (op === null) return [];
      const second = op === backward && module.merge !== null;
      const own = form === 'directions' ? (second ? names.backward : names.forward) : names.block;
      const path = form === 'stack' ? `${own}.${layer}.` : `${own}.`;
      if (isStepwise(module)) return stepwiseTensors(op, inputSize, path);
      const suffix = form === 'fused' ? `_l${layer}${second ? '_reverse' : ''}` : '_l0';
      return nnTensors(op, inputSize, path, suffix);
    }),
  );
}

function kernels(op: RecurrentOp, inputSize: number, prefix: string, suffix: string) {
  const { cell, units } = op;
  const order = gateOrders.pytorch[cell];
  const matrix = (kind: 'ih' | 'hh', id: string, columns: number): TargetTensor => ({
    name: `${prefix}weight_${kind}${suffix}`,
    shape: [order.length * units, columns],
    values: (all) => gateRows(valuesOf(all, id), columns, units, order),
  });
  return [matrix('ih', op.kernel, inputSize), matrix('hh', op.recurrentKernel, units)];
}

/** @param row of a bias with two; null is a bias of zeros. */
function bias(op: RecurrentOp, name: string, row: 0 | 1 | null): TargetTensor {
  const order = gateOrders.pytorch[op.cell];
  const width = order.length * op.units;
  const { bias: id } = op;
  if (id === null) throw new Error(`${op.node}: recurrent blocks have a bias`);
  return {
    name,
    shape: [width],
    values: (all) =>
      row === null
        ? new Float32Array(width)
        : gateBias(valuesOf(all, id).subarray(row * width, (row + 1) * width), op.units, order),
  };
}

const nnTensors = (
  op: RecurrentOp,
  inputSize: number,
  prefix: string,
  suffix: string,
): TargetTensor[] => [
  ...kernels(op, inputSize, prefix, suffix),
  bias(op, `${prefix}bias_ih${suffix}`, 0),
  bias(op, `${prefix}bias_hh${suffix}`, op.cell === 'gru' ? 1 : null),
];

const stepwiseTensors = (op: RecurrentOp, inputSize: number, prefix: string): TargetTensor[] => [
  ...kernels(op, inputSize, prefix, ''),
  bias(op, `${prefix}bias`, 0),
  ...(op.cell === 'gru' && op.resetAfter ? [bias(op, `${prefix}bias_hh`, 1)] : []),
];
