import * as tf from '@tensorflow/tfjs';
import { zerosLike } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface RMSPropOptions {
  decay: number;
  epsilon: number;
  momentum: number;
}

/** Hinton 2012 (lecture 6e), with PyTorch's momentum: b = μ b + g / (√v + ε). */
export class RMSProp implements Optimizer {
  private readonly variables: readonly tf.Variable[];
  private readonly options: RMSPropOptions;
  private readonly squares: tf.Variable[];
  private readonly velocities: tf.Variable[];

  constructor(variables: readonly tf.Variable[], options: RMSPropOptions) {
    this.variables = variables;
    this.options = options;
    this.squares = zerosLike(variables);
    this.velocities = zerosLike(variables);
  }

  apply(gradients: readonly tf.Tensor[], learningRate: number): void {
    const { decay, epsilon, momentum } = this.options;
    this.variables.forEach((variable, i) =>
      tf.tidy(() => {
        const gradient = gradients[i];
        const square = this.squares[i];
        const velocity = this.velocities[i];
        square.assign(tf.add(tf.mul(square, decay), tf.mul(tf.square(gradient), 1 - decay)));
        const scaled = tf.div(gradient, tf.add(tf.sqrt(square), epsilon));
        velocity.assign(tf.add(tf.mul(velocity, momentum), scaled));
        variable.assign(tf.sub(variable, tf.mul(velocity, learningRate)));
      }),
    );
  }
}
