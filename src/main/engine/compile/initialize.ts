/** Seeded initial weights, made on the host so that every device starts from the same numbers. */
import type { IrParameter } from '#shared/ir/types';
import { Random } from '../train/random.js';

/** Row-major values of the parameter's shape. Each parameter has a random stream of its own. */
export function initialValues(parameter: IrParameter, seed: number): Float32Array {
  const size = parameter.shape.reduce((product, d) => product * d, 1);
  const values = new Float32Array(size);
  const random = new Random(seed, `initialize ${parameter.id}`);
  const { initializer } = parameter;
  switch (initializer.kind) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'glorot-uniform': {
      const limit = Math.sqrt(6 / (initializer.fanIn + initializer.fanOut));
      return values.map(() => (2 * random.uniform() - 1) * limit);
    }
    case 'uniform': {
      const { low, high } = initializer;
      return values.map(() => low + (high - low) * random.uniform());
    }
    case 'normal':
      return values.map(() => initializer.deviation * random.normal());
    case 'forget-bias': {
      // LSTM gates are i f c o; a bias with several rows has the forget gate's ones in the first only.
      const { units } = initializer;
      return values.fill(1, units, 2 * units);
    }
    case 'orthogonal': {
      const [rows, columns] = parameter.shape;
      if (parameter.shape.length !== 2 || rows === undefined || columns === undefined)
        throw new Error(`${parameter.id}: an orthogonal initializer needs a matrix`);
      const width = columns / initializer.gates;
      for (let gate = 0; gate < initializer.gates; gate++) {
        const block = orthogonal(rows, width, random);
        for (let row = 0; row < rows; row++)
          values.set(block.subarray(row * width, (row + 1) * width), row * columns + gate * width);
      }
      return values;
    }
  }
}

/**
 * A random [rows, columns] matrix with orthonormal rows or columns, whichever are fewer, uniform over all
 * such matrices: modified Gram–Schmidt of Gaussian vectors (the Q of a QR with positive diagonal).
 */
function orthogonal(rows: number, columns: number, random: Random): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = new Float64Array(length).map(() => random.normal());
    for (const other of vectors) {
      let dot = 0;
      for (let k = 0; k < length; k++) dot += vector[k]! * other[k]!;
      for (let k = 0; k < length; k++) vector[k]! -= dot * other[k]!;
    }
    let square = 0;
    for (let k = 0; k < length; k++) square += vector[k]! * vector[k]!;
    const scale = 1 / Math.sqrt(square);
    for (let k = 0; k < length; k++) vector[k]! *= scale;
    vectors.push(vector);
  }
  const matrix = new Float64Array(rows * columns);
  vectors.forEach((vector, i) => {
    for (let k = 0; k < length; k++)
      matrix[rows >= columns ? k * columns + i : i * columns + k] = vector[k]!;
  });
  return matrix;
}
