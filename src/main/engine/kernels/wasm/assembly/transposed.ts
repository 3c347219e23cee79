/**
 * Weight gradients: to[m][n] = Σ over slots and lanes of a[m]·b[n], rows of operands and gate gradients.
 * The sum is cut into blocks of slots, whose rows are copied side by side first: read in place they would
 * lie kilobytes apart. Each product is a sum of vectors, added up across the lanes at a block's end.
 */
import { ROW } from './run';
import { multiplyAdd } from './vector';

/** Slots in a block; 3 × 4 rows of a tile; rows of `a` copied at once. */
const BLOCK: i32 = 32;
const A_ROWS: i32 = 3;
const B_ROWS: i32 = 4;
const A_PART: i32 = 192;

/** Bytes of scratch that `multiplyTransposed` needs for up to `columns` rows of b. */
export function transposedScratch(columns: i32): usize {
  return usize((A_PART + columns + B_ROWS) * BLOCK) * ROW;
}

/** Copies rows [first, first + rows) of `slots` slots into tiles [tile][slot][tileRows][8], zeros beyond. */
function copyTiles(
  to: usize,
  tileRows: i32,
  from: usize,
  stride: usize,
  rows: i32,
  slots: i32,
): void {
  for (let row = 0; row < rows; row += tileRows) {
    const real = min(tileRows, rows - row);
    let source = from + usize(row) * ROW;
    for (let slot = 0; slot < slots; slot++) {
      for (let i = 0; i < real; i++) {
        v128.store(to, v128.load(source + usize(i) * ROW));
        v128.store(to, v128.load(source + usize(i) * ROW, 16), 16);
        to += ROW;
      }
      for (let i = real; i < tileRows; i++) {
        v128.store(to, f32x4.splat(0));
        v128.store(to, f32x4.splat(0), 16);
        to += ROW;
      }
      source += stride;
    }
  }
}

/** The sums across the lanes of four vectors. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  const cd = f32x4.add(
    i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  return f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Adds the first `count` of four values to those in memory. */
// @ts-ignore: decorator
@inline
function addRow(to: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, f32x4.add(v128.load(to), values));
    return;
  }
  store<f32>(to, load<f32>(to) + f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(to, load<f32>(to, 4) + f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(to, load<f32>(to, 8) + f32x4.extract_lane(values, 2), 8);
}

// @ts-ignore: decorator
@inline
function tile(
  a: usize, b: usize, vectors: i32, to: usize, width: usize, rows: i32, columns: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  let s23 = f32x4.splat(0);
  let x: v128;
  const end = a + (usize(vectors) * A_ROWS << 5);
  while (a < end) {
    const y0 = v128.load(b, 0);
    const y1 = v128.load(b, 32);
    const y2 = v128.load(b, 64);
    const y3 = v128.load(b, 96);
    x = v128.load(a, 0);
    s00 = multiplyAdd(x, y0, s00);
    s01 = multiplyAdd(x, y1, s01);
    s02 = multiplyAdd(x, y2, s02);
    s03 = multiplyAdd(x, y3, s03);
    x = v128.load(a, 32);
    s10 = multiplyAdd(x, y0, s10);
    s11 = multiplyAdd(x, y1, s11);
    s12 = multiplyAdd(x, y2, s12);
    s13 = multiplyAdd(x, y3, s13);
    x = v128.load(a, 64);
    s20 = multiplyAdd(x, y0, s20);
    s21 = multiplyAdd(x, y1, s21);
    s22 = multiplyAdd(x, y2, s22);
    s23 = multiplyAdd(x, y3, s23);
    const z0 = v128.load(b, 16);
    const z1 = v128.load(b, 48);
    const z2 = v128.load(b, 80);
    const z3 = v128.load(b, 112);
    x = v128.load(a, 16);
    s00 = multiplyAdd(x, z0, s00);
    s01 = multiplyAdd(x, z1, s01);
    s02 = multiplyAdd(x, z2, s02);
    s03 = multiplyAdd(x, z3, s03);
    x = v128.load(a, 48);
    s10 = multiplyAdd(x, z0, s10);
    s11 = multiplyAdd(x, z1, s11);
    s12 = multiplyAdd(x, z2, s12);
    s13 = multiplyAdd(x, z3, s13);
    x = v128.load(a, 80);
    s20 = multiplyAdd(x, z0, s20);
    s21 = multiplyAdd(x, z1, s21);
    s22 = multiplyAdd(x, z2, s22);
    s23 = multiplyAdd(x, z3, s23);
    a += 96;
    b += 128;
  }
  addRow(to, across(s00, s01, s02, s03), columns);
  if (rows > 1) addRow(to + width, across(s10, s11, s12, s13), columns);
  if (rows > 2) addRow(to + 2 * width, across(s20, s21, s22, s23), columns);
}

/**
 * Adds to `to`.
 * @param a, b addresses of the first row in slot 0; their strides from slot to slot in bytes.
 * @param width of a row of `to`, in bytes.
 */
export function multiplyTransposed(
  a: usize,
  aStride: usize,
  aRows: i32,
  b: usize,
  bStride: usize,
  bRows: i32,
  slots: i32,
  to: usize,
  width: usize,
  scratch: usize,
): void {
  const copiedB = scratch + usize(A_PART * BLOCK) * ROW;
  for (let slot = 0; slot < slots; slot += BLOCK) {
    const count = min(BLOCK, slots - slot);
    copyTiles(copiedB, B_ROWS, b + usize(slot) * bStride, bStride, bRows, count);
    for (let part = 0; part < aRows; part += A_PART) {
      const partRows = min(A_PART, aRows - part);
      const from = a + usize(slot) * aStride + usize(part) * ROW;
      copyTiles(scratch, A_ROWS, from, aStride, partRows, count);
      for (let n = 0; n < bRows; n += B_ROWS) {
        const bTile = copiedB + usize(n * count) * ROW;
        for (let m = 0; m < partRows; m += A_ROWS) {
          tile(
            scratch + usize(m * count) * ROW,
            bTile,
            count,
            to + usize(part + m) * width + (usize(n) << 2),
            width,
            partRows - m,
            bRows - n,
          );
        }
      }
    }
  }
}
