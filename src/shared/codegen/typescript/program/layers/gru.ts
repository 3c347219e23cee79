import * as tf from '@tensorflow/tfjs';
import { zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';
import { Recurrent } from './recurrent.ts';
import type { RecurrentOptions } from './recurrent.ts';

/**
 * The reset gate multiplies after the recurrent product (cuDNN, PyTorch, Keras 3):
 * h~ = tanh(x Wh + b + r ⊙ (h Uh + b')), h' = z ⊙ h + (1 − z) ⊙ h~ (Cho et al. 2014).
 * Gates in the order z r h. The bias has two rows, for x W and for h U.
 */
export class GRU extends Recurrent {
  private readonly bias: tf.Variable<tf.Rank.R2>;

  constructor(parameters: Parameters, name: string, options: RecurrentOptions) {
    super(parameters, name, options, { gates: 3, states: 1 });
    this.bias = parameters.matrix(`${name}/bias`, [2, 3 * this.units], zeros);
  }

  protected inputBias(): tf.Tensor1D {
    return this.biasRow(0);
  }

  protected step(x: tf.Tensor2D, hidden: tf.Tensor2D, [h]: tf.Tensor2D[]): tf.Tensor2D[] {
    const product: tf.Tensor2D = tf.add(tf.matMul(hidden, this.recurrentKernel), this.biasRow(1));
    const [xz, xr, xh] = tf.split(x, 3, 1);
    const [hz, hr, hh] = tf.split(product, 3, 1);
    const z = tf.sigmoid(tf.add(xz, hz));
    const r = tf.sigmoid(tf.add(xr, hr));
    const candidate = tf.tanh(tf.add(xh, tf.mul(r, hh)));
    return [tf.add(candidate, tf.mul(z, tf.sub(h, candidate)))];
  }

  private biasRow(row: number): tf.Tensor1D {
    const width = 3 * this.units;
    return tf.reshape<tf.Rank.R1>(tf.slice(this.bias, [row, 0], [1, width]), [width]);
  }
}
