/** What the network says of a text: a tag for each token. Tokens are what stands between white space. */
import { logitsOf, softmax } from './logits.js';

export async function predict(network, input) {
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

export const inputOf = (text) => ({ text });

export const describe = (tokens) =>
  tokens
    .map(({ token, tag, probability }) => `${(100 * probability).toFixed(1)} %\t${tag}\t${token}`)
    .join('\n');
