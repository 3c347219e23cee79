/** Between rows of float32 [rows][width], as TF.js has them, and panels [width][8]. */
import { ROW } from './run';

// @ts-ignore: decorator
@inline
function lane(rows: usize, index: usize): usize {
  return load<usize>(rows + (index << 2));
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, mask: usize, offset: usize, add: bool): void {
  if (mask !== 0) value = f32x4.mul(value, v128.load(mask + offset));
  if (add) value = f32x4.add(value, v128.load(at + offset));
  v128.store(at + offset, value);
}

/** Four columns of four rows ↔ four rows of four lanes. */
// @ts-ignore: decorator
@inline
function gatherHalf(
  to: usize,
  rows: usize,
  first: usize,
  width: i32,
  mask: usize,
  add: bool,
): void {
  const r0 = lane(rows, first);
  const r1 = lane(rows, first + 1);
  const r2 = lane(rows, first + 2);
  const r3 = lane(rows, first + 3);
  let at: usize = first << 2;
  let from: usize = 0;
  const whole: usize = usize(width & ~3) << 2;
  for (; from < whole; from += 16) {
    const a = v128.load(r0 + from);
    const b = v128.load(r1 + from);
    const c = v128.load(r2 + from);
    const d = v128.load(r3 + from);
    const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const ef = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const gh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    put(to, i64x2.shuffle(ab, cd, 0, 2), mask, at, add);
    put(to, i64x2.shuffle(ab, cd, 1, 3), mask, at + ROW, add);
    put(to, i64x2.shuffle(ef, gh, 0, 2), mask, at + 2 * ROW, add);
    put(to, i64x2.shuffle(ef, gh, 1, 3), mask, at + 3 * ROW, add);
    at += 4 * ROW;
  }
  const end: usize = usize(width) << 2;
  for (; from < end; from += 4) {
    let value = v128.load32_zero(r0 + from);
    value = f32x4.replace_lane(value, 1, load<f32>(r1 + from));
    value = f32x4.replace_lane(value, 2, load<f32>(r2 + from));
    value = f32x4.replace_lane(value, 3, load<f32>(r3 + from));
    put(to, value, mask, at, add);
    at += ROW;
  }
}

/**
 * Eight rows → one panel.
 * @param rows eight addresses, one a lane.
 * @param mask panel that the values are multiplied by, or 0.
 * @param add to what is in the panel already.
 */
export function gather(to: usize, rows: usize, width: i32, mask: usize, add: bool): void {
  gatherHalf(to, rows, 0, width, mask, add);
  gatherHalf(to, rows, 4, width, mask, add);
}

// @ts-ignore: decorator
@inline
function get(from: usize, mask: usize, offset: usize): v128 {
  const value = v128.load(from + offset);
  return mask === 0 ? value : f32x4.mul(value, v128.load(mask + offset));
}

// @ts-ignore: decorator
@inline
function scatterHalf(from: usize, rows: usize, first: usize, width: i32, mask: usize): void {
  const r0 = lane(rows, first);
  const r1 = lane(rows, first + 1);
  const r2 = lane(rows, first + 2);
  const r3 = lane(rows, first + 3);
  let at: usize = first << 2;
  let to: usize = 0;
  const whole: usize = usize(width & ~3) << 2;
  for (; to < whole; to += 16) {
    const a = get(from, mask, at);
    const b = get(from, mask, at + ROW);
    const c = get(from, mask, at + 2 * ROW);
    const d = get(from, mask, at + 3 * ROW);
    const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const ef = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    const gh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    v128.store(r0 + to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(r1 + to, i64x2.shuffle(ab, cd, 1, 3));
    v128.store(r2 + to, i64x2.shuffle(ef, gh, 0, 2));
    v128.store(r3 + to, i64x2.shuffle(ef, gh, 1, 3));
    at += 4 * ROW;
  }
  const end: usize = usize(width) << 2;
  for (; to < end; to += 4) {
    const value = get(from, mask, at);
    store<f32>(r0 + to, f32x4.extract_lane(value, 0));
    store<f32>(r1 + to, f32x4.extract_lane(value, 1));
    store<f32>(r2 + to, f32x4.extract_lane(value, 2));
    store<f32>(r3 + to, f32x4.extract_lane(value, 3));
    at += ROW;
  }
}

/** One panel → eight rows; parameters as in `gather`. */
export function scatter(from: usize, rows: usize, width: i32, mask: usize): void {
  scatterHalf(from, rows, 0, width, mask);
  scatterHalf(from, rows, 4, width, mask);
}
