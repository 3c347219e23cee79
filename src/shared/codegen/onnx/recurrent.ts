/**
 * RNN, LSTM and GRU of opset 22. Layout 0, time first, which is what runtimes implement. Gate orders: LSTM
 * i o f c, GRU z r h; the bias is that of the input followed by that of the state.
 *
 * Padding is at the end of a row and `sequence_lens` says where it begins: steps beyond give zeros and
 * leave the state as it is, and the reverse direction starts at a row's last real step. A row of length 0
 * ends in zeros; the initial state that it would keep was made from the same row, so it is zeros too.
 */
import type { IrValueRef } from '../../ir/types.js';
import type { RecurrentLayer, RecurrentModule, RecurrentOp } from '../modules.js';
import type { ParameterValues } from '../types.js';
import { gateBias, gateCounts, gateOrders, gateRows, valuesOf } from '../weights.js';
import { int, string, strings } from './graph.js';
import { lengthsName, type OnnxValues } from './values.js';

const operators = { rnn: 'RNN', lstm: 'LSTM', gru: 'GRU' } as const;

export function emitRecurrent(
  module: RecurrentModule,
  values: OnnxValues,
  consumed: ReadonlySet<IrValueRef>,
): void {
  const { graph } = values;
  let input = values.timeFirst(module.input);
  for (const layer of module.layers) {
    const cells = directionsOf(layer);
    const isTop = layer === module.layers.at(-1);
    const wants = (steps: 'all' | 'last'): boolean =>
      isTop && module.output.some((one) => one.steps === steps && consumed.has(one.ref));
    const [hidden = [], memory = []] = [0, 1].map((i) => statesOf(cells, i));
    const isRead = (refs: IrValueRef[]): boolean => refs.some((ref) => consumed.has(ref));
    const [steps = '', h = '', c = ''] = graph.addMany(
      operators[module.cell],
      [
        input,
        ...weightsOf(module, layer, values),
        values.isPadded(module.input) ? lengthsName : '',
        ...initialStates(cells, values),
      ],
      [
        !isTop || wants('all') ? 'Y' : null,
        wants('last') || isRead(hidden) ? 'Y_h' : null,
        isRead(memory) ? 'Y_c' : null,
      ],
      {
        hidden_size: int(layer.units),
        direction: string(directionName(layer)),
        ...(module.cell === 'rnn' && module.activation === 'relu'
          ? { activations: strings(...cells.map(() => 'Relu')) }
          : {}),
        ...(module.cell === 'gru' ? { linear_before_reset: int(module.resetAfter ? 1 : 0) } : {}),
      },
    );
    setStates(hidden, h, values);
    setStates(memory, c, values);
    if (!isTop) {
      input = graph.squeeze(steps, 1);
      continue;
    }
    for (const output of module.output) {
      if (output.steps === 'last') values.set(output.ref, () => mergeStates(module, h, values));
      else setSteps(output.ref, module, steps, values);
    }
  }
}

const directionsOf = ({ forward, backward }: RecurrentLayer): RecurrentOp[] =>
  [forward, backward].filter((op) => op !== null);

function directionName({ forward, backward }: RecurrentLayer): string {
  if (forward !== null && backward !== null) return 'bidirectional';
  return backward === null ? 'forward' : 'reverse';
}

/** h (0) or c (1) of each direction; none for a cell that has no c. */
const statesOf = (cells: readonly RecurrentOp[], index: number): IrValueRef[] =>
  cells.flatMap(({ finalState }) => finalState[index] ?? []);

function initialStates(cells: readonly RecurrentOp[], values: OnnxValues): string[] {
  const states = cells.map(({ initialState }) => initialState ?? []);
  return [0, 1]
    .map((index) => states.flatMap((state) => state[index] ?? []))
    .filter((refs) => refs.length > 0)
    .map((refs) => values.stacked(refs));
}

/** Each direction's state of [directions,B,H], and all of them as they are for a block that goes on. */
function setStates(refs: readonly IrValueRef[], stack: string, values: OnnxValues): void {
  const { graph } = values;
  if (refs.length === 0) return;
  values.setStacked(refs, () => stack);
  refs.forEach((ref, direction) =>
    values.set(ref, () =>
      refs.length === 1
        ? graph.squeeze(stack, 0)
        : graph.add('Gather', [stack, graph.constant('int64', direction)], { axis: int(0) }),
    ),
  );
}

/** [directions,B,H] → [B,H], or [B,2·H]. */
function mergeStates(module: RecurrentModule, stack: string, { graph }: OnnxValues): string {
  if (module.merge === null) return graph.squeeze(stack, 0);
  if (module.merge !== 'concat') return reduce(module.merge, stack, 0, graph);
  const rows = graph.transpose(stack, 1, 0, 2);
  return graph.add('Reshape', [rows, graph.constant('int64', [0, -1])]);
}

/** [T,directions,B,H] → [T,B,H] or [B,T,2·H]. */
function setSteps(
  ref: IrValueRef,
  { merge }: RecurrentModule,
  steps: string,
  values: OnnxValues,
): void {
  const { graph } = values;
  if (merge === 'concat') {
    values.set(ref, () =>
      graph.add('Reshape', [
        graph.transpose(steps, 2, 0, 1, 3),
        graph.constant('int64', [0, 0, -1]),
      ]),
    );
    return;
  }
  values.setTimeFirst(ref, () =>
    merge === null ? graph.squeeze(steps, 1) : reduce(merge, steps, 1, graph),
  );
  values.set(ref, () => graph.transpose(values.timeFirst(ref), 1, 0, 2));
}

const reductions = { sum: 'ReduceSum', mul: 'ReduceProd', average: 'ReduceMean' } as const;

const reduce = (
  mode: keyof typeof reductions,
  value: string,
  axis: number,
  graph: OnnxValues['graph'],
): string =>
  graph.add(reductions[mode], [value, graph.constant('int64', [axis])], { keepdims: int(0) });

/** W [directions, G·H, I], R [directions, G·H, H], B [directions, 2·G·H]. */
function weightsOf(
  { cell, resetAfter }: RecurrentModule,
  { inputSize, units, ...layer }: RecurrentLayer,
  { graph }: OnnxValues,
): string[] {
  const cells = directionsOf({ inputSize, units, ...layer });
  const order = gateOrders.onnx[cell];
  const width = gateCounts[cell] * units;
  const perDirection = (part: (op: RecurrentOp, all: ParameterValues) => Float32Array) => {
    return (all: ParameterValues): Float32Array => joined(cells.map((op) => part(op, all)));
  };
  const kernels = perDirection((op, all) =>
    gateRows(valuesOf(all, op.kernel), inputSize, units, order),
  );
  const recurrentKernels = perDirection((op, all) =>
    gateRows(valuesOf(all, op.recurrentKernel), units, units, order),
  );
  const biases = perDirection((op, all) => {
    const both = new Float32Array(2 * width);
    if (op.bias === null) return both;
    const bias = valuesOf(all, op.bias);
    both.set(gateBias(bias.subarray(0, width), units, order));
    if (cell === 'gru' && resetAfter) both.set(gateBias(bias.subarray(width), units, order), width);
    return both;
  });
  const directions = cells.length;
  return [
    graph.weight('W', [directions, width, inputSize], kernels),
    graph.weight('R', [directions, width, units], recurrentKernels),
    graph.weight('B', [directions, 2 * width], biases),
  ];
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
