/** What the network says of a text: its classes, the most probable first. */
import { logitsOf, softmax } from './logits.js';

export async function predict(network, input) {
  const { preprocessor } = network;
  const logits = await logitsOf(network, preprocessor.batch([preprocessor.encode(input)]));
  const labels = preprocessor.preprocessing.labels ?? [];
  return softmax(logits)
    .map((probability, id) => ({ label: labels[id], probability }))
    .sort((a, b) => b.probability - a.probability);
}

/** Only a next-token network generates. */
export const generate = null;

export const inputOf = (text) => ({ text });

export const describe = (classes) =>
  classes
    .map(({ label, probability }) => `${(100 * probability).toFixed(1).padStart(5)} %  ${label}`)
    .join('\n');
