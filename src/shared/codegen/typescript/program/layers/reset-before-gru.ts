import * as tf from '@tensorflow/tfjs';
import { zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';
import { Recurrent } from './recurrent.ts';
import type { RecurrentOptions } from './recurrent.ts';

/**
 * The reset gate multiplies before the recurrent product (Cho et al. 2014, v1):
 * h~ = tanh(x Wh + (r ⊙ h) Uh + b), h' = z ⊙ h + (1 − z) ⊙ h~. Gates in the order z r h.
 */
export class ResetBeforeGRU extends Recurrent {
  private readonly bias: tf.Variable<tf.Rank.R1>;

  constructor(parameters: Parameters, name: string, options: RecurrentOptions) {
    super(parameters, name, options, { gates: 3, states: 1 });
    this.bias = parameters.vector(`${name}/bias`, 3 * this.units, zeros);
  }

  protected inputBias(): tf.Tensor1D {
    return this.bias;
  }

  protected step(x: tf.Tensor2D, hidden: tf.Tensor2D, [h]: tf.Tensor2D[]): tf.Tensor2D[] {
    const { units } = this;
    const gateKernel = tf.slice(this.recurrentKernel, [0, 0], [units, 2 * units]);
    const candidateKernel = tf.slice(this.recurrentKernel, [0, 2 * units], [units, units]);
    const [xz, xr, xh] = tf.split(x, 3, 1);
    const [hz, hr] = tf.split(tf.matMul(hidden, gateKernel), 2, 1);
    const z = tf.sigmoid(tf.add(xz, hz));
    const r = tf.sigmoid(tf.add(xr, hr));
    const reset: tf.Tensor2D = tf.mul(r, hidden);
    const candidate = tf.tanh(tf.add(xh, tf.matMul(reset, candidateKernel)));
    return [tf.add(candidate, tf.mul(z, tf.sub(h, candidate)))];
  }
}
