/** One forward pass on one row, and what is made of logits on the host. */
import * as tf from '@tensorflow/tfjs-core';
import type { Model, ModelInput } from '../compile/model.js';

/** A batch of one row without padding. */
export function tokenInput(ids: Int32Array): ModelInput {
  return { size: 1, timeSteps: ids.length, input: { kind: 'tokens', ids }, lengths: null };
}

export interface Inference {
  /** [C], [T·C] or [O]. */
  logits: Float32Array;
  /** [T] of the last attention that pools the sequence into a vector; null without one. */
  attention: Float32Array | null;
}

export async function infer(model: Model, input: ModelInput): Promise<Inference> {
  const outputs = tf.tidy(() => {
    const { logits, attention } = model.forward(input, null);
    const pooling = attention.filter(({ weights }) => weights.rank === 2).at(-1);
    return [tf.clone(logits), ...(pooling === undefined ? [] : [tf.clone(pooling.weights)])];
  });
  const [logits, attention] = await Promise.all(outputs.map((x) => x.data()));
  tf.dispose(outputs);
  if (logits === undefined) throw new Error('unreachable: a model has logits');
  return {
    logits: Float32Array.from(logits),
    attention: attention === undefined ? null : Float32Array.from(attention),
  };
}

/** The logits of the last step, where the head predicts each step. */
export function lastOf(logits: Float32Array, model: Model): Float32Array {
  return logits.slice(-model.program.head.outputs);
}

/** Probabilities of `logits / temperature`; impossible choices have the logit −Infinity. */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const values = Array.from(logits, (z) => z / temperature);
  const maximum = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = values.map((z) => Math.exp(z - maximum));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

export function rank(
  probabilities: readonly number[],
  labels: readonly string[],
): { label: string; probability: number }[] {
  return probabilities
    .map((probability, id) => ({ label: labels[id] ?? String(id), probability }))
    .sort((a, b) => b.probability - a.probability);
}
