/**
 * Softmax cross-entropy of rows of scores with one right class each: what the loss is computed from, its
 * gradient, and the class with the highest score, in one pass over each row while it is near.
 */
import { exponential, flush } from './vector';

/** The largest of `count` scores; NaN counts as none. */
function largest(row: usize, count: i32): f32 {
  let top = f32x4.splat(-f32.MAX_VALUE);
  const whole = row + (usize(count & ~3) << 2);
  let at = row;
  for (; at < whole; at += 16) top = f32x4.pmax(top, v128.load(at));
  const end = row + (usize(count) << 2);
  for (; at < end; at += 4) top = f32x4.pmax(top, v128.load32_splat(at));
  return max(
    max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1)),
    max(f32x4.extract_lane(top, 2), f32x4.extract_lane(top, 3)),
  );
}

function firstOf(row: usize, count: i32, value: f32): i32 {
  for (let i = 0; i < count; i++) {
    if (load<f32>(row + (usize(i) << 2)) === value) return i;
  }
  return 0;
}

/** Σ e^(score − top); each term goes to `to` too, unless that is 0. */
function exponentials(row: usize, count: i32, top: f32, to: usize): f32 {
  const tops = f32x4.splat(top);
  let sums = f32x4.splat(0);
  const whole = usize(count & ~3) << 2;
  const end = usize(count) << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const e = exponential(f32x4.sub(v128.load(row + at), tops));
    if (to !== 0) v128.store(to + at, e);
    sums = f32x4.add(sums, e);
  }
  let sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; at < end; at += 4) {
    const e = f32x4.extract_lane(exponential(f32x4.sub(v128.load32_splat(row + at), tops)), 0);
    if (to !== 0) store<f32>(to + at, e);
    sum += e;
  }
  return sum;
}

function scale(row: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = row + (usize(count & ~3) << 2);
  let at = row;
  for (; at < whole; at += 16) v128.store(at, flush(f32x4.mul(v128.load(at), factors)));
  const end = row + (usize(count) << 2);
  for (; at < end; at += 4) {
    store<f32>(at, f32x4.extract_lane(flush(f32x4.mul(v128.load32_splat(at), factors)), 0));
  }
}

/** The job's fields are those in ../cross-entropy.ts, in order; share s takes a range of rows. */
export function crossEntropy(job: usize, share: i32, shares: i32): void {
  const rows = load<i32>(job);
  const classes = load<i32>(job, 4);
  const scores = load<usize>(job, 8);
  const ids = load<usize>(job, 12);
  const weights = load<usize>(job, 16);
  /** [rows][classes], or 0 where nobody asks for it. */
  const gradient = load<usize>(job, 20);
  /** [rows] each: Σ e^(score − highest), highest − right class' score, class of the highest. */
  const sums = load<usize>(job, 24);
  const gaps = load<usize>(job, 28);
  const predicted = load<usize>(job, 32);
  const last = (rows * (share + 1)) / shares;
  for (let i = (rows * share) / shares; i < last; i++) {
    const at = usize(i) << 2;
    const offset = usize(i * classes) << 2;
    const row = scores + offset;
    const weight = load<f32>(weights + at);
    const target = usize(load<i32>(ids + at)) << 2;
    const top = largest(row, classes);
    store<i32>(predicted + at, firstOf(row, classes, top));
    if (weight === 0) {
      store<f32>(sums + at, 1);
      store<f32>(gaps + at, 0);
      if (gradient !== 0) memory.fill(gradient + offset, 0, usize(classes) << 2);
      continue;
    }
    const to = gradient === 0 ? 0 : gradient + offset;
    const sum = exponentials(row, classes, top, to);
    store<f32>(sums + at, sum);
    store<f32>(gaps + at, top - load<f32>(row + target));
    if (to === 0) continue;
    scale(to, classes, weight / sum);
    store<f32>(to + target, load<f32>(to + target) - weight);
  }
}
