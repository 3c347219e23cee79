/**
 * Text from a next-token network, one token at a time. Each step sees the last `window` tokens, as in
 * training: right for every graph, bidirectional and attention included.
 */
import type { Preprocessing } from '#shared/data/preprocessing';
import type { Generated, GenerationStep, Sampling } from '#shared/run/prediction';
import type { ModelInput } from '../compile/model.js';
import { decodeTokens } from '../data/encode.js';
import { yieldToEventLoop } from '../train/control.js';
import { Random } from '../train/random.js';
import { infer, lastOf, softmax, tokenInput } from './infer.js';
import type { TrainedRun } from './load.js';
import { chances, draw } from './sampling.js';

/** `<pad>` and `<unk>` are no text. */
const notText = [0, 1];
/** The most probable next tokens that an answer lists. */
const listedTokens = 20;
/** Milliseconds between two messages about a text that grows. */
const stepInterval = 40;

export interface GenerateOptions extends Sampling {
  /** Number of tokens. */
  length: number;
}

/** @returns the new tokens, without the prompt; what there is so far after each of them to `onToken`. */
export async function generateIds(
  { model, preprocessing }: TrainedRun,
  prompt: Int32Array,
  { length, seed, ...sampling }: GenerateOptions,
  onToken: (made: readonly number[], logits: Float32Array) => boolean = () => true,
): Promise<number[]> {
  const { recipe } = preprocessing;
  if (recipe.task !== 'next-token') throw new Error('only a next-token network generates');
  const random = new Random(seed, 'generate');
  const seen = Array.from(prompt);
  const made: number[] = [];
  while (made.length < length) {
    const window = Int32Array.from(seen.slice(-recipe.window));
    const logits = lastOf((await infer(model, tokenInput(window))).logits, model);
    const id = draw(chances(withoutSpecial(logits), sampling), random);
    seen.push(id);
    made.push(id);
    if (!onToken(made, logits)) break;
    await yieldToEventLoop();
  }
  return made;
}

/**
 * Writes on from a prompt and tells how it goes; called off, it ends with what there is.
 * @param prompt one row of tokens.
 */
export async function generate(
  run: TrainedRun,
  prompt: ModelInput,
  options: GenerateOptions,
  signal: AbortSignal,
  onStep: (step: GenerationStep) => void,
): Promise<Generated> {
  if (prompt.input.kind !== 'tokens') throw new Error('only a next-token network generates');
  const { preprocessing } = run;
  const { ids } = prompt.input;
  const began = performance.now();
  let told = began;
  let now = began;
  const made = await generateIds(run, ids, options, (so, logits) => {
    now = performance.now();
    if (now - told >= stepInterval) {
      told = now;
      onStep({
        text: continuation(preprocessing, ids, so),
        tokens: so.length,
        milliseconds: now - began,
        next: nextTokens(logits, options, preprocessing),
      });
    }
    return !signal.aborted;
  });
  return {
    text: continuation(preprocessing, ids, made),
    tokens: made.length,
    milliseconds: now - began,
    stopped: made.length < options.length,
  };
}

/** The most probable next tokens, with the network's probability and the chance to be drawn. */
export function nextTokens(
  logits: Float32Array,
  sampling: Omit<Sampling, 'seed'>,
  { vocabulary }: Preprocessing,
): GenerationStep['next'] {
  const chance = chances(withoutSpecial(logits), sampling);
  return softmax(logits)
    .map((probability, id) => ({
      label: vocabulary?.[id] ?? String(id),
      probability,
      chance: chance[id] ?? 0,
    }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, listedTokens);
}

function withoutSpecial(logits: Float32Array): Float32Array {
  const text = logits.slice();
  for (const id of notText) text[id] = -Infinity;
  return text;
}

/** What was made after the prompt, as text. Decoded together, so that the space between them is right. */
export function continuation(
  preprocessing: Preprocessing,
  prompt: Int32Array,
  made: readonly number[],
): string {
  const before = decodeTokens(preprocessing, prompt);
  const whole = decodeTokens(preprocessing, [...prompt, ...made]);
  return whole.startsWith(before) ? whole.slice(before.length) : decodeTokens(preprocessing, made);
}
