/**
 * Weight gradients: to[m][n] = Σ over slots and lanes of a[m]·b[n], rows of operands and gate gradients;
 * of slots that are not wide, over lanes 0…3.
 * The sum is cut into blocks of slots, whose rows are first copied side by side: read in place they would
 * lie kilobytes apart. Each product is a sum of vectors, added up across the lanes at a block's end.
 */
import { ROW } from './run';
import { multiplyAdd } from './vector';

/** Slots in a block; rows of `a` copied at once. */
const BLOCK: i32 = 64;
const PART: i32 = 96;
/** A tile is 3 × 3 products: V8 keeps more in registers badly. */
const TILE: i32 = 3;

function tilesOf(rows: i32): i32 {
  return (rows + TILE - 1) / TILE;
}

/** Bytes of scratch that `multiplyTransposed` needs. */
export function transposedScratch(aRows: i32, bRows: i32): usize {
  const sums = usize(tilesOf(aRows) * TILE * tilesOf(bRows)) << 4;
  return usize((PART + tilesOf(bRows) * TILE) * BLOCK) * ROW + sums;
}

/**
 * Copies rows of `slots` slots into tiles [tile][half slots][3 rows][4 lanes], zeros beyond.
 * @param wides of these slots, as `wide` in ./run.
 */
function copyTiles(
  to: usize, from: usize, stride: usize, rows: i32, slots: i32, wides: usize,
): void {
  for (let row = 0; row < rows; row += TILE) {
    const second = row + 1 < rows;
    const third = row + 2 < rows;
    let source = from + usize(row) * ROW;
    for (let slot = 0; slot < slots; slot++) {
      v128.store(to, v128.load(source));
      v128.store(to, second ? v128.load(source, 32) : f32x4.splat(0), 16);
      v128.store(to, third ? v128.load(source, 64) : f32x4.splat(0), 32);
      to += 48;
      if (load<i32>(wides + (usize(slot) << 2)) !== 0) {
        v128.store(to, v128.load(source, 16));
        v128.store(to, second ? v128.load(source, 48) : f32x4.splat(0), 16);
        v128.store(to, third ? v128.load(source, 80) : f32x4.splat(0), 32);
        to += 48;
      }
      source += stride;
    }
  }
}

/** The sums across the lanes of three vectors, and 0. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128, c: v128): v128 {
  const zero = f32x4.splat(0);
  const ab = f32x4.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  const cd = f32x4.add(
    i8x16.shuffle(c, zero, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
    i8x16.shuffle(c, zero, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
  );
  return f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Adds to three vectors of sums, one a row of a. */
// @ts-ignore: decorator
@inline
function tile(a: usize, b: usize, halves: i32, sums: usize, first: bool): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  const end = a + usize(halves) * 48;
  do {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    let y = v128.load(b);
    s00 = multiplyAdd(y, a0, s00);
    s10 = multiplyAdd(y, a1, s10);
    s20 = multiplyAdd(y, a2, s20);
    y = v128.load(b, 16);
    s01 = multiplyAdd(y, a0, s01);
    s11 = multiplyAdd(y, a1, s11);
    s21 = multiplyAdd(y, a2, s21);
    y = v128.load(b, 32);
    s02 = multiplyAdd(y, a0, s02);
    s12 = multiplyAdd(y, a1, s12);
    s22 = multiplyAdd(y, a2, s22);
    a += 48;
    b += 48;
  } while (a < end);
  let r0 = across(s00, s01, s02);
  let r1 = across(s10, s11, s12);
  let r2 = across(s20, s21, s22);
  if (!first) {
    r0 = f32x4.add(r0, v128.load(sums, 0));
    r1 = f32x4.add(r1, v128.load(sums, 16));
    r2 = f32x4.add(r2, v128.load(sums, 32));
  }
  v128.store(sums, r0, 0);
  v128.store(sums, r1, 16);
  v128.store(sums, r2, 32);
}

/**
 * @param a, b addresses of the first row in slot 0; their strides from slot to slot in bytes.
 * @param wides i32 a slot: 0 leaves its lanes 4…7 out.
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
  wides: usize,
  to: usize,
  width: usize,
  scratch: usize,
): void {
  if (slots === 0) return;
  const copiedB = scratch + usize(PART * BLOCK) * ROW;
  const sums = copiedB + usize(tilesOf(bRows) * TILE * BLOCK) * ROW;
  const sumsRows = tilesOf(aRows) * TILE;
  for (let slot = 0; slot < slots; slot += BLOCK) {
    const count = min(BLOCK, slots - slot);
    const widesAt = wides + (usize(slot) << 2);
    let halves = count;
    for (let i = 0; i < count; i++) halves += load<i32>(widesAt + (usize(i) << 2));
    copyTiles(copiedB, b + usize(slot) * bStride, bStride, bRows, count, widesAt);
    for (let part = 0; part < aRows; part += PART) {
      const partRows = min(PART, aRows - part);
      copyTiles(scratch, a + usize(slot) * aStride + usize(part) * ROW, aStride, partRows, count, widesAt);
      for (let n = 0; n < bRows; n += TILE) {
        const bTile = copiedB + (usize(n * halves) << 4);
        let sum = sums + (usize((n / TILE) * sumsRows + part) << 4);
        for (let m = 0; m < partRows; m += TILE) {
          tile(scratch + (usize(m * halves) << 4), bTile, halves, sum, slot === 0);
          sum += 48;
        }
      }
    }
  }
  for (let m = 0; m < aRows; m++) {
    let out = to + usize(m) * width;
    let sum = sums + (usize(m) << 4);
    for (let n = 0; n < bRows; n += TILE) {
      store<f32>(out, load<f32>(sum));
      if (n + 1 < bRows) store<f32>(out, load<f32>(sum, 4), 4);
      if (n + 2 < bRows) store<f32>(out, load<f32>(sum, 8), 8);
      out += 12;
      sum += usize(sumsRows) << 4;
    }
  }
}
