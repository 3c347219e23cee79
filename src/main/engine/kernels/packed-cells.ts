/**
 * The cells of the packed kernel: one step forward and one step backward over a contiguous block of
 * rows. Gate arrays hold the projected input first, the activated gates after `forward`, and the gates'
 * gradients after `backward`: each is overwritten in place, so a run can be differentiated once.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { product, transposedProduct } from './packed-products.js';
import type { RecurrentAttributes } from './recurrent.js';

export interface CellBuffers {
  /** P, the number of packed rows. */
  rows: number;
  /** X·W, [P, G·H]. */
  gates: Float32Array;
  /** [G·H], or [2, G·H] for GRU reset-after. */
  bias: Float32Array | null;
  /** h, and c for an LSTM, each [B, H] in rank order; moved forward in place. */
  state: Float32Array[];
  /** [B, H] in rank order. */
  recurrentMask: Float32Array | null;
}

/** `at`: first packed row of the step; `count`: its rows, which are ranks 0…count−1. */
export interface PackedCell {
  /** The recurrent weights as `forward` needs them. */
  forwardWeights(recurrentKernel: Tensor): Tensor[];
  forward(at: number, count: number, weights: Tensor[]): void;
  backwardWeights(recurrentKernel: Tensor): Tensor[];
  /** Takes dState [B, H] from after the step to before it, in place. */
  backward(at: number, count: number, dState: Float32Array[], weights: Tensor[]): void;
  /** Gradient of X·W, [P, G·H]. */
  inputGradients(): Float32Array;
  /** Gradient of hidden·U (+ recurrent bias), [P, G·H]. */
  stateGradients(): Float32Array;
  /** dU, [H, G·H]. */
  recurrentGradients(): Float32Array;
}

/**
 * wasm has no flush-to-zero and the CPU's denormals cost about 15 times a normal number; vanishing
 * gradients are full of them. What is below 1e-30 is lost in any float32 sum that matters.
 */
const flush = (x: number): number => (x < 1e-30 && x > -1e-30 ? 0 : x);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** By one exponential, cheaper than `Math.tanh`; the series where that would cancel digits. */
const tanh = (x: number): number =>
  x < 0.01 && x > -0.01 ? x * (1 - (x * x) / 3) : 1 - 2 / (1 + Math.exp(2 * x));

export function makeCell(attributes: RecurrentAttributes, buffers: CellBuffers): PackedCell {
  switch (attributes.cell) {
    case 'rnn':
      return rnn(attributes.units, attributes.activation, buffers);
    case 'lstm':
      return lstm(attributes.units, buffers);
    case 'gru':
      return attributes.resetAfter
        ? gruResetAfter(attributes.units, buffers)
        : gruResetBefore(attributes.units, buffers);
  }
}

/** What all cells share: the state before each step, and the operand of the recurrent product. */
class History {
  /** h before each step, [P, H]. */
  readonly previous: Float32Array;
  /** The same times the recurrent mask; the same array without one. */
  readonly hidden: Float32Array;
  private readonly units: number;
  private readonly mask: Float32Array | null;

  constructor(units: number, { rows, recurrentMask }: CellBuffers) {
    this.units = units;
    this.mask = recurrentMask;
    this.previous = new Float32Array(rows * units);
    this.hidden = recurrentMask === null ? this.previous : new Float32Array(rows * units);
  }

  /** Notes h and returns the block [count, H] of the product's operand. */
  note(h: Float32Array, at: number, count: number): Float32Array {
    const { units, mask, hidden } = this;
    const size = count * units;
    const from = at * units;
    this.previous.set(h.subarray(0, size), from);
    if (mask !== null) for (let i = 0; i < size; i++) hidden[from + i] = h[i]! * mask[i]!;
    return hidden.subarray(from, from + size);
  }

  /** dh += mask ⊙ dHidden. */
  addBackward(dHidden: Float32Array, dh: Float32Array): void {
    const { mask } = this;
    for (let i = 0; i < dHidden.length; i++) {
      dh[i] = flush(dh[i]! + (mask === null ? dHidden[i]! : dHidden[i]! * mask[i]!));
    }
  }

  /** hiddenᵀ · gradients [P, width]. */
  weightGradients(gradients: Float32Array, width: number): Float32Array {
    const { hidden, units } = this;
    return transposedProduct(hidden, units, gradients, hidden.length / units, width);
  }
}

function rnn(H: number, activation: 'tanh' | 'relu', buffers: CellBuffers): PackedCell {
  const { gates, bias } = buffers;
  const h = buffers.state[0]!;
  const history = new History(H, buffers);
  return {
    ...plainWeights(gates, history, H),
    forward(at, count, [weights]) {
      const recurrent = product(history.note(h, at, count), count, weights!);
      for (let k = 0, i = 0, g = at * H; k < count; k++) {
        for (let j = 0; j < H; j++, i++, g++) {
          const sum = gates[g]! + recurrent[i]! + (bias === null ? 0 : bias[j]!);
          h[i] = gates[g] = activation === 'relu' ? Math.max(0, sum) : flush(tanh(sum));
        }
      }
    },
    backward(at, count, dState, [weights]) {
      const dh = dState[0]!;
      for (let i = 0, g = at * H; i < count * H; i++, g++) {
        const y = gates[g]!;
        gates[g] = flush(dh[i]! * (activation === 'relu' ? (y > 0 ? 1 : 0) : 1 - y * y));
        dh[i] = 0;
      }
      history.addBackward(product(gates.subarray(at * H, (at + count) * H), count, weights!), dh);
    },
  };
}

/** RNN and LSTM: one recurrent product with all gates. */
function plainWeights(gates: Float32Array, history: History, width: number) {
  return {
    forwardWeights: (recurrentKernel: Tensor) => [recurrentKernel],
    backwardWeights: (recurrentKernel: Tensor) => [tf.transpose(recurrentKernel)],
    inputGradients: () => gates,
    stateGradients: () => gates,
    recurrentGradients: () => history.weightGradients(gates, width),
  };
}

function lstm(H: number, buffers: CellBuffers): PackedCell {
  const { gates, bias, rows } = buffers;
  const h = buffers.state[0]!;
  const c = buffers.state[1]!;
  const history = new History(H, buffers);
  const previousC = new Float32Array(rows * H);
  /** tanh(c'). */
  const squashed = new Float32Array(rows * H);
  return {
    ...plainWeights(gates, history, 4 * H),
    forward(at, count, [weights]) {
      const recurrent = product(history.note(h, at, count), count, weights!);
      previousC.set(c.subarray(0, count * H), at * H);
      for (let k = 0; k < count; k++) {
        const r = k * 4 * H;
        const g = (at + k) * 4 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const [ci, cf, cg, co] = [j, H + j, 2 * H + j, 3 * H + j];
          const i = sigmoid(gates[g + ci]! + recurrent[r + ci]! + (bias === null ? 0 : bias[ci]!));
          const f = sigmoid(gates[g + cf]! + recurrent[r + cf]! + (bias === null ? 0 : bias[cf]!));
          const candidate = tanh(
            gates[g + cg]! + recurrent[r + cg]! + (bias === null ? 0 : bias[cg]!),
          );
          const o = sigmoid(gates[g + co]! + recurrent[r + co]! + (bias === null ? 0 : bias[co]!));
          gates[g + ci] = i;
          gates[g + cf] = f;
          gates[g + cg] = candidate;
          gates[g + co] = o;
          const cell = flush(f * c[s]! + i * candidate);
          const squash = tanh(cell);
          c[s] = cell;
          squashed[at * H + s] = squash;
          h[s] = flush(o * squash);
        }
      }
    },
    backward(at, count, dState, [weights]) {
      const dh = dState[0]!;
      const dc = dState[1]!;
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 4 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const p = at * H + s;
          const i = gates[g + j]!;
          const f = gates[g + H + j]!;
          const candidate = gates[g + 2 * H + j]!;
          const o = gates[g + 3 * H + j]!;
          const squash = squashed[p]!;
          const dCell = dc[s]! + dh[s]! * o * (1 - squash * squash);
          gates[g + j] = flush(dCell * candidate * i * (1 - i));
          gates[g + H + j] = flush(dCell * previousC[p]! * f * (1 - f));
          gates[g + 2 * H + j] = flush(dCell * i * (1 - candidate * candidate));
          gates[g + 3 * H + j] = flush(dh[s]! * squash * o * (1 - o));
          dc[s] = flush(dCell * f);
          dh[s] = 0;
        }
      }
      const block = gates.subarray(at * 4 * H, (at + count) * 4 * H);
      history.addBackward(product(block, count, weights!), dh);
    },
  };
}

function gruResetAfter(H: number, buffers: CellBuffers): PackedCell {
  const { gates, bias, rows } = buffers;
  const h = buffers.state[0]!;
  const history = new History(H, buffers);
  /** The candidate's share of hidden·U + b', before r multiplies it. */
  const candidateInput = new Float32Array(rows * H);
  /** Gradient on the state's side; on the input's side it is in `gates`. */
  const dRecurrent = new Float32Array(rows * 3 * H);
  const bothBiases = (j: number): number => (bias === null ? 0 : bias[j]! + bias[3 * H + j]!);
  const biases = Float32Array.from({ length: 2 * H }, (_, j) => bothBiases(j));
  return {
    forwardWeights: (recurrentKernel) => [recurrentKernel],
    backwardWeights: (recurrentKernel) => [tf.transpose(recurrentKernel)],
    inputGradients: () => gates,
    stateGradients: () => dRecurrent,
    recurrentGradients: () => history.weightGradients(dRecurrent, 3 * H),
    forward(at, count, [weights]) {
      const recurrent = product(history.note(h, at, count), count, weights!);
      for (let k = 0; k < count; k++) {
        const from = k * 3 * H;
        const g = (at + k) * 3 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const z = sigmoid(gates[g + j]! + recurrent[from + j]! + biases[j]!);
          const r = sigmoid(gates[g + H + j]! + recurrent[from + H + j]! + biases[H + j]!);
          const inner = recurrent[from + 2 * H + j]! + (bias === null ? 0 : bias[5 * H + j]!);
          const candidate = tanh(
            gates[g + 2 * H + j]! + (bias === null ? 0 : bias[2 * H + j]!) + r * inner,
          );
          candidateInput[at * H + s] = inner;
          gates[g + j] = z;
          gates[g + H + j] = r;
          gates[g + 2 * H + j] = candidate;
          h[s] = flush(candidate + z * (h[s]! - candidate));
        }
      }
    },
    backward(at, count, dState, [weights]) {
      const dh = dState[0]!;
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 3 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const p = at * H + s;
          const z = gates[g + j]!;
          const r = gates[g + H + j]!;
          const candidate = gates[g + 2 * H + j]!;
          const d = dh[s]!;
          const dz = flush(d * (history.previous[p]! - candidate) * z * (1 - z));
          const dCandidate = flush(d * (1 - z) * (1 - candidate * candidate));
          const dr = flush(dCandidate * candidateInput[p]! * r * (1 - r));
          gates[g + j] = dRecurrent[g + j] = dz;
          gates[g + H + j] = dRecurrent[g + H + j] = dr;
          gates[g + 2 * H + j] = dCandidate;
          dRecurrent[g + 2 * H + j] = flush(dCandidate * r);
          dh[s] = d * z;
        }
      }
      const block = dRecurrent.subarray(at * 3 * H, (at + count) * 3 * H);
      history.addBackward(product(block, count, weights!), dh);
    },
  };
}

function gruResetBefore(H: number, buffers: CellBuffers): PackedCell {
  const { gates, bias, rows } = buffers;
  const h = buffers.state[0]!;
  const history = new History(H, buffers);
  /** r ⊙ hidden, the operand of the candidate's own recurrent product, [P, H]. */
  const reset = new Float32Array(rows * H);
  const dCandidates = new Float32Array(rows * H);
  const dGates = new Float32Array(rows * 2 * H);
  const parts = (recurrentKernel: Tensor): Tensor[] => [
    tf.slice(recurrentKernel, [0, 0], [H, 2 * H]),
    tf.slice(recurrentKernel, [0, 2 * H], [H, H]),
  ];
  return {
    forwardWeights: parts,
    backwardWeights: (recurrentKernel) => parts(recurrentKernel).map((part) => tf.transpose(part)),
    inputGradients: () => gates,
    stateGradients: () => gates,
    recurrentGradients() {
      const dGateKernel = history.weightGradients(dGates, 2 * H);
      const dCandidateKernel = transposedProduct(reset, H, dCandidates, rows, H);
      const joined = new Float32Array(H * 3 * H);
      for (let i = 0; i < H; i++) {
        joined.set(dGateKernel.subarray(i * 2 * H, (i + 1) * 2 * H), i * 3 * H);
        joined.set(dCandidateKernel.subarray(i * H, (i + 1) * H), i * 3 * H + 2 * H);
      }
      return joined;
    },
    forward(at, count, [gateWeights, candidateWeights]) {
      const hidden = history.note(h, at, count);
      const recurrent = product(hidden, count, gateWeights!);
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 3 * H;
        for (let j = 0; j < 2 * H; j++) {
          const sum = gates[g + j]! + recurrent[k * 2 * H + j]! + (bias === null ? 0 : bias[j]!);
          gates[g + j] = sigmoid(sum);
        }
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          reset[at * H + s] = flush(gates[g + H + j]! * hidden[s]!);
        }
      }
      const block = reset.subarray(at * H, (at + count) * H);
      const candidates = product(block, count, candidateWeights!);
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 3 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const candidate = tanh(
            gates[g + 2 * H + j]! + candidates[s]! + (bias === null ? 0 : bias[2 * H + j]!),
          );
          gates[g + 2 * H + j] = candidate;
          h[s] = flush(candidate + gates[g + j]! * (h[s]! - candidate));
        }
      }
    },
    backward(at, count, dState, [gateWeights, candidateWeights]) {
      const dh = dState[0]!;
      const { previous, hidden } = history;
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 3 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const z = gates[g + j]!;
          const candidate = gates[g + 2 * H + j]!;
          const d = dh[s]!;
          gates[g + j] = flush(d * (previous[at * H + s]! - candidate) * z * (1 - z));
          gates[g + 2 * H + j] = flush(d * (1 - z) * (1 - candidate * candidate));
          dCandidates[at * H + s] = gates[g + 2 * H + j]!;
          dh[s] = d * z;
        }
      }
      const block = dCandidates.subarray(at * H, (at + count) * H);
      const dReset = product(block, count, candidateWeights!);
      for (let k = 0; k < count; k++) {
        const g = (at + k) * 3 * H;
        for (let j = 0; j < H; j++) {
          const s = k * H + j;
          const r = gates[g + H + j]!;
          gates[g + H + j] = flush(dReset[s]! * hidden[at * H + s]! * r * (1 - r));
          dReset[s]! *= r;
        }
        dGates.set(gates.subarray(g, g + 2 * H), (at + k) * 2 * H);
      }
      const dHidden = product(
        dGates.subarray(at * 2 * H, (at + count) * 2 * H),
        count,
        gateWeights!,
      );
      for (let i = 0; i < dHidden.length; i++) dHidden[i]! += dReset[i]!;
      history.addBackward(dHidden, dh);
    },
  };
}
