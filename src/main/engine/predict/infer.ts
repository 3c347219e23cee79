/** One forward pass on one row, and what is made of logits on the host. */
import * as tf from '@tensorflow/tfjs-core';
import { longestAttentionMap, type AttentionMap } from '#shared/run/prediction';
import type { Model, ModelInput } from '../compile/model.js';

/** A batch of one row without padding. */
export function tokenInput(ids: Int32Array): ModelInput {
  return { size: 1, timeSteps: ids.length, input: { kind: 'tokens', ids }, lengths: null };
}

export interface Inference {
  /** [C], [T·C] or [O]. */
  logits: Float32Array;
  attention: AttentionMap[];
}

/** @param input one row. */
export async function infer(model: Model, input: ModelInput): Promise<Inference> {
  const nodes: string[] = [];
  const [logits, ...maps] = tf.tidy(() => {
    const result = model.forward(input, null);
    nodes.push(...result.attention.map(({ node }) => node));
    return [result.logits, ...result.attention.map(({ weights }) => weights)];
  });
  const [scores, ...weights] = await Promise.all([logits, ...maps].map((x) => x?.data()));
  tf.dispose([logits, maps]);
  if (scores === undefined) throw new Error('unreachable: a model has logits');
  const length = input.lengths?.[0] ?? input.timeSteps;
  return {
    logits: Float32Array.from(scores),
    attention: maps.map(({ rank }, i) => ({
      node: nodes[i] ?? '',
      perStep: rank === 3,
      weights: rowsOf(weights[i] ?? [], input.timeSteps, length, rank === 3),
    })),
  };
}

/** The weights of the real steps, [query][step]. @param values [T], or [T·T] where each step asks. */
function rowsOf(
  values: ArrayLike<number>,
  timeSteps: number,
  length: number,
  perStep: boolean,
): number[][] {
  if (perStep && length > longestAttentionMap) return [];
  return Array.from({ length: perStep ? length : 1 }, (_, query) =>
    Array.from({ length }, (_, step) => values[query * timeSteps + step] ?? 0),
  );
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
