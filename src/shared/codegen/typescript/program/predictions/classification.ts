/** What the network says of a text: its classes, the most probable first. */
import type { Network } from './load.ts';
import { logitsOf, softmax } from './logits.ts';
import type { Input } from './preprocessing.ts';

export interface Prediction {
  label: string;
  /** 0 to 1. */
  probability: number;
}

export async function predict(network: Network, input: Input): Promise<Prediction[]> {
  const { preprocessor } = network;
  const logits = await logitsOf(network, preprocessor.batch([preprocessor.encode(input)]));
  const labels = preprocessor.preprocessing.labels ?? [];
  return softmax(logits)
    .map((probability, id) => ({ label: labels[id], probability }))
    .sort((a, b) => b.probability - a.probability);
}

/** Only a next-token network generates. */
export const generate = null;

export const inputOf = (text: string): Input => ({ text });

export const describe = (classes: readonly Prediction[]): string =>
  classes
    .map(({ label, probability }) => `${(100 * probability).toFixed(1).padStart(5)} %  ${label}`)
    .join('\n');
