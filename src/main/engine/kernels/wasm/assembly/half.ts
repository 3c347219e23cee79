/**
 * A product, as in product.ts, of a panel of which only lanes 0…3 are wanted: the rows in the others have
 * ended, or there are none. One tile has too few sums to keep the multipliers busy while each sum waits
 * for its last addition, so two or three run side by side.
 */
import { tile4, tile6 } from './product';
import { multiplyAdd } from './vector';

/** Rows side by side. */
const ROWS: i32 = 12;

// @ts-ignore: decorator
@inline
function half4(weights: usize, tileBytes: usize, x: usize, depth: i32, out: usize, add: bool): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let c3 = f32x4.splat(0);
  if (add) {
    a0 = v128.load(out, 0);
    a1 = v128.load(out, 32);
    a2 = v128.load(out, 64);
    a3 = v128.load(out, 96);
    b0 = v128.load(out, 128);
    b1 = v128.load(out, 160);
    b2 = v128.load(out, 192);
    b3 = v128.load(out, 224);
    c0 = v128.load(out, 256);
    c1 = v128.load(out, 288);
    c2 = v128.load(out, 320);
    c3 = v128.load(out, 352);
  }
  let second = weights + tileBytes;
  let third = weights + 2 * tileBytes;
  const end = x + (usize(depth) << 5);
  do {
    const x0 = v128.load(x);
    a0 = multiplyAdd(v128.load32_splat(weights, 0), x0, a0);
    a1 = multiplyAdd(v128.load32_splat(weights, 4), x0, a1);
    a2 = multiplyAdd(v128.load32_splat(weights, 8), x0, a2);
    a3 = multiplyAdd(v128.load32_splat(weights, 12), x0, a3);
    b0 = multiplyAdd(v128.load32_splat(second, 0), x0, b0);
    b1 = multiplyAdd(v128.load32_splat(second, 4), x0, b1);
    b2 = multiplyAdd(v128.load32_splat(second, 8), x0, b2);
    b3 = multiplyAdd(v128.load32_splat(second, 12), x0, b3);
    c0 = multiplyAdd(v128.load32_splat(third, 0), x0, c0);
    c1 = multiplyAdd(v128.load32_splat(third, 4), x0, c1);
    c2 = multiplyAdd(v128.load32_splat(third, 8), x0, c2);
    c3 = multiplyAdd(v128.load32_splat(third, 12), x0, c3);
    x += 32;
    weights += 16;
    second += 16;
    third += 16;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, a1, 32);
  v128.store(out, a2, 64);
  v128.store(out, a3, 96);
  v128.store(out, b0, 128);
  v128.store(out, b1, 160);
  v128.store(out, b2, 192);
  v128.store(out, b3, 224);
  v128.store(out, c0, 256);
  v128.store(out, c1, 288);
  v128.store(out, c2, 320);
  v128.store(out, c3, 352);
}

// @ts-ignore: decorator
@inline
function half6(weights: usize, tileBytes: usize, x: usize, depth: i32, out: usize, add: bool): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let a4 = f32x4.splat(0);
  let a5 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  let b4 = f32x4.splat(0);
  let b5 = f32x4.splat(0);
  if (add) {
    a0 = v128.load(out, 0);
    a1 = v128.load(out, 32);
    a2 = v128.load(out, 64);
    a3 = v128.load(out, 96);
    a4 = v128.load(out, 128);
    a5 = v128.load(out, 160);
    b0 = v128.load(out, 192);
    b1 = v128.load(out, 224);
    b2 = v128.load(out, 256);
    b3 = v128.load(out, 288);
    b4 = v128.load(out, 320);
    b5 = v128.load(out, 352);
  }
  let second = weights + tileBytes;
  const end = x + (usize(depth) << 5);
  do {
    const x0 = v128.load(x);
    a0 = multiplyAdd(v128.load32_splat(weights, 0), x0, a0);
    a1 = multiplyAdd(v128.load32_splat(weights, 4), x0, a1);
    a2 = multiplyAdd(v128.load32_splat(weights, 8), x0, a2);
    a3 = multiplyAdd(v128.load32_splat(weights, 12), x0, a3);
    a4 = multiplyAdd(v128.load32_splat(weights, 16), x0, a4);
    a5 = multiplyAdd(v128.load32_splat(weights, 20), x0, a5);
    b0 = multiplyAdd(v128.load32_splat(second, 0), x0, b0);
    b1 = multiplyAdd(v128.load32_splat(second, 4), x0, b1);
    b2 = multiplyAdd(v128.load32_splat(second, 8), x0, b2);
    b3 = multiplyAdd(v128.load32_splat(second, 12), x0, b3);
    b4 = multiplyAdd(v128.load32_splat(second, 16), x0, b4);
    b5 = multiplyAdd(v128.load32_splat(second, 20), x0, b5);
    x += 32;
    weights += 24;
    second += 24;
  } while (x < end);
  v128.store(out, a0, 0);
  v128.store(out, a1, 32);
  v128.store(out, a2, 64);
  v128.store(out, a3, 96);
  v128.store(out, a4, 128);
  v128.store(out, a5, 160);
  v128.store(out, b0, 192);
  v128.store(out, b1, 224);
  v128.store(out, b2, 256);
  v128.store(out, b3, 288);
  v128.store(out, b4, 320);
  v128.store(out, b5, 352);
}

/** One panel's product in lanes 0…3; what is left in the others has no meaning. */
export function multiplyHalf(
  weights: usize,
  tileRows: i32,
  rows: i32,
  depth: i32,
  x: usize,
  out: usize,
  add: bool,
): void {
  const tileBytes = usize(tileRows * depth) << 2;
  let row = 0;
  for (; row + ROWS - tileRows < rows; row += ROWS) {
    if (tileRows === 6) half6(weights, tileBytes, x, depth, out, add);
    else half4(weights, tileBytes, x, depth, out, add);
    weights += usize(ROWS * depth) << 2;
    out += usize(ROWS) << 5;
  }
  for (; row < rows; row += tileRows) {
    if (tileRows === 6) tile6(weights, x, depth, out, add);
    else tile4(weights, x, depth, out, add);
    weights += tileBytes;
    out += usize(tileRows) << 5;
  }
}
