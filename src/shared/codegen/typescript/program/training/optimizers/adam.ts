import * as tf from '@tensorflow/tfjs';
import { zerosLike } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdamOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled from the gradient (AdamW, Loshchilov & Hutter 2019); default 0. */
  weightDecay?: number;
}

/** Kingma & Ba 2015. Epsilon is added outside the square root. */
export class Adam implements Optimizer {
  private readonly variables: readonly tf.Variable[];
  private readonly options: AdamOptions;
  private readonly means: tf.Variable[];
  private readonly squares: tf.Variable[];

  constructor(variables: readonly tf.Variable[], options: AdamOptions) {
    this.variables = variables;
    this.options = options;
    this.means = zerosLike(variables);
    this.squares = zerosLike(variables);
  }

  apply(gradients: readonly tf.Tensor[], learningRate: number, step: number): void {
    const { beta1, beta2, epsilon, weightDecay = 0 } = this.options;
    this.variables.forEach((variable, i) =>
      tf.tidy(() => {
        const gradient = gradients[i];
        const mean = this.means[i];
        const square = this.squares[i];
        mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
        square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
        const deviation = tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** step));
        const update = tf.div(
          tf.mul(mean, learningRate / (1 - beta1 ** step)),
          tf.add(deviation, epsilon),
        );
        variable.assign(tf.sub(tf.mul(variable, 1 - learningRate * weightDecay), update));
      }),
    );
  }
}
