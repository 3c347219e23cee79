/** What a weight is before training. */
import type { Random } from './random.ts';

/** Row-major values for a shape. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((size, dimension) => size * dimension, 1);

export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

export const ones: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    new Float32Array(sizeOf(shape)).map(() => limit * (2 * random.uniform() - 1));

/** Glorot & Bengio 2010, for a matrix [in, out] or a vector that gives one number. */
export const glorotUniform: Initializer = (shape, random) => {
  const [fanIn = 1, fanOut = 1] = shape;
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, random);
};
