/**
 * One run of one recurrent layer, as the host lays it out in memory: a block of i32 fields, in the order
 * of `runFields` in ../run.ts. Every phase reads it first into this module's globals.
 *
 * B rows are sorted by length, longest first, and cut into panels of 8 (LANES): a panel's values lie
 * [row][8]. Panel p runs for `panelSteps[p]` steps, the length of its longest row; its steps follow each
 * other, so step s of panel p is "slot" panelSlot[p] + s, and all arrays over time are [slots][rows][8].
 */

export const RNN_TANH = 0;
export const RNN_RELU = 1;
export const LSTM = 2;
export const GRU_AFTER = 3;
export const GRU_BEFORE = 4;

/** Bytes of one row of a panel: 8 float32. */
export const ROW: usize = 32;

export let cell: i32 = 0;
export let features: i32 = 0;
export let units: i32 = 0;
export let timeSteps: i32 = 0;
export let batch: i32 = 0;
export let panels: i32 = 0;
export let slots: i32 = 0;
export let tileRows: i32 = 0;
export let reverse: bool = false;
/** [panels·8] i32 each; lanes beyond B have length 0 and row −1. */
export let lengths: usize = 0;
export let rows: usize = 0;
/** [panels] i32 each. */
export let panelSteps: usize = 0;
export let panelSlot: usize = 0;
/** [slots] i32: 1 while a row of lanes 4…7 runs, else 0. */
export let wide: usize = 0;
/** As TF.js has them; 0 where there is none. */
export let input: usize = 0;
export let kernel: usize = 0;
export let recurrentKernel: usize = 0;
export let bias: usize = 0;
export let initialH: usize = 0;
export let initialC: usize = 0;
export let inputMask: usize = 0;
export let recurrentMask: usize = 0;
export let sequence: usize = 0;
export let finalH: usize = 0;
export let finalC: usize = 0;
/** Packed weights. */
export let forwardWeights: usize = 0;
export let backwardWeights: usize = 0;
/** [slots][operandRows][8]: x, ones, hidden. */
export let operands: usize = 0;
/** [slots][gateRows][8]. */
export let gates: usize = 0;
/** [slots][H][8]: c before the step and tanh of c after it (LSTM), r ⊙ hidden (GRU reset-before). */
export let cells: usize = 0;
export let squashed: usize = 0;
/** [slots][H][8]: h before the step, where a recurrent mask makes it differ from the operand. */
export let history: usize = 0;
/** [panels][H][8]. */
export let lastH: usize = 0;
export let lastC: usize = 0;
/** [panels][E][8] and [panels][H][8]. */
export let panelInputMask: usize = 0;
export let panelRecurrentMask: usize = 0;
/** Upstream gradients and results of the backward. */
export let dSequence: usize = 0;
export let dFinalH: usize = 0;
export let dFinalC: usize = 0;
export let dInput: usize = 0;
export let dWeights: usize = 0;
export let dRecurrent: usize = 0;
export let dInitialH: usize = 0;
export let dInitialC: usize = 0;
/** [panels][E+H+pad][8] and [panels][H+pad][8]: products of one step. */
export let products: usize = 0;
export let resets: usize = 0;
/** Per thread `scratchSize` bytes. */
export let scratch: usize = 0;
export let scratchSize: usize = 0;
/** A row of zeros and one to throw away, max(E, H) float32 each. */
export let zeroRow: usize = 0;
export let wasteRow: usize = 0;

let cursor: usize = 0;

// @ts-ignore: decorator
@inline
function next(): i32 {
  const value = load<i32>(cursor);
  cursor += 4;
  return value;
}

export function readRun(at: usize): void {
  cursor = at;
  cell = next();
  features = next();
  units = next();
  timeSteps = next();
  batch = next();
  panels = next();
  slots = next();
  tileRows = next();
  reverse = next() !== 0;
  lengths = next();
  rows = next();
  panelSteps = next();
  panelSlot = next();
  wide = next();
  input = next();
  kernel = next();
  recurrentKernel = next();
  bias = next();
  initialH = next();
  initialC = next();
  inputMask = next();
  recurrentMask = next();
  sequence = next();
  finalH = next();
  finalC = next();
  forwardWeights = next();
  backwardWeights = next();
  operands = next();
  gates = next();
  cells = next();
  squashed = next();
  history = next();
  lastH = next();
  lastC = next();
  panelInputMask = next();
  panelRecurrentMask = next();
  dSequence = next();
  dFinalH = next();
  dFinalC = next();
  dInput = next();
  dWeights = next();
  dRecurrent = next();
  dInitialH = next();
  dInitialC = next();
  products = next();
  resets = next();
  scratch = next();
  scratchSize = next();
  zeroRow = next();
  wasteRow = next();
}

/** Blocks of H rows in a slot of `gates`. */
export function gateBlocks(): i32 {
  if (cell === LSTM || cell === GRU_AFTER) return 4;
  return cell === GRU_BEFORE ? 3 : 1;
}

/** Columns of the kernels in blocks of H. */
export function kernelBlocks(): i32 {
  if (cell === LSTM) return 4;
  return cell === GRU_AFTER || cell === GRU_BEFORE ? 3 : 1;
}

/** A product may write up to 5 rows more than asked for (tiles of 4 or 6): room for 8. */
export const PAD: i32 = 8;

export function operandBytes(): usize {
  return usize(features + 1 + units) * ROW;
}

export function gateBytes(): usize {
  return usize(gateBlocks() * units + PAD) * ROW;
}

export function stateBytes(): usize {
  return usize(units) * ROW;
}

export function productBytes(): usize {
  return usize(features + units + PAD) * ROW;
}

export function resetBytes(): usize {
  return usize(units + PAD) * ROW;
}

export function slotOf(panel: i32, step: i32): usize {
  return usize(load<i32>(panelSlot + (usize(panel) << 2)) + step);
}

export function stepsOf(panel: i32): i32 {
  return load<i32>(panelSteps + (usize(panel) << 2));
}

/** Whether at this step of the panel no row of lanes 4…7 runs. */
export function isHalf(panel: i32, step: i32): bool {
  return load<i32>(wide + (slotOf(panel, step) << 2)) === 0;
}
