/** What all attention shares: scores become weights over the real steps, weights a weighted mean. */
import * as tf from '@tensorflow/tfjs';

/** Added to the scores of padding: e^-1e9 is exactly 0, and no row becomes NaN. */
const excluded = -1e9;

export abstract class Attention {
  /** memory [B,T,F] and, unless it is learned, queries [B,Q,·] → how well they match, [B,Q,T]. */
  protected abstract scores(memory: tf.Tensor3D, queries: tf.Tensor3D | null): tf.Tensor3D;

  /**
   * @param query [B,·]; null where the layer learned one.
   * @param mask of the memory.
   * @returns [B,F].
   */
  apply(memory: tf.Tensor3D, query: tf.Tensor2D | null, mask?: tf.Tensor2D): tf.Tensor2D {
    const queries = query === null ? null : tf.expandDims<tf.Tensor3D>(query, 1);
    return tf.squeeze<tf.Tensor2D>(this.mean(memory, queries, mask), [1]);
  }

  /** One mean of the memory for each step of the query: queries [B,Q,·] → [B,Q,F]. */
  perStep(memory: tf.Tensor3D, queries: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    return this.mean(memory, queries, mask);
  }

  private mean(memory: tf.Tensor3D, queries: tf.Tensor3D | null, mask?: tf.Tensor2D): tf.Tensor3D {
    const scores = this.scores(memory, queries);
    if (mask === undefined) return tf.matMul(tf.softmax(scores), memory);
    const real = tf.expandDims<tf.Tensor3D>(mask, 1);
    const masked: tf.Tensor3D = tf.add(scores, tf.mul(tf.sub(1, real), excluded));
    const weights: tf.Tensor3D = tf.mul(tf.softmax(masked), real);
    return tf.matMul(weights, memory);
  }
}
