import * as tf from '@tensorflow/tfjs';
import { zerosLike } from './optimizer.ts';
import type { Optimizer } from './optimizer.ts';

export interface SGDOptions {
  momentum: number;
  nesterov: boolean;
}

/** b = μ b + g; a step along b, or along g + μ b (Nesterov; Sutskever et al. 2013). */
export class SGD implements Optimizer {
  private readonly variables: readonly tf.Variable[];
  private readonly options: SGDOptions;
  private readonly velocities: tf.Variable[];

  constructor(variables: readonly tf.Variable[], options: SGDOptions) {
    this.variables = variables;
    this.options = options;
    this.velocities = zerosLike(variables);
  }

  apply(gradients: readonly tf.Tensor[], learningRate: number): void {
    const { momentum, nesterov } = this.options;
    this.variables.forEach((variable, i) =>
      tf.tidy(() => {
        const velocity = this.velocities[i];
        velocity.assign(tf.add(tf.mul(velocity, momentum), gradients[i]));
        const direction = nesterov ? tf.add(gradients[i], tf.mul(velocity, momentum)) : velocity;
        variable.assign(tf.sub(variable, tf.mul(direction, learningRate)));
      }),
    );
  }
}
