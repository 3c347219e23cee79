/**
 * Character language model, in TensorFlow.js.
 *
 * Made by Unroll Studio. B is the number of rows, T the number of time steps.
 */
import * as tf from '@tensorflow/tfjs';
import { Dense } from './layers/dense.ts';
import { Embedding } from './layers/embedding.ts';
import { GRU } from './layers/gru.ts';
import { Parameters } from './layers/parameters.ts';
import type { ModelInput } from './preprocessing.ts';

export class Model {
  readonly parameters = new Parameters();
  readonly embedding = new Embedding(this.parameters, 'embedding', { tokens: 5000, units: 32 });
  readonly gru = new GRU(this.parameters, 'gru', { inputs: 32, units: 128 });
  readonly scores = new Dense(this.parameters, 'scores', { inputs: 128, units: 5000 });

  /**
   * Logits [B,T,5000], never probabilities.
   */
  forward(input: ModelInput): tf.Tensor3D {
    const tokens = tf.tensor2d(input.ids, input.shape, 'int32'); // [B, T]
    const embedding = this.embedding.apply(tokens); // [B, T, 32]
    const gru = this.gru.apply(embedding);
    const scores = this.scores.perStep(gru.sequence); // [B, T, 5000]
    return scores;
  }
}
