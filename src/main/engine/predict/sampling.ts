/** How the next token is drawn from a network's logits. */
import type { Sampling } from '#shared/run/prediction';
import type { Random } from '../train/random.js';
import { softmax } from './infer.js';

/**
 * The chance of each token to be drawn: logits / temperature, then only the `topK` most probable, then
 * only the most probable that together reach `topP` (nucleus sampling, Holtzman et al. 2020), and what is
 * left sums to 1 again. Temperature 0 leaves the most probable token alone.
 *
 * @param logits impossible tokens have −Infinity.
 */
export function chances(
  logits: Float32Array,
  { temperature, topK, topP }: Omit<Sampling, 'seed'>,
): number[] {
  if (temperature === 0) {
    const best = argMax(logits);
    return Array.from(logits, (_, id) => (id === best ? 1 : 0));
  }
  const probabilities = softmax(logits, temperature);
  if (topK === null && topP === 1) return probabilities;
  const ranked = probabilities
    .map((probability, id) => ({ probability, id }))
    .sort((a, b) => b.probability - a.probability || a.id - b.id)
    .slice(0, topK ?? undefined);
  const kept = new Array<number>(probabilities.length).fill(0);
  const all = ranked.reduce((sum, { probability }) => sum + probability, 0);
  let sum = 0;
  for (const { probability, id } of ranked) {
    if (sum >= topP * all) break;
    kept[id] = probability;
    sum += probability;
  }
  return kept.map((probability) => probability / sum);
}

export function draw(chance: readonly number[], random: Random): number {
  let left = random.uniform();
  for (const [id, probability] of chance.entries()) {
    left -= probability;
    if (left < 0) return id;
  }
  // Rounding left a little: the most probable is as good an answer as any.
  return argMax(chance);
}

function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++)
    if ((values[i] ?? -Infinity) > (values[best] ?? -Infinity)) best = i;
  return best;
}
