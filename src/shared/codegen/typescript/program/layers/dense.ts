import * as tf from '@tensorflow/tfjs';
import { glorotUniform, zeros } from './initializers.ts';
import type { Parameters } from './parameters.ts';

export interface DenseOptions {
  inputs: number;
  units: number;
  /** Default true. */
  bias?: boolean;
  /** Default linear. */
  activation?: (x: tf.Tensor2D) => tf.Tensor2D;
  /** Penalty on the kernel. */
  l2?: number;
}

/** activation(x W + b). */
export class Dense {
  private readonly kernel: tf.Variable<tf.Rank.R2>;
  private readonly bias: tf.Variable<tf.Rank.R1> | null;
  private readonly activation: (x: tf.Tensor2D) => tf.Tensor2D;

  constructor(parameters: Parameters, name: string, options: DenseOptions) {
    const { inputs, units, bias = true, activation = (x) => x, l2 } = options;
    this.kernel = parameters.matrix(`${name}/kernel`, [inputs, units], glorotUniform, l2);
    this.bias = bias ? parameters.vector(`${name}/bias`, units, zeros) : null;
    this.activation = activation;
  }

  /** [B,inputs] → [B,units]. */
  apply(x: tf.Tensor2D): tf.Tensor2D {
    const product: tf.Tensor2D = tf.matMul(x, this.kernel);
    return this.activation(this.bias === null ? product : tf.add(product, this.bias));
  }

  /** At each time step: [B,T,inputs] → [B,T,units]. */
  perStep(x: tf.Tensor3D): tf.Tensor3D {
    const [batch, steps, inputs] = x.shape;
    const rows = this.apply(tf.reshape<tf.Rank.R2>(x, [batch * steps, inputs]));
    return tf.reshape<tf.Rank.R3>(rows, [batch, steps, rows.shape[1]]);
  }
}
