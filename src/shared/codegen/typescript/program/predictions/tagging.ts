/** What the network says of a text: a tag for each token. Tokens are what stands between white space. */
import type { Network } from './load.ts';
import { logitsOf, softmax } from './logits.ts';
import type { Input } from './preprocessing.ts';

export interface Prediction {
  token: string;
  tag: string;
  /** 0 to 1. */
  probability: number;
}

export async function predict(network: Network, input: Input): Promise<Prediction[]> {
  const { preprocessor } = network;
  const ids = preprocessor.encode(input);
  const logits = await logitsOf(network, preprocessor.batch([ids]));
  const labels = preprocessor.preprocessing.labels ?? [];
  return preprocessor.texts(ids).map((token, step) => {
    const probabilities = softmax(logits.slice(step * labels.length, (step + 1) * labels.length));
    const probability = Math.max(...probabilities);
    return { token, tag: labels[probabilities.indexOf(probability)], probability };
  });
}

/** Only a next-token network generates. */
export const generate = null;

export const inputOf = (text: string): Input => ({ text });

export const describe = (tokens: readonly Prediction[]): string =>
  tokens
    .map(({ token, tag, probability }) => `${(100 * probability).toFixed(1)} %\t${tag}\t${token}`)
    .join('\n');
