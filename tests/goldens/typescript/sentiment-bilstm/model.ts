/**
 * Sentiment: bidirectional LSTM, in TensorFlow.js.
 *
 * Made by Unroll Studio. B is the number of rows, T the number of time steps.
 */
import * as tf from '@tensorflow/tfjs';
import { Dense } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { Embedding } from './layers/embedding.ts';
import { LSTM } from './layers/lstm.ts';
import { stepMask } from './layers/mask.ts';
import { maxOverTime } from './layers/max-over-time.ts';
import { Parameters } from './layers/parameters.ts';
import type { Random } from './layers/random.ts';
import type { ModelInput } from './preprocessing.ts';

export class Model {
  readonly parameters = new Parameters();
  readonly embedding = new Embedding(this.parameters, 'embedding', { tokens: 5000, units: 64 });
  readonly bidirectionalLstmForward = new LSTM(this.parameters, 'bidirectional_lstm/forward', {
    inputs: 64,
    units: 48,
  });
  readonly bidirectionalLstmBackward = new LSTM(this.parameters, 'bidirectional_lstm/backward', {
    inputs: 64,
    units: 48,
    reverse: true,
  });
  readonly dense = new Dense(this.parameters, 'dense', { inputs: 96, units: 2 });

  /**
   * Logits [B,2], never probabilities.
   * @param random source of dropout; null for inference.
   */
  forward(input: ModelInput, random: Random | null = null): tf.Tensor2D {
    const mask = stepMask(input.lengths, input.shape[1]);
    const tokens = tf.tensor2d(input.ids, input.shape, 'int32'); // [B, T]
    const embedding = this.embedding.apply(tokens); // [B, T, 64]
    const embeddingDropout = dropout(embedding, 0.3, random); // [B, T, 64]
    const bidirectionalLstmForward = this.bidirectionalLstmForward.apply(embeddingDropout, {
      mask,
    });
    const bidirectionalLstmBackward = this.bidirectionalLstmBackward.apply(embeddingDropout, {
      mask,
    });
    const bidirectionalLstm: tf.Tensor3D = tf.concat(
      [bidirectionalLstmForward.sequence, bidirectionalLstmBackward.sequence],
      -1,
    ); // [B, T, 96]
    const poolOverTime = maxOverTime(bidirectionalLstm, mask); // [B, 96]
    const dropout2 = dropout(poolOverTime, 0.5, random); // [B, 96]
    const dense = this.dense.apply(dropout2); // [B, 2]
    return dense;
  }
}
