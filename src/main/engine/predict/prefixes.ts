/** How a classifier's answer changes with every further token: all prefixes of a text, batched. */
import * as tf from '@tensorflow/tfjs-core';
import type { Prefixes } from '#shared/run/prediction';
import type { ModelInput } from '../compile/model.js';
import { yieldToEventLoop } from '../train/control.js';
import { softmax } from './infer.js';
import type { TrainedRun } from './load.js';
import { labelsOf, tokensOf } from './predict.js';

/** Rows of one forward pass: few enough that a call-off is soon heard. */
const batchSize = 32;

/**
 * Right for every graph, bidirectional and attention included: each prefix is a row of its own, padded
 * and masked as in training.
 *
 * @param input one row of tokens.
 * @throws the signal's reason.
 */
export async function predictPrefixes(
  { model, preprocessing }: TrainedRun,
  input: ModelInput,
  signal: AbortSignal,
): Promise<Prefixes> {
  const labels = labelsOf(preprocessing);
  if (input.input.kind !== 'tokens') throw new Error('a classifier reads tokens');
  const ids = input.input.ids.subarray(0, input.lengths?.[0] ?? input.timeSteps);
  const probabilities: number[][] = [];
  while (probabilities.length < ids.length) {
    signal.throwIfAborted();
    const batch = prefixBatch(ids, probabilities.length + 1, batchSize);
    const logits = tf.tidy(() => tf.clone(model.forward(batch, null).logits));
    const values = await logits.data();
    logits.dispose();
    for (let row = 0; row < batch.size; row++)
      probabilities.push(softmax(values.slice(row * labels.length, (row + 1) * labels.length)));
    await yieldToEventLoop();
  }
  return { tokens: tokensOf(input, preprocessing), labels, probabilities };
}

/** The prefixes of `shortest` tokens and of up to `most - 1` longer ones, padded to the longest. */
function prefixBatch(ids: Int32Array, shortest: number, most: number): ModelInput {
  const size = Math.min(most, ids.length - shortest + 1);
  const timeSteps = shortest + size - 1;
  const padded = new Int32Array(size * timeSteps);
  for (let row = 0; row < size; row++) padded.set(ids.subarray(0, shortest + row), row * timeSteps);
  return {
    size,
    timeSteps,
    input: { kind: 'tokens', ids: padded },
    lengths: Int32Array.from({ length: size }, (_, row) => shortest + row),
  };
}
