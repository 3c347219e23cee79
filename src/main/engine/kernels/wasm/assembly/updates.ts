/**
 * An optimizer's update in place, over all weights as one vector: sums of squares for the norms that are
 * clipped by, then Adam. The jobs' fields are those in ../adam.ts, in order.
 */
import { flush, multiplyAdd } from './vector';

/** Values whose squares make one partial sum, so that no sum depends on the shares. */
const CHUNK: i32 = 4096;

// @ts-ignore: decorator
@inline
function addSquares(sums: v128, x: v128): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1));
  return f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}

// @ts-ignore: decorator
@inline
function clipped(g: v128, limit: v128, negative: v128): v128 {
  return f32x4.pmax(f32x4.pmin(g, limit), negative);
}

export function squareChunks(size: i32): i32 {
  return (size + CHUNK - 1) / CHUNK;
}

/**
 * Per chunk of the gradient the sum of squares, as it is and clipped by value, float64 each. Vectors are
 * filled up with zeros to whole vectors of four.
 */
export function squares(job: usize, share: i32, shares: i32): void {
  const size = load<i32>(job);
  const gradient = load<usize>(job, 4);
  const partials = load<usize>(job, 8);
  const limit = v128.load32_splat(job, 12);
  const negative = f32x4.neg(limit);
  const chunks = squareChunks(size);
  const last = (chunks * (share + 1)) / shares;
  for (let chunk = (chunks * share) / shares; chunk < last; chunk++) {
    const end = gradient + (usize(min(size, (chunk + 1) * CHUNK)) << 2);
    let raw = f64x2.splat(0);
    let limited = f64x2.splat(0);
    for (let at = gradient + (usize(chunk * CHUNK) << 2); at < end; at += 16) {
      const g = v128.load(at);
      raw = addSquares(raw, g);
      limited = addSquares(limited, clipped(g, limit, negative));
    }
    const to = partials + (usize(chunk) << 4);
    store<f64>(to, f64x2.extract_lane(raw, 0) + f64x2.extract_lane(raw, 1));
    store<f64>(to, f64x2.extract_lane(limited, 0) + f64x2.extract_lane(limited, 1), 8);
  }
}

/** w ← decay·w − rate·m / (√v + ε) with m and v of the clipped gradient; constants from the host. */
export function adam(job: usize, share: i32, shares: i32): void {
  const size = load<i32>(job);
  const gradient = load<usize>(job, 4);
  const limit = v128.load32_splat(job, 12);
  const negative = f32x4.neg(limit);
  const weights = load<usize>(job, 16);
  const moments = load<usize>(job, 20);
  const variances = load<usize>(job, 24);
  const factor = v128.load32_splat(job, 28);
  const beta1 = v128.load32_splat(job, 32);
  const rest1 = v128.load32_splat(job, 36);
  const beta2 = v128.load32_splat(job, 40);
  const rest2 = v128.load32_splat(job, 44);
  const rate = v128.load32_splat(job, 48);
  const epsilon = v128.load32_splat(job, 52);
  const decay = v128.load32_splat(job, 56);
  const vectors = (size + 3) >> 2;
  const end = usize((vectors * (share + 1)) / shares) << 4;
  for (let at = usize((vectors * share) / shares) << 4; at < end; at += 16) {
    const g = f32x4.mul(factor, clipped(v128.load(gradient + at), limit, negative));
    const m = flush(multiplyAdd(beta1, v128.load(moments + at), f32x4.mul(rest1, g)));
    const square = f32x4.mul(f32x4.mul(rest2, g), g);
    const v = flush(multiplyAdd(beta2, v128.load(variances + at), square));
    v128.store(moments + at, m);
    v128.store(variances + at, v);
    const step = f32x4.div(f32x4.mul(rate, m), f32x4.add(f32x4.sqrt(v), epsilon));
    v128.store(weights + at, f32x4.sub(f32x4.mul(decay, v128.load(weights + at)), step));
  }
}
