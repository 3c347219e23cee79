import * as tf from '@tensorflow/tfjs';
import type { Parameters } from './parameters.ts';
import { forgetBias } from './recurrent-initializers.ts';
import { Recurrent } from './recurrent.ts';
import type { RecurrentOptions } from './recurrent.ts';

/**
 * c' = f ⊙ c + i ⊙ tanh(g), h' = o ⊙ tanh(c') (Hochreiter & Schmidhuber 1997; Gers et al. 2000).
 * Gates in the order i f g o.
 */
export class LSTM extends Recurrent {
  private readonly bias: tf.Variable<tf.Rank.R1>;

  constructor(parameters: Parameters, name: string, options: RecurrentOptions) {
    super(parameters, name, options, { gates: 4, states: 2 });
    this.bias = parameters.vector(`${name}/bias`, 4 * this.units, forgetBias);
  }

  protected inputBias(): tf.Tensor1D {
    return this.bias;
  }

  protected step(x: tf.Tensor2D, hidden: tf.Tensor2D, [, c]: tf.Tensor2D[]): tf.Tensor2D[] {
    const sums: tf.Tensor2D = tf.add(x, tf.matMul(hidden, this.recurrentKernel));
    const [i, f, g, o] = tf.split(sums, 4, 1);
    const cell: tf.Tensor2D = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
  }
}
