/** What the network says of a text: how it goes on. */
import { logitsOf, softmax } from './logits.js';

/** `<pad>` and `<unk>` are no text. */
const notText = 2;
const listed = 10;
const generatedTokens = 50;

export async function predict(network, input) {
  const { preprocessor } = network;
  const { vocabulary } = preprocessor.preprocessing;
  const prompt = preprocessor.encode(input);
  const probabilities = softmax(await nextLogits(network, Array.from(prompt)));
  return {
    next: probabilities
      .map((probability, id) => ({ token: vocabulary[id], probability }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, listed),
    continuation: joinTokens(network, await generate(network, prompt, generatedTokens)),
  };
}

/** Greedy: the `count` tokens that follow. Each step sees the last window of tokens, as in training. */
export async function generate(network, prompt, count) {
  const ids = Array.from(prompt);
  while (ids.length < prompt.length + count) {
    const logits = await nextLogits(network, ids);
    let best = notText;
    for (let id = notText; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
    ids.push(best);
  }
  return ids.slice(prompt.length);
}

/** Of the token after the text, over the vocabulary. */
async function nextLogits(network, ids) {
  const { preprocessor } = network;
  const { recipe, vocabulary } = preprocessor.preprocessing;
  const seen = Int32Array.from(recipe.window === undefined ? ids : ids.slice(-recipe.window));
  const logits = await logitsOf(network, preprocessor.batch([seen]));
  return logits.slice(-vocabulary.length);
}

/** Words with spaces between them, but none before a full stop or inside brackets. */
export function joinTokens({ preprocessor }, ids) {
  const tokens = preprocessor.texts(ids);
  if (preprocessor.preprocessing.recipe.tokenizer.unit === 'character') return tokens.join('');
  let text = '';
  let quoted = false;
  let glue = true;
  for (const token of tokens) {
    const closing = /^[.,;:!?%)\]}…’”»]$/u.test(token) || (token === '"' && quoted);
    const opening = /^[([{“‘«$#]$/u.test(token) || (token === '"' && !quoted);
    if (token === '"') quoted = !quoted;
    text += glue || closing ? token : ` ${token}`;
    glue = opening;
  }
  return text;
}

export const inputOf = (text) => ({ text });

export const describe = ({ next, continuation }) =>
  [
    continuation,
    '',
    ...next.map(
      ({ token, probability }) =>
        `${(100 * probability).toFixed(1).padStart(5)} %  ${JSON.stringify(token)}`,
    ),
  ].join('\n');
