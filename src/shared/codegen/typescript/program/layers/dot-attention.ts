import * as tf from '@tensorflow/tfjs';
import { Attention } from './attention.ts';
import { glorotUniform } from './initializers.ts';
import type { Parameters } from './parameters.ts';

export interface DotAttentionOptions {
  /** Features of the memory and of the query. */
  features: number;
  /** The query is a learned vector. */
  learnedQuery?: boolean;
  /** Divides by √features (Vaswani et al. 2017). */
  scaled: boolean;
}

/** Score q · m (Luong et al. 2015). */
export class DotAttention extends Attention {
  private readonly vector: tf.Variable<tf.Rank.R1> | null;
  private readonly scale: number;

  constructor(parameters: Parameters, name: string, options: DotAttentionOptions) {
    super();
    const { features, learnedQuery = false, scaled } = options;
    this.vector = learnedQuery
      ? parameters.vector(`${name}/vector`, features, glorotUniform)
      : null;
    this.scale = scaled ? 1 / Math.sqrt(features) : 1;
  }

  protected scores(memory: tf.Tensor3D, queries: tf.Tensor3D | null): tf.Tensor3D {
    const [batch, , features] = memory.shape;
    const query =
      this.vector === null
        ? queries
        : tf.tile(tf.reshape<tf.Rank.R3>(this.vector, [1, 1, features]), [batch, 1, 1]);
    if (query === null) throw new Error('Dot attention without a learned query needs one.');
    return tf.mul(tf.matMul(query, memory, false, true), this.scale);
  }
}
