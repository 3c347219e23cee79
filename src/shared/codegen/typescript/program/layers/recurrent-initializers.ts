/** What the weights of a recurrent layer are before training. */
import { sizeOf } from './initializers.ts';
import type { Initializer } from './initializers.ts';
import type { Random } from './random.ts';

/** One orthogonal block [units, units] for each gate (Saxe et al. 2014). */
export const orthogonal: Initializer = (shape, random) => {
  const [units, width] = shape;
  const kernel = new Float32Array(units * width);
  for (let gate = 0; gate < width / units; gate++)
    orthonormalRows(units, random).forEach((row, i) => kernel.set(row, i * width + gate * units));
  return kernel;
};

/** Modified Gram–Schmidt of Gaussian vectors. */
function orthonormalRows(size: number, random: Random): Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < size) {
    const row = new Float64Array(size).map(() => random.normal());
    for (const other of rows) {
      const overlap = row.reduce((sum, value, i) => sum + value * other[i], 0);
      row.forEach((value, i) => (row[i] = value - overlap * other[i]));
    }
    const norm = Math.hypot(...row);
    rows.push(row.map((value) => value / norm));
  }
  return rows;
}

/** Zeros, but ones for an LSTM's forget gate (Gers et al. 2000); gates in the order i f c o. */
export const forgetBias: Initializer = (shape) => {
  const units = sizeOf(shape) / 4;
  return new Float32Array(4 * units).fill(1, units, 2 * units);
};
