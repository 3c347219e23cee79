/**
 * The pointwise part of each cell for one panel and step, forward and backward; equations in
 * ../../recurrent.ts. Gates are in the kernels' order, but for GRU: candidate, z, r, and for reset-after
 * the candidate's share of the state. Backward overwrites them with their gradients.
 *
 * Lanes whose row has ended keep their state, and their gradients go through unchanged: `alive` masks.
 * Where lanes 4…7 have all ended, their gates have no meaning and are left alone.
 */
import { GRU_AFTER, ROW, RNN_RELU, cell, units } from './run';
import { flush, multiplyAdd, ones, sigmoid, tanh } from './vector';

// @ts-ignore: decorator
@inline
function alive(lengths: usize, step: i32): v128 {
  return i32x4.gt_s(v128.load(lengths), i32x4.splat(step));
}

// @ts-ignore: decorator
@inline
function either(yes: v128, no: v128, mask: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** x · (1 − x). */
// @ts-ignore: decorator
@inline
function slope(x: v128): v128 {
  return f32x4.mul(x, f32x4.sub(ones(), x));
}

/** 1 − x². */
// @ts-ignore: decorator
@inline
function tanhSlope(x: v128): v128 {
  return f32x4.sub(ones(), f32x4.mul(x, x));
}

/** Stores h after the step: as it is, and masked as the next step's operand. */
// @ts-ignore: decorator
@inline
function keep(h: v128, next: usize, masked: usize, mask: usize, at: usize): void {
  v128.store(next + at, h);
  if (mask !== 0) v128.store(masked + at, f32x4.mul(h, v128.load(mask + at)));
}

// @ts-ignore: decorator
@inline
function rnn(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize, live: v128, at: usize,
): void {
  const sum = v128.load(gates + at);
  let y: v128;
  if (cell === RNN_RELU) y = f32x4.pmax(sum, f32x4.splat(0));
  else y = flush(tanh(sum));
  v128.store(gates + at, y);
  keep(either(y, v128.load(h + at), live), next, masked, mask, at);
}

/** @param h before the step; `next` after it; `masked`: the next operand, where there is a mask. */
export function rnnForward(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    rnn(gates, h, next, masked, mask, low, at);
    if (whole) rnn(gates, h, next, masked, mask, high, at + 16);
    else v128.store(next + at, v128.load(h + at, 16), 16);
  }
}

// @ts-ignore: decorator
@inline
function rnnBack(gates: usize, dh: usize, live: v128, at: usize): void {
  const d = v128.load(dh + at);
  const y = v128.load(gates + at);
  let dGate: v128;
  if (cell === RNN_RELU) dGate = v128.and(d, f32x4.gt(y, f32x4.splat(0)));
  else dGate = f32x4.mul(d, tanhSlope(y));
  v128.store(gates + at, v128.and(flush(dGate), live));
  v128.store(dh + at, v128.andnot(d, live));
}

/** `dh`: after the step; then what of it goes past the gates to the state before the step. */
export function rnnBackward(gates: usize, dh: usize, lengths: usize, step: i32): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    rnnBack(gates, dh, low, at);
    if (whole) rnnBack(gates, dh, high, at + 16);
  }
}

// @ts-ignore: decorator
@inline
function lstm(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize,
  c: usize, nextC: usize, squashed: usize, live: v128, at: usize,
): void {
  const block = usize(units) * ROW;
  const gi = gates + at;
  const gf = gi + block;
  const gg = gf + block;
  const go = gg + block;
  const i = sigmoid(v128.load(gi));
  v128.store(gi, i);
  const g = tanh(v128.load(gg));
  v128.store(gg, g);
  const f = sigmoid(v128.load(gf));
  v128.store(gf, f);
  const previous = v128.load(c + at);
  const now = flush(multiplyAdd(f, previous, f32x4.mul(i, g)));
  const squash = tanh(now);
  v128.store(squashed + at, squash);
  v128.store(nextC + at, either(now, previous, live));
  const o = sigmoid(v128.load(go));
  v128.store(go, o);
  const y = flush(f32x4.mul(o, squash));
  keep(either(y, v128.load(h + at), live), next, masked, mask, at);
}

export function lstmForward(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize,
  c: usize, nextC: usize, squashed: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    lstm(gates, h, next, masked, mask, c, nextC, squashed, low, at);
    if (whole) {
      lstm(gates, h, next, masked, mask, c, nextC, squashed, high, at + 16);
    } else {
      v128.store(next + at, v128.load(h + at, 16), 16);
      v128.store(nextC + at, v128.load(c + at, 16), 16);
    }
  }
}

// @ts-ignore: decorator
@inline
function lstmBack(
  gates: usize, dh: usize, dc: usize, c: usize, squashed: usize, live: v128, at: usize,
): void {
  const block = usize(units) * ROW;
  const gi = gates + at;
  const gf = gi + block;
  const gg = gf + block;
  const go = gg + block;
  const d = v128.load(dh + at);
  const dLater = v128.load(dc + at);
  const i = v128.load(gi);
  const f = v128.load(gf);
  const g = v128.load(gg);
  const o = v128.load(go);
  const squash = v128.load(squashed + at);
  const dCell = multiplyAdd(f32x4.mul(d, o), tanhSlope(squash), dLater);
  v128.store(gi, v128.and(flush(f32x4.mul(f32x4.mul(dCell, g), slope(i))), live));
  const dForget = f32x4.mul(f32x4.mul(dCell, v128.load(c + at)), slope(f));
  v128.store(gf, v128.and(flush(dForget), live));
  v128.store(gg, v128.and(flush(f32x4.mul(f32x4.mul(dCell, i), tanhSlope(g))), live));
  v128.store(go, v128.and(flush(f32x4.mul(f32x4.mul(d, squash), slope(o))), live));
  v128.store(dc + at, either(flush(f32x4.mul(dCell, f)), dLater, live));
  v128.store(dh + at, v128.andnot(d, live));
}

export function lstmBackward(
  gates: usize, dh: usize, dc: usize, c: usize, squashed: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    lstmBack(gates, dh, dc, c, squashed, low, at);
    if (whole) lstmBack(gates, dh, dc, c, squashed, high, at + 16);
  }
}

// @ts-ignore: decorator
@inline
function reset(gates: usize, hidden: usize, resets: usize, live: v128, at: usize): void {
  const block = usize(units) * ROW;
  const gz = gates + block + at;
  const gr = gz + block;
  v128.store(gz, sigmoid(v128.load(gz)));
  const r = sigmoid(v128.load(gr));
  v128.store(gr, r);
  v128.store(resets + at, v128.and(flush(f32x4.mul(r, v128.load(hidden + at))), live));
}

/** GRU reset-before: z, r and r ⊙ hidden, before the candidate's own product. */
export function resetForward(
  gates: usize, hidden: usize, resets: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    reset(gates, hidden, resets, low, at);
    if (whole) reset(gates, hidden, resets, high, at + 16);
  }
}

// @ts-ignore: decorator
@inline
function gru(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize, live: v128, at: usize,
): void {
  const block = usize(units) * ROW;
  const gc = gates + at;
  const gz = gc + block;
  const gr = gz + block;
  let sum = v128.load(gc);
  let z = v128.load(gz);
  if (cell === GRU_AFTER) {
    z = sigmoid(z);
    v128.store(gz, z);
    const r = sigmoid(v128.load(gr));
    v128.store(gr, r);
    sum = multiplyAdd(r, v128.load(gr + block), sum);
  }
  const candidate = tanh(sum);
  v128.store(gc, candidate);
  const previous = v128.load(h + at);
  const y = flush(multiplyAdd(z, f32x4.sub(previous, candidate), candidate));
  keep(either(y, previous, live), next, masked, mask, at);
}

/** Both GRUs; reset-before after `resetForward` and the candidate's product. */
export function gruForward(
  gates: usize, h: usize, next: usize, masked: usize, mask: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    gru(gates, h, next, masked, mask, low, at);
    if (whole) gru(gates, h, next, masked, mask, high, at + 16);
    else v128.store(next + at, v128.load(h + at, 16), 16);
  }
}

// @ts-ignore: decorator
@inline
function gruBack(gates: usize, dh: usize, h: usize, live: v128, at: usize): void {
  const block = usize(units) * ROW;
  const gc = gates + at;
  const gz = gc + block;
  const gr = gz + block;
  const d = v128.load(dh + at);
  const candidate = v128.load(gc);
  const z = v128.load(gz);
  const dz = f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(h + at), candidate)), slope(z));
  const open = f32x4.sub(ones(), z);
  const dCandidate = v128.and(
    flush(f32x4.mul(f32x4.mul(d, open), tanhSlope(candidate))),
    live,
  );
  v128.store(gc, dCandidate);
  v128.store(gz, v128.and(flush(dz), live));
  if (cell === GRU_AFTER) {
    const r = v128.load(gr);
    const gs = gr + block;
    const dReset = f32x4.mul(f32x4.mul(dCandidate, v128.load(gs)), slope(r));
    v128.store(gr, v128.and(flush(dReset), live));
    v128.store(gs, v128.and(flush(f32x4.mul(dCandidate, r)), live));
  }
  v128.store(dh + at, either(flush(f32x4.mul(d, z)), d, live));
}

/** `dh` as in `rnnBackward`. Reset-before leaves r to `resetBackward`. */
export function gruBackward(
  gates: usize, dh: usize, h: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    gruBack(gates, dh, h, low, at);
    if (whole) gruBack(gates, dh, h, high, at + 16);
  }
}

// @ts-ignore: decorator
@inline
function resetBack(gates: usize, hidden: usize, dResets: usize, live: v128, at: usize): void {
  const gr = gates + 2 * usize(units) * ROW + at;
  const r = v128.load(gr);
  const d = v128.load(dResets + at);
  const dReset = f32x4.mul(f32x4.mul(d, v128.load(hidden + at)), slope(r));
  v128.store(gr, v128.and(flush(dReset), live));
  v128.store(dResets + at, v128.and(f32x4.mul(d, r), live));
}

/** `dResets`: gradient of r ⊙ hidden; then its part that goes to hidden, zeros in ended lanes. */
export function resetBackward(
  gates: usize, hidden: usize, dResets: usize, lengths: usize, step: i32,
): void {
  const low = alive(lengths, step);
  const high = alive(lengths + 16, step);
  const whole = v128.any_true(high);
  const end = usize(units) * ROW;
  for (let at: usize = 0; at < end; at += ROW) {
    resetBack(gates, hidden, dResets, low, at);
    if (whole) resetBack(gates, hidden, dResets, high, at + 16);
  }
}

/** dh += mask ⊙ values, in lanes 0…3 only where `half`. */
export function addTo(dh: usize, values: usize, mask: usize, half: bool): void {
  const end = usize(units) * ROW;
  const stride: usize = half ? 32 : 16;
  for (let at: usize = 0; at < end; at += stride) {
    let value = v128.load(values + at);
    if (mask !== 0) value = f32x4.mul(value, v128.load(mask + at));
    v128.store(dh + at, flush(f32x4.add(v128.load(dh + at), value)));
  }
}
