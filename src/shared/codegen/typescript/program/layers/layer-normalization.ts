import * as tf from '@tensorflow/tfjs';
import { ones, zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';

/** Ba et al. 2016, over the last axis. */
export class LayerNormalization {
  private readonly gamma: tf.Variable<tf.Rank.R1>;
  private readonly beta: tf.Variable<tf.Rank.R1>;
  private readonly epsilon: number;

  constructor(
    parameters: Parameters,
    name: string,
    { features, epsilon }: { features: number; epsilon: number },
  ) {
    this.gamma = parameters.vector(`${name}/gamma`, features, ones);
    this.beta = parameters.vector(`${name}/beta`, features, zeros);
    this.epsilon = epsilon;
  }

  /** [...,features] → the same shape. */
  apply<T extends tf.Tensor2D | tf.Tensor3D>(x: T): T {
    const { mean, variance } = tf.moments(x, -1, true);
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, this.epsilon)));
    return tf.add(tf.mul(normal, this.gamma), this.beta);
  }
}
