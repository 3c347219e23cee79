/**
 * out[rows][8] = weights[rows][depth] · x[depth][8] for several panels at once. The weights are packed in
 * tiles of 4 or 6 rows, [tile][depth][rows of a tile], so that a tile, once read, serves every panel.
 * A sum always runs over `depth` in order: results don't depend on the tile or on the threads.
 */
import { multiplyHalf } from './half';
import { batch } from './run';
import { multiplyAdd } from './vector';

// Unrolled loops, and tiles of more registers than these, come out of V8 at half the speed.

// @ts-ignore: decorator
@inline
export function tile4(weights: usize, x: usize, depth: i32, out: usize, add: bool): void {
  let a0 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  if (add) {
    a0 = v128.load(out, 0);
    b0 = v128.load(out, 16);
    a1 = v128.load(out, 32);
    b1 = v128.load(out, 48);
    a2 = v128.load(out, 64);
    b2 = v128.load(out, 80);
    a3 = v128.load(out, 96);
    b3 = v128.load(out, 112);
  }
  const end = x + (usize(depth) << 5);
  do {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    let w: v128;
    w = v128.load32_splat(weights, 0);
    a0 = multiplyAdd(w, x0, a0);
    b0 = multiplyAdd(w, x1, b0);
    w = v128.load32_splat(weights, 4);
    a1 = multiplyAdd(w, x0, a1);
    b1 = multiplyAdd(w, x1, b1);
    w = v128.load32_splat(weights, 8);
    a2 = multiplyAdd(w, x0, a2);
    b2 = multiplyAdd(w, x1, b2);
    w = v128.load32_splat(weights, 12);
    a3 = multiplyAdd(w, x0, a3);
    b3 = multiplyAdd(w, x1, b3);
    x += 32;
    weights += 16;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 32);
  v128.store(out, b1, 48);
  v128.store(out, a2, 64);
  v128.store(out, b2, 80);
  v128.store(out, a3, 96);
  v128.store(out, b3, 112);
}

// @ts-ignore: decorator
@inline
export function tile6(weights: usize, x: usize, depth: i32, out: usize, add: bool): void {
  let a0 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  let a4 = f32x4.splat(0);
  let b4 = f32x4.splat(0);
  let a5 = f32x4.splat(0);
  let b5 = f32x4.splat(0);
  if (add) {
    a0 = v128.load(out, 0);
    b0 = v128.load(out, 16);
    a1 = v128.load(out, 32);
    b1 = v128.load(out, 48);
    a2 = v128.load(out, 64);
    b2 = v128.load(out, 80);
    a3 = v128.load(out, 96);
    b3 = v128.load(out, 112);
    a4 = v128.load(out, 128);
    b4 = v128.load(out, 144);
    a5 = v128.load(out, 160);
    b5 = v128.load(out, 176);
  }
  const end = x + (usize(depth) << 5);
  do {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    let w: v128;
    w = v128.load32_splat(weights, 0);
    a0 = multiplyAdd(w, x0, a0);
    b0 = multiplyAdd(w, x1, b0);
    w = v128.load32_splat(weights, 4);
    a1 = multiplyAdd(w, x0, a1);
    b1 = multiplyAdd(w, x1, b1);
    w = v128.load32_splat(weights, 8);
    a2 = multiplyAdd(w, x0, a2);
    b2 = multiplyAdd(w, x1, b2);
    w = v128.load32_splat(weights, 12);
    a3 = multiplyAdd(w, x0, a3);
    b3 = multiplyAdd(w, x1, b3);
    w = v128.load32_splat(weights, 16);
    a4 = multiplyAdd(w, x0, a4);
    b4 = multiplyAdd(w, x1, b4);
    w = v128.load32_splat(weights, 20);
    a5 = multiplyAdd(w, x0, a5);
    b5 = multiplyAdd(w, x1, b5);
    x += 32;
    weights += 24;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, b0, 16);
  v128.store(out, a1, 32);
  v128.store(out, b1, 48);
  v128.store(out, a2, 64);
  v128.store(out, b2, 80);
  v128.store(out, a3, 96);
  v128.store(out, b3, 112);
  v128.store(out, a4, 128);
  v128.store(out, b4, 144);
  v128.store(out, a5, 160);
  v128.store(out, b5, 176);
}

/** Four rows of lane 0, as one vector. */
// @ts-ignore: decorator
@inline
function load4(out: usize, add: bool): v128 {
  if (!add) return f32x4.splat(0);
  let before = v128.load32_zero(out);
  before = f32x4.replace_lane(before, 1, load<f32>(out, 32));
  before = f32x4.replace_lane(before, 2, load<f32>(out, 64));
  return f32x4.replace_lane(before, 3, load<f32>(out, 96));
}

// @ts-ignore: decorator
@inline
function store4(out: usize, sums: v128): void {
  store<f32>(out, f32x4.extract_lane(sums, 0));
  store<f32>(out, f32x4.extract_lane(sums, 1), 32);
  store<f32>(out, f32x4.extract_lane(sums, 2), 64);
  store<f32>(out, f32x4.extract_lane(sums, 3), 96);
}

/** A batch of one row, in real time: the other lanes aren't touched. Tiles have 4 rows. */
function multiplyOne(
  weights: usize,
  rows: i32,
  depth: i32,
  x: usize,
  out: usize,
  add: bool,
): void {
  const tileBytes = usize(depth) << 4;
  const end = x + (usize(depth) << 5);
  let tiles = (rows + 3) >> 2;
  // Four sums at a time, so that one doesn't wait for the last.
  for (; tiles >= 4; tiles -= 4) {
    let a = load4(out, add);
    let b = load4(out + 128, add);
    let c = load4(out + 256, add);
    let d = load4(out + 384, add);
    let w = weights;
    let at = x;
    do {
      const value = v128.load32_splat(at);
      a = multiplyAdd(v128.load(w), value, a);
      b = multiplyAdd(v128.load(w + tileBytes), value, b);
      c = multiplyAdd(v128.load(w + 2 * tileBytes), value, c);
      d = multiplyAdd(v128.load(w + 3 * tileBytes), value, d);
      w += 16;
      at += 32;
    } while (at < end);
    store4(out, a);
    store4(out + 128, b);
    store4(out + 256, c);
    store4(out + 384, d);
    weights += 4 * tileBytes;
    out += 512;
  }
  for (; tiles > 0; tiles--) {
    let a = load4(out, add);
    for (let at = x; at < end; at += 32) {
      a = multiplyAdd(v128.load(weights), v128.load32_splat(at), a);
      weights += 16;
    }
    store4(out, a);
    out += 128;
  }
}

/**
 * Tiles overrun `rows` by up to 5 rows of zeros.
 * @param xs, outs one address a panel; `xOffset` and `outOffset` (bytes) are added to each.
 * @param add to what is in `out` already.
 */
export function multiplyPanels(
  weights: usize,
  tileRows: i32,
  rows: i32,
  depth: i32,
  count: i32,
  xs: usize,
  xOffset: usize,
  outs: usize,
  outOffset: usize,
  add: bool,
): void {
  const tileBytes = usize(tileRows * depth) << 2;
  for (let row = 0; row < rows; row += tileRows) {
    for (let i = 0; i < count; i++) {
      const x = load<usize>(xs + (usize(i) << 2)) + xOffset;
      const out = load<usize>(outs + (usize(i) << 2)) + outOffset + (usize(row) << 5);
      if (tileRows === 6) tile6(weights, x, depth, out, add);
      else tile4(weights, x, depth, out, add);
    }
    weights += tileBytes;
  }
}

/**
 * `multiplyPanels`, with products of their own for a batch of one row and for a last panel of which only
 * lanes 0…3 are wanted (`half`).
 */
export function multiply(
  weights: usize,
  tileRows: i32,
  rows: i32,
  depth: i32,
  count: i32,
  xs: usize,
  xOffset: usize,
  outs: usize,
  outOffset: usize,
  add: bool,
  half: bool,
): void {
  if (batch === 1) {
    multiplyOne(weights, rows, depth, load<usize>(xs) + xOffset, load<usize>(outs) + outOffset, add);
    return;
  }
  const whole = half ? count - 1 : count;
  if (whole > 0) multiplyPanels(weights, tileRows, rows, depth, whole, xs, xOffset, outs, outOffset, add);
  if (!half) return;
  const x = load<usize>(xs + (usize(whole) << 2)) + xOffset;
  const out = load<usize>(outs + (usize(whole) << 2)) + outOffset;
  multiplyHalf(weights, tileRows, rows, depth, x, out, add);
}

/** Bytes of packed weights. */
export function packedBytes(tileRows: i32, rows: i32, depth: i32): usize {
  return usize(((rows + tileRows - 1) / tileRows) * tileRows * depth) << 2;
}

/** A tile whose rows lie side by side. */
function packBeside(at: usize, tileRows: i32, count: i32, values: usize, depthStride: usize): void {
  if (tileRows === 6) {
    for (let k = 0; k < count; k++) {
      v128.store(at, v128.load(values));
      store<u64>(at, load<u64>(values, 16), 16);
      at += 24;
      values += depthStride;
    }
    return;
  }
  for (let k = 0; k < count; k++) {
    v128.store(at, v128.load(values));
    at += 16;
    values += depthStride;
  }
}

/** A tile whose rows are contiguous; the first `count & ~3` columns, four at a time. */
function packAlong(at: usize, tileRows: i32, count: i32, values: usize, rowStride: usize): void {
  const step = usize(tileRows) << 2;
  for (let k = 0; k + 4 <= count; k += 4) {
    const r0 = v128.load(values);
    const r1 = v128.load(values + rowStride);
    const r2 = v128.load(values + 2 * rowStride);
    const r3 = v128.load(values + 3 * rowStride);
    const ab = i8x16.shuffle(r0, r1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const cd = i8x16.shuffle(r2, r3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const ef = i8x16.shuffle(r0, r1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const gh = i8x16.shuffle(r2, r3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v128.store(at, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(at + step, i64x2.shuffle(ab, cd, 1, 3));
    v128.store(at + 2 * step, i64x2.shuffle(ef, gh, 0, 2));
    v128.store(at + 3 * step, i64x2.shuffle(ef, gh, 1, 3));
    if (tileRows === 6) {
      const r4 = v128.load(values + 4 * rowStride);
      const r5 = v128.load(values + 5 * rowStride);
      const low = i8x16.shuffle(r4, r5, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
      const high = i8x16.shuffle(r4, r5, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
      v128.store64_lane(at, low, 0, 16);
      v128.store64_lane(at, low, 1, 40);
      v128.store64_lane(at, high, 0, 64);
      v128.store64_lane(at, high, 1, 88);
    }
    at += 4 * step;
    values += 16;
  }
}

/**
 * Packs columns `from`…`from + count` of the depth of a matrix whose element (row, k) lies at
 * `source + row·rowStride + k·depthStride` (strides in bytes): tiles `share`, `share + shares`, ….
 */
export function pack(
  to: usize,
  tileRows: i32,
  rows: i32,
  depth: i32,
  from: i32,
  count: i32,
  source: usize,
  rowStride: usize,
  depthStride: usize,
  share: i32,
  shares: i32,
): void {
  for (let row = share * tileRows; row < rows; row += shares * tileRows) {
    let at = to + (usize(row * depth + from * tileRows) << 2);
    const real = min(tileRows, rows - row);
    let values = source + usize(row) * rowStride;
    let k = 0;
    if (real === tileRows && rowStride === 4) {
      packBeside(at, tileRows, count, values, depthStride);
      continue;
    }
    if (real === tileRows && depthStride === 4) {
      packAlong(at, tileRows, count, values, rowStride);
      k = count & ~3;
      at += usize(k * tileRows) << 2;
      values += usize(k) << 2;
    }
    for (; k < count; k++) {
      let element = values;
      for (let i = 0; i < tileRows; i++) {
        store<f32>(at, i < real ? load<f32>(element) : 0);
        element += rowStride;
        at += 4;
      }
      values += depthStride;
    }
  }
}
