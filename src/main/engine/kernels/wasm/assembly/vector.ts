/** Four floats at a time: activations, and the guard against denormals. */

// V8 rebuilds splatted constants in every turn of a loop, so they are read from memory.
const table = memory.data<f32>([
  // 0: one, the smallest size that is kept
  1, 1e-30,
  // 2: tanh: bounds, numerator from x¹³ to x, denominator from x⁶ to 1
  7.90531110763549805, -7.90531110763549805, -2.76076847742355e-16, 2.00018790482477e-13,
  -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5, 6.37261928875436e-4,
  4.89352455891786e-3, 1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3,
  4.89352518554385e-3,
  // 15: e^x: bounds, 1/ln 2, −ln 2 in two parts, polynomial from x⁷ to x²
  88, -87, 1.44269504088896341, -0.693359375, 2.1219444e-4, 1.98756915e-4, 1.3981999507e-3,
  8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

/** a·b + c; fused where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function ones(): v128 {
  return constant(0);
}

/** 0 below 1e-30: WebAssembly has no flush-to-zero, and denormals cost some 15 times a normal number. NaN stays. */
// @ts-ignore: decorator
@inline
export function flush(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), constant(1)));
}

/** Rational approximation on ±7.905 (Eigen's), a few units in the last place. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  x = f32x4.pmin(x, constant(2));
  x = f32x4.pmax(x, constant(3));
  const square = f32x4.mul(x, x);
  let p = multiplyAdd(square, constant(4), constant(5));
  p = multiplyAdd(square, p, constant(6));
  p = multiplyAdd(square, p, constant(7));
  p = multiplyAdd(square, p, constant(8));
  p = multiplyAdd(square, p, constant(9));
  p = multiplyAdd(square, p, constant(10));
  let q = multiplyAdd(square, constant(11), constant(12));
  q = multiplyAdd(square, q, constant(13));
  q = multiplyAdd(square, q, constant(14));
  return f32x4.div(f32x4.mul(x, p), q);
}

/** e^x on −87…88 (Cephes' polynomial), a few units in the last place. */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  let y = f32x4.pmin(x, constant(15));
  y = f32x4.pmax(y, constant(16));
  const power = f32x4.nearest(f32x4.mul(y, constant(17)));
  y = multiplyAdd(power, constant(18), y);
  y = multiplyAdd(power, constant(19), y);
  let p = multiplyAdd(constant(20), y, constant(21));
  p = multiplyAdd(p, y, constant(22));
  p = multiplyAdd(p, y, constant(23));
  p = multiplyAdd(p, y, constant(24));
  p = multiplyAdd(p, y, constant(25));
  p = multiplyAdd(f32x4.mul(y, y), p, f32x4.add(y, constant(0)));
  const bits = i32x4.shl(i32x4.trunc_sat_f32x4_s(power), 23);
  return i32x4.add(p, bits);
}

/** 1 / (1 + e^−x), so that small gates keep their digits. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(constant(0), f32x4.add(constant(0), exponential(f32x4.neg(x))));
}
