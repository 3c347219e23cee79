/**
 * Weather forecast, in TensorFlow.js.
 *
 * Made by Unroll Studio. B is the number of rows, T the number of time steps.
 */
import * as tf from '@tensorflow/tfjs';
import { Dense } from './layers/dense.ts';
import { GRU } from './layers/gru.ts';
import { Parameters } from './layers/parameters.ts';
import type { ModelInput } from './preprocessing.ts';

export class Model {
  readonly parameters = new Parameters();
  readonly gru = new GRU(this.parameters, 'gru', { inputs: 3, units: 32 });
  readonly dense = new Dense(this.parameters, 'dense', { inputs: 32, units: 7 });

  /**
   * Logits [B,7], never probabilities.
   */
  forward(input: ModelInput): tf.Tensor2D {
    const numberSeries = tf.tensor3d(input.values, input.shape); // [B, T, 3]
    const gru = this.gru.apply(numberSeries);
    const dense = this.dense.apply(gru.last); // [B, 7]
    return dense;
  }
}
