/**
 * The phases of a run; each is called once for every share 0…shares−1, by any threads, with all threads
 * done with one phase before the next begins:
 *   prepare   packs the weights
 *   forward   share s takes panels s, s + shares, …, through all time steps
 *   backward  the same, backwards in time
 *   weights   share s takes a range of gate rows
 * No number depends on how a phase is shared. `matMul`, `crossEntropy`, `layerNorm`,
 * `layerNormBackward`, `squares` and `adam` are phases of jobs of their own.
 */
import {
  addTo,
  gruBackward,
  gruForward,
  lstmBackward,
  lstmForward,
  resetBackward,
  resetForward,
  rnnBackward,
  rnnForward,
} from './cells';
import {
  hasCellState,
  multiplyGates,
  multiplyGradients,
  multiplyResetGradients,
  multiplyResets,
  packWeights,
} from './layers';
import { gather, scatter } from './panels';
import {
  GRU_AFTER,
  GRU_BEFORE,
  ROW,
  batch,
  cell,
  cells,
  dFinalC,
  dFinalH,
  dInitialC,
  dInitialH,
  dInput,
  dRecurrent,
  dSequence,
  dWeights,
  features,
  finalC,
  finalH,
  gateBytes,
  gates,
  history,
  initialC,
  initialH,
  input,
  inputMask,
  isHalf,
  lastC,
  lastH,
  lengths,
  operandBytes,
  operands,
  panelInputMask,
  panelRecurrentMask,
  panels,
  productBytes,
  products,
  readRun,
  recurrentMask,
  resetBytes,
  resets,
  reverse,
  rows,
  scratch,
  scratchSize,
  sequence,
  slotOf,
  slots,
  squashed,
  stateBytes,
  stepsOf,
  timeSteps,
  units,
  wasteRow,
  wide,
  zeroRow,
} from './run';
import { multiply } from './product';
import { multiplyTransposed } from './transposed';
import { ones } from './vector';

export { crossEntropy } from './cross-entropy';
export { layerNorm, layerNormBackward } from './layer-norm';
export { matMul, matMulScratch } from './matmul';
export { transposedScratch } from './transposed';
export { adam, squareChunks, squares } from './updates';

/** Tables of addresses in this share's scratch: eight rows, then three of `panels` each. */
let rowTable: usize = 0;
let operandTable: usize = 0;
let gateTable: usize = 0;
let thirdTable: usize = 0;

function begin(run: usize, share: i32): void {
  readRun(run);
  rowTable = scratch + usize(share) * scratchSize;
  operandTable = rowTable + 32;
  gateTable = operandTable + (usize(panels) << 2);
  thirdTable = gateTable + (usize(panels) << 2);
}

// @ts-ignore: decorator
@inline
function setTable(table: usize, index: i32, address: usize): void {
  store<usize>(table + (usize(index) << 2), address);
}

// @ts-ignore: decorator
@inline
function lane(table: usize, panel: i32, index: i32): i32 {
  return load<i32>(table + (usize(panel * 8 + index) << 2));
}

/** Addresses of the panel's rows of [B, width]; lanes without a row have `missing`. */
function batchRows(base: usize, panel: i32, width: i32, missing: usize): void {
  for (let i = 0; i < 8; i++) {
    const row = lane(rows, panel, i);
    setTable(rowTable, i, row < 0 ? missing : base + (usize(row * width) << 2));
  }
}

/** Addresses of what the panel reads at `step` of [B, T, width]; ended lanes have `missing`. */
function stepRows(base: usize, panel: i32, step: i32, width: i32, missing: usize): void {
  for (let i = 0; i < 8; i++) {
    const length = lane(lengths, panel, i);
    const time = reverse ? length - 1 - step : step;
    const row = usize(lane(rows, panel, i) * timeSteps + time) * usize(width);
    setTable(rowTable, i, step < length ? base + (row << 2) : missing);
  }
}

function gatherBatch(to: usize, from: usize, panel: i32, width: i32): void {
  batchRows(from, panel, width, zeroRow);
  gather(to, rowTable, width, 0, false);
}

function scatterBatch(from: usize, to: usize, panel: i32): void {
  batchRows(to, panel, units, wasteRow);
  scatter(from, rowTable, units, 0);
}

function zero(to: usize, bytes: usize): void {
  memory.fill(to, 0, bytes);
}

function operandAt(panel: i32, step: i32): usize {
  return operands + slotOf(panel, step) * operandBytes();
}

function hiddenAt(panel: i32, step: i32): usize {
  return operandAt(panel, step) + usize(features + 1) * ROW;
}

/** h before the step. */
function stateAt(panel: i32, step: i32): usize {
  if (step === stepsOf(panel)) return lastH + usize(panel) * stateBytes();
  if (history !== 0) return history + slotOf(panel, step) * stateBytes();
  return hiddenAt(panel, step);
}

function cellAt(panel: i32, step: i32): usize {
  if (step === stepsOf(panel)) return lastC + usize(panel) * stateBytes();
  return cells + slotOf(panel, step) * stateBytes();
}

function maskOf(panel: i32): usize {
  return panelRecurrentMask === 0 ? 0 : panelRecurrentMask + usize(panel) * stateBytes();
}

function inputMaskOf(panel: i32): usize {
  return panelInputMask === 0 ? 0 : panelInputMask + usize(panel * features) * ROW;
}

export function prepare(run: usize, share: i32, shares: i32): void {
  begin(run, share);
  packWeights(share, shares);
}

function startPanel(panel: i32): void {
  const steps = stepsOf(panel);
  if (inputMask !== 0) gatherBatch(inputMaskOf(panel), inputMask, panel, features);
  if (recurrentMask !== 0) gatherBatch(maskOf(panel), recurrentMask, panel, units);
  const h = stateAt(panel, 0);
  if (initialH !== 0) gatherBatch(h, initialH, panel, units);
  else zero(h, stateBytes());
  if (steps > 0 && history !== 0) {
    zero(hiddenAt(panel, 0), stateBytes());
    addTo(hiddenAt(panel, 0), h, maskOf(panel), false);
  }
  if (hasCellState()) {
    if (initialC !== 0) gatherBatch(cellAt(panel, 0), initialC, panel, units);
    else zero(cellAt(panel, 0), stateBytes());
  }
  for (let step = 0; step < steps; step++) {
    const operand = operandAt(panel, step);
    stepRows(input, panel, step, features, zeroRow);
    gather(operand, rowTable, features, inputMaskOf(panel), false);
    v128.store(operand + usize(features) * ROW, ones());
    v128.store(operand + usize(features) * ROW, ones(), 16);
  }
}

function pointwiseForward(panel: i32, step: i32): void {
  const slot = slotOf(panel, step);
  const gate = gates + slot * gateBytes();
  const h = stateAt(panel, step);
  const next = stateAt(panel, step + 1);
  const last = step + 1 === stepsOf(panel);
  const mask: usize = last ? 0 : maskOf(panel);
  const masked: usize = last ? 0 : hiddenAt(panel, step + 1);
  const lanes = lengths + usize(panel) * ROW;
  if (hasCellState()) {
    lstmForward(
      gate, h, next, masked, mask, cellAt(panel, step), cellAt(panel, step + 1),
      squashed + slot * stateBytes(), lanes, step,
    );
  } else if (cell === GRU_AFTER || cell === GRU_BEFORE) {
    gruForward(gate, h, next, masked, mask, lanes, step);
  } else {
    rnnForward(gate, h, next, masked, mask, lanes, step);
  }
  if (sequence === 0) return;
  stepRows(sequence, panel, step, units, wasteRow);
  scatter(next, rowTable, units, 0);
}

export function forward(run: usize, share: i32, shares: i32): void {
  begin(run, share);
  for (let panel = share; panel < panels; panel += shares) startPanel(panel);
  // Rows are sorted by length: the panels that still run are the first ones, and only the last of them
  // may be half.
  for (let step = 0; ; step++) {
    let count = 0;
    for (let panel = share; panel < panels && stepsOf(panel) > step; panel += shares) {
      const slot = slotOf(panel, step);
      setTable(operandTable, count, operandAt(panel, step));
      setTable(gateTable, count, gates + slot * gateBytes());
      if (cell === GRU_BEFORE) setTable(thirdTable, count, cells + slot * stateBytes());
      count++;
    }
    if (count === 0) break;
    const half = isHalf(share + (count - 1) * shares, step);
    multiplyGates(count, operandTable, gateTable, half);
    if (cell === GRU_BEFORE) {
      for (let i = 0; i < count; i++) {
        const panel = share + i * shares;
        const slot = slotOf(panel, step);
        resetForward(
          gates + slot * gateBytes(), hiddenAt(panel, step), cells + slot * stateBytes(),
          lengths + usize(panel) * ROW, step,
        );
      }
      multiplyResets(count, thirdTable, gateTable, half);
    }
    for (let i = 0; i < count; i++) pointwiseForward(share + i * shares, step);
  }
  for (let panel = share; panel < panels; panel += shares) {
    scatterBatch(stateAt(panel, stepsOf(panel)), finalH, panel);
    if (hasCellState()) scatterBatch(cellAt(panel, stepsOf(panel)), finalC, panel);
  }
}

function pointwiseBackward(panel: i32, step: i32, dh: usize, dc: usize): void {
  const slot = slotOf(panel, step);
  const gate = gates + slot * gateBytes();
  const lanes = lengths + usize(panel) * ROW;
  if (dSequence !== 0) {
    stepRows(dSequence, panel, step, units, zeroRow);
    gather(dh, rowTable, units, 0, true);
  }
  if (hasCellState()) {
    lstmBackward(
      gate, dh, dc, cellAt(panel, step), squashed + slot * stateBytes(), lanes, step,
    );
  } else if (cell === GRU_AFTER || cell === GRU_BEFORE) {
    gruBackward(gate, dh, stateAt(panel, step), lanes, step);
  } else {
    rnnBackward(gate, dh, lanes, step);
  }
}

/** Reuses lastH and lastC for the gradients of the state. */
export function backward(run: usize, share: i32, shares: i32): void {
  begin(run, share);
  let longest = 0;
  for (let panel = share; panel < panels; panel += shares) {
    const dh = lastH + usize(panel) * stateBytes();
    if (dFinalH !== 0) gatherBatch(dh, dFinalH, panel, units);
    else zero(dh, stateBytes());
    if (hasCellState()) {
      const dc = lastC + usize(panel) * stateBytes();
      if (dFinalC !== 0) gatherBatch(dc, dFinalC, panel, units);
      else zero(dc, stateBytes());
    }
    longest = max(longest, stepsOf(panel));
    setTable(operandTable, (panel - share) / shares, products + usize(panel) * productBytes());
    setTable(thirdTable, (panel - share) / shares, resets + usize(panel) * resetBytes());
  }
  for (let step = longest - 1; step >= 0; step--) {
    let count = 0;
    for (let panel = share; panel < panels && stepsOf(panel) > step; panel += shares) {
      setTable(gateTable, count, gates + slotOf(panel, step) * gateBytes());
      const state = usize(panel) * stateBytes();
      pointwiseBackward(panel, step, lastH + state, lastC + state);
      count++;
    }
    const half = isHalf(share + (count - 1) * shares, step);
    if (cell === GRU_BEFORE) {
      multiplyResetGradients(count, gateTable, thirdTable, half);
      for (let i = 0; i < count; i++) {
        const panel = share + i * shares;
        resetBackward(
          gates + slotOf(panel, step) * gateBytes(),
          hiddenAt(panel, step),
          resets + usize(panel) * resetBytes(),
          lengths + usize(panel) * ROW, step,
        );
      }
    }
    multiplyGradients(count, gateTable, operandTable, half);
    for (let i = 0; i < count; i++) {
      const panel = share + i * shares;
      const product = products + usize(panel) * productBytes();
      const dh = lastH + usize(panel) * stateBytes();
      const low = isHalf(panel, step);
      if (cell === GRU_BEFORE) addTo(dh, resets + usize(panel) * resetBytes(), maskOf(panel), low);
      addTo(dh, product + usize(features) * ROW, maskOf(panel), low);
      stepRows(dInput, panel, step, features, wasteRow);
      scatter(product, rowTable, features, inputMaskOf(panel));
    }
  }
  for (let panel = share; panel < panels; panel += shares) {
    if (dInitialH !== 0) scatterBatch(lastH + usize(panel) * stateBytes(), dInitialH, panel);
    if (dInitialC !== 0) scatterBatch(lastC + usize(panel) * stateBytes(), dInitialC, panel);
  }
}

/** Operand rows × gate rows: this share's part of the gate rows. */
function weightGradients(
  a: usize, aStride: usize, aRows: i32, gateRow: i32, gateRows: i32,
  to: usize, column: i32, width: i32, share: i32, shares: i32,
): void {
  // Ranges of three rows, a tile of the product.
  const tiles = (gateRows + 2) / 3;
  const first = ((tiles * share) / shares) * 3;
  const last = min(gateRows, ((tiles * (share + 1)) / shares) * 3);
  if (first >= last) return;
  multiplyTransposed(
    a, aStride, aRows,
    gates + usize(gateRow + first) * ROW, gateBytes(), last - first,
    slots, wide, to + (usize(column + first) << 2), usize(width) << 2, rowTable,
  );
}

/**
 * `dWeights` [E + 1 (+ H), G·H]: dW, db and, but for the GRUs, dU. `dRecurrent`: for reset-after
 * [1 + H, 3H], the state's own bias and dU; for reset-before [H, 3H]. Zeros where there is no slot.
 */
export function weights(run: usize, share: i32, shares: i32): void {
  begin(run, share);
  const E = features;
  const H = units;
  const stride = operandBytes();
  if (cell !== GRU_AFTER && cell !== GRU_BEFORE) {
    const width = hasCellState() ? 4 * H : H;
    weightGradients(operands, stride, E + 1 + H, 0, width, dWeights, 0, width, share, shares);
    return;
  }
  const width = 3 * H;
  weightGradients(operands, stride, E + 1, 0, H, dWeights, 2 * H, width, share, shares);
  weightGradients(operands, stride, E + 1, H, 2 * H, dWeights, 0, width, share, shares);
  if (cell === GRU_AFTER) {
    const ones = operands + usize(E) * ROW;
    weightGradients(ones, stride, 1 + H, H, 3 * H, dRecurrent, 0, width, share, shares);
    return;
  }
  const hidden = operands + usize(E + 1) * ROW;
  weightGradients(hidden, stride, H, H, 2 * H, dRecurrent, 0, width, share, shares);
  weightGradients(cells, stateBytes(), H, 0, H, dRecurrent, 2 * H, width, share, shares);
}

/** Some 250,000 multiply-adds in tiles of 4 or 6 rows on the memory from `at` on, to time them. */
export function probe(tile: i32, at: usize): void {
  const x = at + 64;
  store<usize>(at, x);
  store<usize>(at + 4, x + 128 * ROW);
  multiply(x + 256 * ROW, tile, 240, 128, 1, at, 0, at + 4, 0, false, false);
}
