/**
 * Layer normalisation over the last axis, forward and backward. The jobs' fields are those in
 * ../layer-norm.ts, in order.
 */
import { flush, multiplyAdd } from './vector';

/** Of the row at hand: its mean in float32, what that lacks, and 1 / √(variance + ε). */
let mean: f32 = 0;
let shift: f32 = 0;
let scale: f32 = 0;

let sum: f32 = 0;
let square: f32 = 0;

// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** Σ (x − centre) and Σ (x − centre)², into `sum` and `square`. */
function addUp(row: usize, columns: i32, centre: f32): void {
  const centres = f32x4.splat(centre);
  let sums = f32x4.splat(0);
  let squares = f32x4.splat(0);
  let at = row;
  const whole = row + (usize(columns & ~3) << 2);
  for (; at < whole; at += 16) {
    const gap = f32x4.sub(v128.load(at), centres);
    sums = f32x4.add(sums, gap);
    squares = multiplyAdd(gap, gap, squares);
  }
  sum = total(sums);
  square = total(squares);
  const end = row + (usize(columns) << 2);
  for (; at < end; at += 4) {
    const gap = load<f32>(at) - centre;
    sum += gap;
    square += gap * gap;
  }
}

/**
 * In two passes. Values near the mean lose no digit when it is taken off, so that what its rounding leaves
 * can be measured: rows of large values are as precise as others (Chan et al. 1983, the corrected sums).
 */
function measure(row: usize, columns: i32, epsilon: f32): void {
  addUp(row, columns, 0);
  mean = sum / f32(columns);
  addUp(row, columns, mean);
  shift = sum / f32(columns);
  scale = f32(1) / sqrt<f32>(max<f32>(0, square / f32(columns) - shift * shift) + epsilon);
}

/** Share s takes a range of rows. */
export function layerNorm(job: usize, share: i32, shares: i32): void {
  const rows = load<i32>(job);
  const columns = load<i32>(job, 4);
  const input = load<usize>(job, 8);
  const gamma = load<usize>(job, 12);
  /** [rows][3]: mean, shift and scale. */
  const statistics = load<usize>(job, 16);
  const beta = load<usize>(job, 20);
  const output = load<usize>(job, 24);
  const epsilon = load<f32>(job, 28);
  const bytes = usize(columns) << 2;
  const whole = usize(columns & ~3) << 2;
  const last = (rows * (share + 1)) / shares;
  for (let i = (rows * share) / shares; i < last; i++) {
    const x = input + usize(i) * bytes;
    const y = output + usize(i) * bytes;
    measure(x, columns, epsilon);
    const kept = statistics + usize(i) * 12;
    store<f32>(kept, mean);
    store<f32>(kept, shift, 4);
    store<f32>(kept, scale, 8);
    const means = f32x4.splat(mean);
    const shifts = f32x4.splat(shift);
    const scales = f32x4.splat(scale);
    let at: usize = 0;
    for (; at < whole; at += 16) {
      const gap = f32x4.sub(f32x4.sub(v128.load(x + at), means), shifts);
      const normal = f32x4.mul(gap, scales);
      v128.store(
        y + at,
        f32x4.add(f32x4.mul(normal, v128.load(gamma + at)), v128.load(beta + at)),
      );
    }
    for (; at < bytes; at += 4) {
      const normal = (load<f32>(x + at) - mean - shift) * scale;
      store<f32>(y + at, normal * load<f32>(gamma + at) + load<f32>(beta + at));
    }
  }
}

/**
 * d(loss)/dinput, and per chunk of rows the sums that make d(loss)/dgamma and d(loss)/dbeta, so that they
 * don't depend on the shares. Share s takes a range of chunks.
 */
export function layerNormBackward(job: usize, share: i32, shares: i32): void {
  const rows = load<i32>(job);
  const columns = load<i32>(job, 4);
  const input = load<usize>(job, 8);
  const gamma = load<usize>(job, 12);
  const statistics = load<usize>(job, 16);
  const upstream = load<usize>(job, 20);
  const gradient = load<usize>(job, 24);
  /** [chunks][2][columns] */
  const partials = load<usize>(job, 28);
  const chunkRows = load<i32>(job, 32);
  const bytes = usize(columns) << 2;
  const chunks = (rows + chunkRows - 1) / chunkRows;
  const last = (chunks * (share + 1)) / shares;
  for (let chunk = (chunks * share) / shares; chunk < last; chunk++) {
    const dGamma = partials + usize(chunk) * 2 * bytes;
    memory.fill(dGamma, 0, 2 * bytes);
    const end = min(rows, (chunk + 1) * chunkRows);
    for (let i = chunk * chunkRows; i < end; i++) {
      const kept = statistics + usize(i) * 12;
      mean = load<f32>(kept);
      shift = load<f32>(kept, 4);
      scale = load<f32>(kept, 8);
      const offset = usize(i) * bytes;
      rowBackward(input + offset, upstream + offset, gradient + offset, columns, gamma, dGamma);
    }
  }
}

/** dx = scale·(g − mean(g) − n·mean(g·n)) with n the normalised values and g = γ·dy. */
function rowBackward(
  x: usize, dy: usize, dx: usize, columns: i32, gamma: usize, dGamma: usize,
): void {
  const bytes = usize(columns) << 2;
  const whole = usize(columns & ~3) << 2;
  const dBeta = dGamma + bytes;
  const means = f32x4.splat(mean);
  const shifts = f32x4.splat(shift);
  const scales = f32x4.splat(scale);
  let sums = f32x4.splat(0);
  let products = f32x4.splat(0);
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const up = v128.load(dy + at);
    const gap = f32x4.sub(f32x4.sub(v128.load(x + at), means), shifts);
    const normal = f32x4.mul(gap, scales);
    const g = f32x4.mul(up, v128.load(gamma + at));
    sums = f32x4.add(sums, g);
    products = f32x4.add(products, f32x4.mul(g, normal));
    v128.store(dGamma + at, f32x4.add(v128.load(dGamma + at), f32x4.mul(up, normal)));
    v128.store(dBeta + at, f32x4.add(v128.load(dBeta + at), up));
  }
  sum = total(sums);
  let product = total(products);
  for (; at < bytes; at += 4) {
    const up = load<f32>(dy + at);
    const normal = (load<f32>(x + at) - mean - shift) * scale;
    const g = up * load<f32>(gamma + at);
    sum += g;
    product += g * normal;
    store<f32>(dGamma + at, load<f32>(dGamma + at) + up * normal);
    store<f32>(dBeta + at, load<f32>(dBeta + at) + up);
  }
  sum /= f32(columns);
  product /= f32(columns);
  const across = f32x4.splat(sum);
  const along = f32x4.splat(product);
  for (at = 0; at < whole; at += 16) {
    const gap = f32x4.sub(f32x4.sub(v128.load(x + at), means), shifts);
    const normal = f32x4.mul(gap, scales);
    const g = f32x4.mul(v128.load(dy + at), v128.load(gamma + at));
    const rest = f32x4.sub(f32x4.sub(g, across), f32x4.mul(normal, along));
    v128.store(dx + at, flush(f32x4.mul(rest, scales)));
  }
  for (; at < bytes; at += 4) {
    const normal = (load<f32>(x + at) - mean - shift) * scale;
    const g = load<f32>(dy + at) * load<f32>(gamma + at);
    const rest = f32x4.splat((g - sum - normal * product) * scale);
    store<f32>(dx + at, f32x4.extract_lane(flush(rest), 0));
  }
}
