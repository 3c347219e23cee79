/**
 * Text from a next-token network, one token at a time. Each step sees the last `window` tokens, as in
 * training: right for every graph, bidirectional and attention included.
 */
import type { ModelInput } from '../compile/model.js';
import { decodeTokens } from '../data/encode.js';
import { yieldToEventLoop } from '../train/control.js';
import { Random } from '../train/random.js';
import { infer, lastOf, softmax, tokenInput } from './infer.js';
import type { TrainedRun } from './load.js';

/** `<pad>` and `<unk>` are no text. */
const notText = [0, 1];

export interface GenerateOptions {
  /** Number of tokens. */
  length: number;
  /** 0 is greedy. */
  temperature: number;
  seed: number;
}

/** @returns the new tokens as text, without the prompt. */
export async function generate(
  run: TrainedRun,
  prompt: ModelInput,
  options: GenerateOptions,
): Promise<string> {
  if (prompt.input.kind !== 'tokens') throw new Error('only a next-token network generates');
  return decodeTokens(run.preprocessing, await generateIds(run, prompt.input.ids, options));
}

/** @returns the new tokens, without the prompt. */
export async function generateIds(
  { model, preprocessing }: TrainedRun,
  prompt: Int32Array,
  { length, temperature, seed }: GenerateOptions,
): Promise<number[]> {
  const { recipe } = preprocessing;
  if (recipe.task !== 'next-token') throw new Error('only a next-token network generates');
  const random = new Random(seed, 'generate');
  const ids = Array.from(prompt);
  const start = ids.length;
  while (ids.length < start + length) {
    const window = Int32Array.from(ids.slice(-recipe.window));
    const logits = lastOf((await infer(model, tokenInput(window))).logits, model);
    for (const id of notText) logits[id] = -Infinity;
    ids.push(temperature === 0 ? argMax(logits) : sample(softmax(logits, temperature), random));
    await yieldToEventLoop();
  }
  return ids.slice(start);
}

function argMax(values: Float32Array): number {
  let best = 0;
  values.forEach((value, i) => {
    if (value > (values[best] ?? -Infinity)) best = i;
  });
  return best;
}

function sample(probabilities: number[], random: Random): number {
  let left = random.uniform();
  for (const [id, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return id;
  }
  // Rounding left a little: the most probable is as good an answer as any.
  return argMax(Float32Array.from(probabilities));
}
