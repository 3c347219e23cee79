/**
 * WGSL of the fused recurrent kernel: a time step forward or backward is one dispatch (two for GRU
 * reset-before, whose candidate needs a product of its own), which multiplies by the recurrent weights
 * and goes on to the gates while the sums are in registers.
 *
 * A workgroup takes a tile of batch rows × units, and all gates of those units. Rows are taken by rank,
 * longest first, so a dispatch covers just those that still run. Sizes are read from `layer`, so a
 * program serves every shape.
 *
 * Buffers, P = B·T places (place = b·T + time):
 *   gates    [P, G·H]  X·W, then the activated gates, then (backward) the gates' gradients
 *   hidden   [P, H]    h before the step, times the recurrent mask: the product's operand
 *   kept     [P, K·H]  what else the backward needs: LSTM c, GRU h before the step; GRU reset-after then
 *                      also h·Uh + b'
 *   reset    [P, H]    GRU reset-before: r ⊙ hidden
 *   outputs  [B, sequenceSteps + states, H]  the sequence where it is needed, then h (and c), which are
 *                      also the running state
 *   dHidden, dCell [B, H]  gradients carried from step to step; dHidden holds what does not come through
 *                      the product
 *   dRecurrent [P, G·H]  GRU reset-after: gradients of h·U + b'
 *
 * Equations: recurrent.ts. A `var` in a loop is always given its first value: WGSL zeroes it once only.
 */
import type { Binding, Program } from './commands.js';
import type { RecurrentAttributes } from '../recurrent.js';

export type Variant = 'rnn-tanh' | 'rnn-relu' | 'lstm' | 'gru-after' | 'gru-before';

export function variantOf({ cell, activation, resetAfter }: RecurrentAttributes): Variant {
  if (cell === 'lstm') return 'lstm';
  if (cell === 'rnn') return activation === 'relu' ? 'rnn-relu' : 'rnn-tanh';
  return resetAfter ? 'gru-after' : 'gru-before';
}

export const gateCount = {
  'rnn-tanh': 1,
  'rnn-relu': 1,
  lstm: 4,
  'gru-after': 3,
  'gru-before': 3,
} as const;

/** K of `kept`. */
export const keptCount = {
  'rnn-tanh': 0,
  'rnn-relu': 0,
  lstm: 1,
  'gru-after': 2,
  'gru-before': 1,
} as const;

/** Units and row threads of a workgroup; a thread takes `rowsPerThread` rows of one unit. */
export const unitsPerTile = 16;
const rowThreads = 8;
export const rowsPerTile = (rowsPerThread: RowsPerThread): number => rowThreads * rowsPerThread;
/** Fewer rows for more workgroups where there is little work, more for less traffic. */
export type RowsPerThread = 1 | 4;

export const setupWidth = 64;

/** Words of `layer` before its rows. */
export interface LayerConstants {
  batch: number;
  timeSteps: number;
  units: number;
  sequenceSteps: number;
  reverse: boolean;
  bias: boolean;
  recurrentMask: boolean;
  initialState: boolean;
}

/** @param rows batch row and length by rank, longest first. */
export function layerWords(
  layer: LayerConstants,
  rows: readonly { index: number; length: number }[],
): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([
    layer.batch,
    layer.timeSteps,
    layer.units,
    layer.sequenceSteps,
    Number(layer.reverse),
    Number(layer.bias),
    Number(layer.recurrentMask),
    Number(layer.initialState),
    ...rows.flatMap(({ index, length }) => [index, length]),
  ]);
}

const structs = `
struct Row { index : u32, length : u32 }
struct Layer {
  batch : u32, timeSteps : u32, units : u32, sequenceSteps : u32,
  isReverse : u32, hasBias : u32, hasRecurrentMask : u32, hasInitialState : u32,
  rows : array<Row>,
}`;

const read = (name: string): Binding => ({ name, access: 'read' });
const write = (name: string): Binding => ({ name, access: 'read_write' });
const layer: Binding = { name: 'layer', access: 'read', type: 'Layer' };

const places = (variant: Variant): string => `
const gateCount = ${gateCount[variant]}u;
const stateCount = ${variant === 'lstm' ? 2 : 1}u;
const keptCount = ${keptCount[variant]}u;

/** Where the row's step s lies. */
fn placeOf(row : Row, s : u32) -> u32 {
  let time = select(s, row.length - 1u - s, layer.isReverse != 0u);
  return row.index * layer.timeSteps + time;
}
fn unitAt(place : u32, unit : u32) -> u32 { return place * layer.units + unit; }
fn gateAt(place : u32, gate : u32, unit : u32) -> u32 {
  return (place * gateCount + gate) * layer.units + unit;
}
fn keptAt(place : u32, i : u32, unit : u32) -> u32 {
  return (place * keptCount + i) * layer.units + unit;
}
fn stateAt(row : Row, i : u32, unit : u32) -> u32 {
  let steps = layer.sequenceSteps;
  return (row.index * (steps + stateCount) + steps + i) * layer.units + unit;
}
/** Where the step's output lies, if there is a sequence. */
fn outputAt(row : Row, place : u32, unit : u32) -> u32 {
  return (place + row.index * stateCount) * layer.units + unit;
}`;

const mask = `
fn masked(row : Row, unit : u32, value : f32) -> f32 {
  if (layer.hasRecurrentMask == 0u) { return value; }
  return value * recurrentMask[unitAt(row.index, unit)];
}`;

const activations = `
fn sigmoid(x : f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }
/** The built-in one overflows on some drivers; the series is where the quotient would cancel digits. */
fn hyperbolicTangent(x : f32) -> f32 {
  let square = x * x;
  if (square < 0.04) {
    return x * (1.0 + square * (-1.0 / 3.0 + square * (2.0 / 15.0 - square * (17.0 / 315.0))));
  }
  let e = exp(-2.0 * abs(x));
  let y = (1.0 - e) / (1.0 + e);
  return select(y, -y, x < 0.0);
}`;

const bias = `
fn biasOf(gate : u32, unit : u32) -> f32 {
  if (layer.hasBias == 0u) { return 0.0; }
  return bias[gate * layer.units + unit];
}`;

/** The matrix product of a step: sums[n] = Σ_k operand(place, k) · weight(k, n, unit). */
interface Product {
  /** N: sums of a unit. */
  columns: number;
  /** The number of k, in WGSL. */
  depth: string;
  operand: string;
  weight: string;
  /** Neighbours in memory are neighbours in k, not in the unit. */
  transposed: boolean;
}

/**
 * @param operandStep which step's place the operand is read from, in WGSL of `current.index`.
 * @param update WGSL function `update(row, unit, sums)` that does the rest of the step.
 */
function stepProgram(
  name: string,
  variant: Variant,
  rowsPerThread: RowsPerThread,
  bindings: readonly Binding[],
  product: Product,
  operandStep: string,
  update: string,
): Program {
  const { columns, depth, operand, weight, transposed } = product;
  const code = `${structs}${places(variant)}
const unitsPerTile = ${unitsPerTile}u;
const rowThreads = ${rowThreads}u;
const threads = ${unitsPerTile * rowThreads}u;
const rowsPerThread = ${rowsPerThread}u;
const rowsPerTile = ${rowsPerTile(rowsPerThread)}u;
const columns = ${columns}u;
const chunk = 32u;
/** One more than the columns, so that neighbours in k fall into different memory banks. */
const weightStride = columns * unitsPerTile + 1u;
const idle = 0xffffffffu;

var<workgroup> operandPlaces : array<u32, rowsPerTile>;
var<workgroup> operands : array<f32, rowsPerTile * chunk>;
var<workgroup> factors : array<f32, chunk * weightStride>;

alias Sums = array<f32, columns>;
${update}

@compute @workgroup_size(${unitsPerTile}, ${rowThreads})
fn main(
  @builtin(workgroup_id) tile : vec3u,
  @builtin(local_invocation_id) thread : vec3u,
  @builtin(local_invocation_index) lane : u32,
) {
  let firstRank = tile.y * rowsPerTile;
  let firstUnit = tile.x * unitsPerTile;
  let depth = ${depth};
  let operandStep = ${operandStep};
  if (lane < rowsPerTile) {
    var place = idle;
    if (firstRank + lane < layer.batch) {
      let row = layer.rows[firstRank + lane];
      if (operandStep < row.length) { place = placeOf(row, operandStep); }
    }
    operandPlaces[lane] = place;
  }
  workgroupBarrier();

  var sums = array<Sums, rowsPerThread>();
  for (var first = 0u; first < depth; first += chunk) {
    for (var i = lane; i < rowsPerTile * chunk; i += threads) {
      let k = first + i % chunk;
      let place = operandPlaces[i / chunk];
      var value = 0.0;
      if (place != idle && k < depth) { value = ${operand}; }
      operands[i] = value;
    }
    for (var i = lane; i < chunk * columns * unitsPerTile; i += threads) {
      let inner = ${transposed ? 'i % chunk' : 'i / (columns * unitsPerTile)'};
      let column = ${transposed ? 'i / chunk' : 'i % (columns * unitsPerTile)'};
      let k = first + inner;
      let n = column / unitsPerTile;
      let unit = firstUnit + column % unitsPerTile;
      var value = 0.0;
      if (k < depth && unit < layer.units) { value = ${weight}; }
      factors[inner * weightStride + column] = value;
    }
    workgroupBarrier();
    for (var k = 0u; k < chunk; k++) {
      for (var r = 0u; r < rowsPerThread; r++) {
        let value = operands[(thread.y + r * rowThreads) * chunk + k];
        for (var n = 0u; n < columns; n++) {
          sums[r][n] += value * factors[k * weightStride + n * unitsPerTile + thread.x];
        }
      }
    }
    workgroupBarrier();
  }

  let unit = firstUnit + thread.x;
  for (var r = 0u; r < rowsPerThread; r++) {
    let rank = firstRank + thread.y + r * rowThreads;
    if (unit < layer.units && rank < layer.batch) {
      let row = layer.rows[rank];
      if (current.index < i32(row.length)) { update(row, unit, sums[r]); }
    }
  }
}`;
  return {
    name: `${variant} ${name}, ${rowsPerThread} rows`,
    bindings: [layer, ...bindings],
    code,
  };
}

// ── Before the first step ──────────────────────────────────────────────────────────────────────────

/** Writes the initial state, and zeros wherever padding will be read. One thread a row and unit. */
export function setupProgram(variant: Variant): Program {
  const lstm = variant === 'lstm';
  const resets = variant === 'gru-before';
  const code = `${structs}${places(variant)}${mask}
@compute @workgroup_size(${setupWidth})
fn main(@builtin(global_invocation_id) thread : vec3u) {
  let unit = thread.x;
  if (unit >= layer.units) { return; }
  let row = layer.rows[thread.y];
  for (var time = row.length; time < layer.timeSteps; time++) {
    let place = row.index * layer.timeSteps + time;
    hidden[unitAt(place, unit)] = 0.0;
    ${resets ? 'reset[unitAt(place, unit)] = 0.0;' : ''}
    for (var gate = 0u; gate < gateCount; gate++) { gates[gateAt(place, gate, unit)] = 0.0; }
    if (layer.sequenceSteps > 0u) { outputs[outputAt(row, place, unit)] = 0.0; }
  }
  var h = 0.0;
  if (layer.hasInitialState != 0u) {
    h = initialHidden[unitAt(row.index, unit)];
    ${lstm ? 'outputs[stateAt(row, 1u, unit)] = initialCell[unitAt(row.index, unit)];' : ''}
  } else {
    ${lstm ? 'outputs[stateAt(row, 1u, unit)] = 0.0;' : ''}
  }
  outputs[stateAt(row, 0u, unit)] = h;
  if (row.length > 0u) { hidden[unitAt(placeOf(row, 0u), unit)] = masked(row, unit, h); }
}`;
  return {
    name: `${variant} setup`,
    bindings: [
      layer,
      write('gates'),
      write('hidden'),
      write('outputs'),
      read('recurrentMask'),
      read('initialHidden'),
      ...(lstm ? [read('initialCell')] : []),
      ...(resets ? [write('reset')] : []),
    ],
    code,
  };
}

// ── Forward ────────────────────────────────────────────────────────────────────────────────────────

const emit = `${mask}
/** The step's output, the state, and the next step's operand. */
fn emit(row : Row, s : u32, unit : u32, h : f32) {
  outputs[stateAt(row, 0u, unit)] = h;
  if (layer.sequenceSteps > 0u) { outputs[outputAt(row, placeOf(row, s), unit)] = h; }
  if (s + 1u < row.length) { hidden[unitAt(placeOf(row, s + 1u), unit)] = masked(row, unit, h); }
}`;

const forwardBuffers = [
  write('gates'),
  read('weights'),
  read('bias'),
  write('hidden'),
  write('outputs'),
  read('recurrentMask'),
];

const forwardProduct = (columns: number): Product => ({
  columns,
  depth: 'layer.units',
  operand: 'hidden[place * depth + k]',
  weight: 'weights[(k * gateCount + n) * layer.units + unit]',
  transposed: false,
});

const forwardUpdates: Record<Exclude<Variant, 'gru-before'>, string> = {
  'rnn-tanh': rnnForward('hyperbolicTangent(sum)'),
  // Not max, which would hide a NaN.
  'rnn-relu': rnnForward('select(sum, 0.0, sum < 0.0)'),
  lstm: `
fn update(row : Row, unit : u32, sums : Sums) {
  let s = u32(current.index);
  let place = placeOf(row, s);
  let i = sigmoid(sums[0] + gates[gateAt(place, 0u, unit)] + biasOf(0u, unit));
  let f = sigmoid(sums[1] + gates[gateAt(place, 1u, unit)] + biasOf(1u, unit));
  let g = hyperbolicTangent(sums[2] + gates[gateAt(place, 2u, unit)] + biasOf(2u, unit));
  let o = sigmoid(sums[3] + gates[gateAt(place, 3u, unit)] + biasOf(3u, unit));
  let before = outputs[stateAt(row, 1u, unit)];
  let c = f * before + i * g;
  kept[keptAt(place, 0u, unit)] = before;
  outputs[stateAt(row, 1u, unit)] = c;
  gates[gateAt(place, 0u, unit)] = i;
  gates[gateAt(place, 1u, unit)] = f;
  gates[gateAt(place, 2u, unit)] = g;
  gates[gateAt(place, 3u, unit)] = o;
  emit(row, s, unit, o * hyperbolicTangent(c));
}`,
  'gru-after': `
fn update(row : Row, unit : u32, sums : Sums) {
  let s = u32(current.index);
  let place = placeOf(row, s);
  let z = sigmoid(sums[0] + gates[gateAt(place, 0u, unit)] + biasOf(0u, unit) + biasOf(3u, unit));
  let r = sigmoid(sums[1] + gates[gateAt(place, 1u, unit)] + biasOf(1u, unit) + biasOf(4u, unit));
  let inner = sums[2] + biasOf(5u, unit);
  let candidate = hyperbolicTangent(
    gates[gateAt(place, 2u, unit)] + biasOf(2u, unit) + r * inner);
  let h = outputs[stateAt(row, 0u, unit)];
  kept[keptAt(place, 0u, unit)] = h;
  kept[keptAt(place, 1u, unit)] = inner;
  gates[gateAt(place, 0u, unit)] = z;
  gates[gateAt(place, 1u, unit)] = r;
  gates[gateAt(place, 2u, unit)] = candidate;
  emit(row, s, unit, candidate + z * (h - candidate));
}`,
};

function rnnForward(activated: string): string {
  return `
fn update(row : Row, unit : u32, sums : Sums) {
  let s = u32(current.index);
  let at = gateAt(placeOf(row, s), 0u, unit);
  let sum = sums[0] + gates[at] + biasOf(0u, unit);
  let y = ${activated};
  gates[at] = y;
  emit(row, s, unit, y);
}`;
}

const gruBeforeGates = `
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let z = sigmoid(sums[0] + gates[gateAt(place, 0u, unit)] + biasOf(0u, unit));
  let r = sigmoid(sums[1] + gates[gateAt(place, 1u, unit)] + biasOf(1u, unit));
  kept[keptAt(place, 0u, unit)] = outputs[stateAt(row, 0u, unit)];
  gates[gateAt(place, 0u, unit)] = z;
  gates[gateAt(place, 1u, unit)] = r;
  reset[unitAt(place, unit)] = r * hidden[unitAt(place, unit)];
}`;

const gruBeforeCandidate = `
fn update(row : Row, unit : u32, sums : Sums) {
  let s = u32(current.index);
  let place = placeOf(row, s);
  let z = gates[gateAt(place, 0u, unit)];
  let candidate = hyperbolicTangent(
    sums[0] + gates[gateAt(place, 2u, unit)] + biasOf(2u, unit));
  let h = outputs[stateAt(row, 0u, unit)];
  gates[gateAt(place, 2u, unit)] = candidate;
  emit(row, s, unit, candidate + z * (h - candidate));
}`;

/** The dispatches of one time step, in order. */
export function forwardPrograms(variant: Variant, rows: RowsPerThread): Program[] {
  const now = 'u32(current.index)';
  if (variant !== 'gru-before') {
    const buffers = keptCount[variant] === 0 ? forwardBuffers : [...forwardBuffers, write('kept')];
    const update = `${activations}${bias}${emit}${forwardUpdates[variant]}`;
    const product = forwardProduct(gateCount[variant]);
    return [stepProgram('forward', variant, rows, buffers, product, now, update)];
  }
  return [
    stepProgram(
      'forward gates',
      variant,
      rows,
      [
        write('gates'),
        read('weights'),
        read('bias'),
        read('hidden'),
        read('outputs'),
        write('kept'),
        write('reset'),
      ],
      forwardProduct(2),
      now,
      `${activations}${bias}${gruBeforeGates}`,
    ),
    stepProgram(
      'forward candidate',
      variant,
      rows,
      [...forwardBuffers, read('reset')],
      {
        columns: 1,
        depth: 'layer.units',
        operand: 'reset[place * depth + k]',
        weight: 'weights[(k * gateCount + 2u) * layer.units + unit]',
        transposed: false,
      },
      now,
      `${activations}${bias}${emit}${gruBeforeCandidate}`,
    ),
  ];
}

// ── Backward ───────────────────────────────────────────────────────────────────────────────────────

/** `sums[0]` is the later step's gradient that came through the product. */
const gradients = `${mask}
fn isLast(row : Row) -> bool { return current.index + 1 == i32(row.length); }
/** Gradient of the state after the step, but for what the step's own output adds. */
fn stateGradient(row : Row, unit : u32, sums : Sums) -> f32 {
  if (isLast(row)) { return dOutputs[stateAt(row, 0u, unit)]; }
  return masked(row, unit, sums[0]) + DIRECT;
}`;

const outputGradient = `
fn outputGradient(row : Row, place : u32, unit : u32) -> f32 {
  if (layer.sequenceSteps == 0u) { return 0.0; }
  return dOutputs[outputAt(row, place, unit)];
}`;

const gradientsOf = (variant: Variant): string =>
  gradients.replace('DIRECT', carriesHidden(variant) ? 'dHidden[unitAt(row.index, unit)]' : '0.0');

/** GRUs hand z ⊙ dh on past the product. */
const carriesHidden = (variant: Variant): boolean => variant.startsWith('gru');

const cellGradient = `
fn cellGradient(row : Row, unit : u32) -> f32 {
  if (isLast(row)) { return dOutputs[stateAt(row, 1u, unit)]; }
  return dCell[unitAt(row.index, unit)];
}`;

const backwardUpdates: Record<Variant, string> = {
  'rnn-tanh': rnnBackward('1.0 - y * y'),
  'rnn-relu': rnnBackward('select(0.0, 1.0, y > 0.0)'),
  lstm: `${cellGradient}
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let dh = stateGradient(row, unit, sums) + outputGradient(row, place, unit);
  let i = gates[gateAt(place, 0u, unit)];
  let f = gates[gateAt(place, 1u, unit)];
  let g = gates[gateAt(place, 2u, unit)];
  let o = gates[gateAt(place, 3u, unit)];
  let before = kept[keptAt(place, 0u, unit)];
  let bounded = hyperbolicTangent(f * before + i * g);
  let dc = cellGradient(row, unit) + dh * o * (1.0 - bounded * bounded);
  gates[gateAt(place, 0u, unit)] = dc * g * i * (1.0 - i);
  gates[gateAt(place, 1u, unit)] = dc * before * f * (1.0 - f);
  gates[gateAt(place, 2u, unit)] = dc * i * (1.0 - g * g);
  gates[gateAt(place, 3u, unit)] = dh * bounded * o * (1.0 - o);
  dCell[unitAt(row.index, unit)] = dc * f;
}`,
  'gru-after': `
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let dh = stateGradient(row, unit, sums) + outputGradient(row, place, unit);
  let z = gates[gateAt(place, 0u, unit)];
  let r = gates[gateAt(place, 1u, unit)];
  let candidate = gates[gateAt(place, 2u, unit)];
  let before = kept[keptAt(place, 0u, unit)];
  let dz = dh * (before - candidate) * z * (1.0 - z);
  let dCandidate = dh * (1.0 - z) * (1.0 - candidate * candidate);
  let dr = dCandidate * kept[keptAt(place, 1u, unit)] * r * (1.0 - r);
  gates[gateAt(place, 0u, unit)] = dz;
  gates[gateAt(place, 1u, unit)] = dr;
  gates[gateAt(place, 2u, unit)] = dCandidate;
  dRecurrent[gateAt(place, 0u, unit)] = dz;
  dRecurrent[gateAt(place, 1u, unit)] = dr;
  dRecurrent[gateAt(place, 2u, unit)] = dCandidate * r;
  dHidden[unitAt(row.index, unit)] = dh * z;
}`,
  // The gradient of r, and what comes to h through r ⊙ h, are the second dispatch's.
  'gru-before': `
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let dh = stateGradient(row, unit, sums) + outputGradient(row, place, unit);
  let z = gates[gateAt(place, 0u, unit)];
  let candidate = gates[gateAt(place, 2u, unit)];
  let before = kept[keptAt(place, 0u, unit)];
  gates[gateAt(place, 0u, unit)] = dh * (before - candidate) * z * (1.0 - z);
  gates[gateAt(place, 2u, unit)] = dh * (1.0 - z) * (1.0 - candidate * candidate);
  dHidden[unitAt(row.index, unit)] = dh * z;
}`,
};

function rnnBackward(derivative: string): string {
  return `
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let dh = stateGradient(row, unit, sums) + outputGradient(row, place, unit);
  let at = gateAt(place, 0u, unit);
  let y = gates[at];
  gates[at] = dh * (${derivative});
}`;
}

const gruBeforeReset = `${mask}
fn update(row : Row, unit : u32, sums : Sums) {
  let place = placeOf(row, u32(current.index));
  let r = gates[gateAt(place, 1u, unit)];
  gates[gateAt(place, 1u, unit)] = sums[0] * hidden[unitAt(place, unit)] * r * (1.0 - r);
  dHidden[unitAt(row.index, unit)] += masked(row, unit, sums[0] * r);
}`;

/** Gates' gradients of the later step times the recurrent weights' transpose. */
function backwardProduct(variant: Variant): Product {
  const source = variant === 'gru-after' ? 'dRecurrent' : 'gates';
  // GRU reset-before's candidate has a product of its own.
  const gates = variant === 'gru-before' ? 2 : gateCount[variant];
  return {
    columns: 1,
    depth: `${gates}u * layer.units`,
    operand: `${source}[place * gateCount * layer.units + k]`,
    weight: 'weights[unit * gateCount * layer.units + k]',
    transposed: true,
  };
}

const later = 'u32(current.index + 1)';

/** The dispatches of one time step, in order. */
export function backwardPrograms(variant: Variant, rows: RowsPerThread): Program[] {
  const step = stepProgram(
    'backward',
    variant,
    rows,
    [
      write('gates'),
      read('weights'),
      read('dOutputs'),
      read('recurrentMask'),
      ...(keptCount[variant] > 0 ? [read('kept')] : []),
      ...(variant === 'lstm' ? [write('dCell')] : []),
      ...(carriesHidden(variant) ? [write('dHidden')] : []),
      ...(variant === 'gru-after' ? [write('dRecurrent')] : []),
    ],
    backwardProduct(variant),
    later,
    `${activations}${gradientsOf(variant)}${outputGradient}${backwardUpdates[variant]}`,
  );
  if (variant !== 'gru-before') return [step];
  const reset = stepProgram(
    'backward reset',
    variant,
    rows,
    [write('gates'), read('weights'), read('hidden'), read('recurrentMask'), write('dHidden')],
    {
      columns: 1,
      depth: 'layer.units',
      operand: 'gates[(place * gateCount + 2u) * layer.units + k]',
      weight: 'weights[(unit * gateCount + 2u) * layer.units + k]',
      transposed: true,
    },
    'u32(current.index)',
    gruBeforeReset,
  );
  return [step, reset];
}

/** Gradients of the initial state in dHidden and dCell: step −1, whose later step is the first. */
export function initialGradientProgram(variant: Variant, rows: RowsPerThread): Program {
  const lstm = variant === 'lstm';
  const source = variant === 'gru-after' ? 'dRecurrent' : 'gates';
  return stepProgram(
    'initial gradient',
    variant,
    rows,
    [
      read(source),
      read('weights'),
      read('dOutputs'),
      read('recurrentMask'),
      write('dHidden'),
      ...(lstm ? [write('dCell')] : []),
    ],
    backwardProduct(variant),
    later,
    `${gradientsOf(variant)}${lstm ? cellGradient : ''}
fn update(row : Row, unit : u32, sums : Sums) {
  dHidden[unitAt(row.index, unit)] = stateGradient(row, unit, sums);
  ${lstm ? 'dCell[unitAt(row.index, unit)] = cellGradient(row, unit);' : ''}
}`,
  );
}
