/** Which products each cell makes: the packed weights' layout, and the order in which they are used. */
import { multiply, pack, packedBytes } from './product';
import {
  GRU_AFTER,
  GRU_BEFORE,
  LSTM,
  ROW,
  backwardWeights,
  bias,
  cell,
  features,
  forwardWeights,
  kernel,
  kernelBlocks,
  recurrentKernel,
  tileRows,
  units,
} from './run';

const X = 1;
const HIDDEN = 2;

let packedAt: usize = 0;
let packShare: i32 = 0;
let packShares: i32 = 0;

/** Address of column `block` of H in row 0 of a kernel. */
function column(weights: usize, block: i32): usize {
  return weights + (usize(block * units) << 2);
}

/** gates[rows] = [Wᵀ | b | Uᵀ] · [x; 1; hidden], with the parts asked for. */
function packGates(blocks: i32, block: i32, parts: i32, biasBlock: i32): void {
  const rows = blocks * units;
  const step = usize(kernelBlocks() * units) << 2;
  const xDepth = parts & X ? features : 0;
  const hDepth = parts & HIDDEN ? units : 0;
  const ones = biasBlock < 0 ? 0 : 1;
  const depth = xDepth + ones + hDepth;
  pack(packedAt, tileRows, rows, depth, 0, xDepth, column(kernel, block), 4, step, packShare, packShares);
  if (ones) {
    pack(packedAt, tileRows, rows, depth, xDepth, 1, column(bias, biasBlock), 4, 0, packShare, packShares);
  }
  pack(
    packedAt, tileRows, rows, depth, xDepth + ones, hDepth, column(recurrentKernel, block), 4, step,
    packShare, packShares,
  );
  packedAt += packedBytes(tileRows, rows, depth);
}

/** One part of the depth of dx = W · dGates, or of dHidden = U · dGates. */
function packTransposed(weights: usize, rows: i32, depth: i32, from: i32, blocks: i32, block: i32): void {
  const step = usize(kernelBlocks() * units) << 2;
  pack(
    packedAt, tileRows, rows, depth, from, blocks * units, column(weights, block), step, 4,
    packShare, packShares,
  );
}

/** Packs the weights; biases come in the gates' own order, four blocks of H. */
export function packWeights(share: i32, shares: i32): void {
  packShare = share;
  packShares = shares;
  packedAt = forwardWeights;
  if (cell === GRU_AFTER || cell === GRU_BEFORE) {
    packGates(1, 2, X, 0);
    packGates(2, 0, X | HIDDEN, 1);
    packGates(1, 2, HIDDEN, cell === GRU_AFTER ? 3 : -1);
  } else {
    packGates(kernelBlocks(), 0, X | HIDDEN, 0);
  }
  if (backwardWeights === 0) return;
  packedAt = backwardWeights;
  if (cell === GRU_AFTER || cell === GRU_BEFORE) {
    packTransposed(kernel, features, 3 * units, 0, 1, 2);
    packTransposed(kernel, features, 3 * units, units, 2, 0);
    packedAt += packedBytes(tileRows, features, 3 * units);
    const blocks = cell === GRU_AFTER ? 3 : 2;
    packTransposed(recurrentKernel, units, blocks * units, 0, blocks, 0);
    packedAt += packedBytes(tileRows, units, blocks * units);
    if (cell === GRU_BEFORE) packTransposed(recurrentKernel, units, units, 0, 1, 2);
  } else {
    const blocks = kernelBlocks();
    packTransposed(kernel, features, blocks * units, 0, blocks, 0);
    packedAt += packedBytes(tileRows, features, blocks * units);
    packTransposed(recurrentKernel, units, blocks * units, 0, blocks, 0);
  }
}

/**
 * Gates of `count` panels. A tile overruns its block into the next one, so blocks go in order.
 * @param operands, gates, resets tables of addresses.
 * @param half of the last panel only lanes 0…3 are wanted.
 */
export function multiplyGates(count: i32, operands: usize, gates: usize, half: bool): void {
  const full = features + 1 + units;
  const H = units;
  if (cell !== GRU_AFTER && cell !== GRU_BEFORE) {
    multiply(forwardWeights, tileRows, kernelBlocks() * H, full, count, operands, 0, gates, 0, false, half);
    return;
  }
  const block = usize(H) * ROW;
  let at = forwardWeights;
  multiply(at, tileRows, H, features + 1, count, operands, 0, gates, 0, false, half);
  at += packedBytes(tileRows, H, features + 1);
  multiply(at, tileRows, 2 * H, full, count, operands, 0, gates, block, false, half);
  if (cell === GRU_BEFORE) return;
  at += packedBytes(tileRows, 2 * H, full);
  const ones = usize(features) * ROW;
  multiply(at, tileRows, H, 1 + H, count, operands, ones, gates, 3 * block, false, half);
}

/** GRU reset-before: adds the product with r ⊙ hidden to the candidate. */
export function multiplyResets(count: i32, resets: usize, gates: usize, half: bool): void {
  const at =
    forwardWeights +
    packedBytes(tileRows, units, features + 1) +
    packedBytes(tileRows, 2 * units, features + 1 + units);
  multiply(at, tileRows, units, units, count, resets, 0, gates, 0, true, half);
}

function inputDepth(): i32 {
  return kernelBlocks() * units;
}

/** GRU reset-before: the gradient of r ⊙ hidden. */
export function multiplyResetGradients(count: i32, gates: usize, outs: usize, half: bool): void {
  const at =
    backwardWeights +
    packedBytes(tileRows, features, inputDepth()) +
    packedBytes(tileRows, units, 2 * units);
  multiply(at, tileRows, units, units, count, gates, 0, outs, 0, false, half);
}

/** dx into rows 0…E of the products, dHidden into the H rows that follow. */
export function multiplyGradients(count: i32, gates: usize, products: usize, half: bool): void {
  multiply(backwardWeights, tileRows, features, inputDepth(), count, gates, 0, products, 0, false, half);
  const at = backwardWeights + packedBytes(tileRows, features, inputDepth());
  const plain = cell !== GRU_AFTER && cell !== GRU_BEFORE;
  // GRU: from z on; the candidate's part of the state follows r in reset-after.
  const depth = plain ? inputDepth() : cell === GRU_AFTER ? 3 * units : 2 * units;
  const from: usize = plain ? 0 : usize(units) * ROW;
  multiply(at, tileRows, units, depth, count, gates, from, products, usize(features) * ROW, false, half);
}

export function hasCellState(): bool {
  return cell === LSTM;
}
