import * as tf from '@tensorflow/tfjs';
import { Attention } from './attention.ts';
import { glorotUniform, zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';

export interface AdditiveAttentionOptions {
  /** Features of the memory. */
  memory: number;
  /** Features of the query; without one the vector alone decides. */
  query?: number;
  /** Size of the scoring network. */
  units: number;
}

/** Score v · tanh(q Wq + m Wm + b) (Bahdanau et al. 2015). */
export class AdditiveAttention extends Attention {
  private readonly queryKernel: tf.Variable<tf.Rank.R2> | null;
  private readonly memoryKernel: tf.Variable<tf.Rank.R2>;
  private readonly bias: tf.Variable<tf.Rank.R1>;
  private readonly vector: tf.Variable<tf.Rank.R1>;

  constructor(parameters: Parameters, name: string, options: AdditiveAttentionOptions) {
    super();
    const { memory, query, units } = options;
    const matrix = (part: string, inputs: number): tf.Variable<tf.Rank.R2> =>
      parameters.matrix(`${name}/${part}`, [inputs, units], glorotUniform);
    this.queryKernel = query === undefined ? null : matrix('query_kernel', query);
    this.memoryKernel = matrix('memory_kernel', memory);
    this.bias = parameters.vector(`${name}/bias`, units, zeros);
    this.vector = parameters.vector(`${name}/vector`, units, glorotUniform);
  }

  protected scores(memory: tf.Tensor3D, queries: tf.Tensor3D | null): tf.Tensor3D {
    const [batch, steps] = memory.shape;
    const units = this.vector.shape[0];
    const count = queries?.shape[1] ?? 1;
    // [B,1,T,units] and [B,Q,1,units] add up to [B,Q,T,units].
    let sum = tf.reshape(product(memory, this.memoryKernel), [batch, 1, steps, units]);
    if (queries !== null && this.queryKernel !== null)
      sum = tf.add(sum, tf.reshape(product(queries, this.queryKernel), [batch, count, 1, units]));
    const hidden = tf.tanh(tf.add(sum, this.bias));
    const scores = product(hidden, tf.reshape<tf.Rank.R2>(this.vector, [units, 1]));
    return tf.reshape<tf.Rank.R3>(scores, [batch, count, steps]);
  }
}

/** [...,I] · [I,O] → [rows,O]. */
function product(x: tf.Tensor, kernel: tf.Tensor2D): tf.Tensor2D {
  const inputs = kernel.shape[0];
  return tf.matMul(tf.reshape<tf.Rank.R2>(x, [x.size / inputs, inputs]), kernel);
}
