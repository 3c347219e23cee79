import * as tf from '@tensorflow/tfjs';
import { stepMask } from './step-mask.js';

/**
 * Attention over the steps of a memory [B,T,F] that are not masked. Inputs: the memory, and the query
 * [B,·] or [B,Q,·] unless it is learned. Output: [B,F] or [B,Q,F].
 */
export class Attention extends tf.layers.Layer {
  constructor(config) {
    super(config);
    this.supportsMasking = true;
  }

  computeOutputShape(inputShape) {
    const [memory, query] = Array.isArray(inputShape[0]) ? inputShape : [inputShape];
    const features = memory[2];
    return query?.length === 3 ? [query[0], query[1], features] : [memory[0], features];
  }

  /** One output for each step of the query has the query's mask. */
  computeMask(inputs, masks) {
    return inputs[1]?.rank === 3 ? (masks?.[1] ?? null) : null;
  }

  call(inputs, kwargs) {
    return tf.tidy(() => {
      const [memory, query] = Array.isArray(inputs) ? inputs : [inputs];
      const queries = query?.rank === 2 ? tf.expandDims(query, 1) : (query ?? null);
      const real = tf.expandDims(stepMask(memory, kwargs), 1);
      // e^-1e9 is exactly 0, and no row becomes NaN.
      const scores = tf.add(this.scores(memory, queries), tf.mul(tf.sub(1, real), -1e9));
      const mean = tf.matMul(tf.mul(tf.softmax(scores), real), memory);
      return query?.rank === 3 ? mean : tf.squeeze(mean, [1]);
    });
  }
}
