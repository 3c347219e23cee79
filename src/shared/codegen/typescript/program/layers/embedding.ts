import * as tf from '@tensorflow/tfjs';
import { withGradient } from './gradient.ts';
import { uniform } from './initializers.ts';
import type { Parameters } from './parameters.ts';

/** One learned vector for each token. */
export class Embedding {
  private readonly embeddings: tf.Variable<tf.Rank.R2>;

  constructor(
    parameters: Parameters,
    name: string,
    { tokens, units }: { tokens: number; units: number },
  ) {
    this.embeddings = parameters.matrix(`${name}/embeddings`, [tokens, units], uniform(0.05));
  }

  /** ids [B,T] → [B,T,units]. */
  apply(ids: tf.Tensor2D): tf.Tensor3D {
    const [batch, steps] = ids.shape;
    const [tokens, units] = this.embeddings.shape;
    const flat = tf.reshape<tf.Rank.R1>(ids, [batch * steps]);
    const rows = withGradient(
      this.embeddings,
      (table) => ({ value: tf.gather(table, flat), kept: flat }),
      // TF.js' own gradient goes through the whole table once for each token of the batch.
      (dy, kept) => scatterAdd(kept.dataSync(), dy.dataSync(), [tokens, units]),
    );
    return tf.reshape<tf.Rank.R3>(rows, [batch, steps, units]);
  }
}

/** A matrix that has row i of `rows` added at row `ids[i]`. */
function scatterAdd(
  ids: ArrayLike<number>,
  rows: ArrayLike<number>,
  shape: [tokens: number, units: number],
): tf.Tensor2D {
  const [tokens, units] = shape;
  const sums = new Float32Array(tokens * units);
  for (let i = 0; i < ids.length; i++)
    for (let unit = 0; unit < units; unit++) sums[ids[i] * units + unit] += rows[i * units + unit];
  return tf.tensor2d(sums, shape);
}
