import * as tf from '@tensorflow/tfjs';
import { zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';
import { Recurrent } from './recurrent.ts';
import type { RecurrentOptions } from './recurrent.ts';

export interface SimpleRNNOptions extends RecurrentOptions {
  /** Default tanh. */
  activation?: (x: tf.Tensor2D) => tf.Tensor2D;
}

/** h' = activation(x W + h U + b) (Elman 1990). */
export class SimpleRNN extends Recurrent {
  private readonly bias: tf.Variable<tf.Rank.R1>;
  private readonly activation: (x: tf.Tensor2D) => tf.Tensor2D;

  constructor(parameters: Parameters, name: string, options: SimpleRNNOptions) {
    super(parameters, name, options, { gates: 1, states: 1 });
    this.bias = parameters.vector(`${name}/bias`, this.units, zeros);
    this.activation = options.activation ?? tf.tanh;
  }

  protected inputBias(): tf.Tensor1D {
    return this.bias;
  }

  protected step(x: tf.Tensor2D, hidden: tf.Tensor2D): tf.Tensor2D[] {
    return [this.activation(tf.add(x, tf.matMul(hidden, this.recurrentKernel)))];
  }
}
