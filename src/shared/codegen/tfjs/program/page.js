/** Runs the network in a page: what is typed goes in, what the network says of it comes out. */
import { load } from './model.js';
import { describe, inputOf, predict } from './predictions.js';

const form = document.querySelector('form');
const text = document.querySelector('textarea');
const output = document.querySelector('output');
if (form === null || text === null || output === null) throw new Error('index.html is not whole');

const loading = load(async (name) => {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
});

async function answer(typed) {
  try {
    return describe(await predict(await loading, inputOf(typed)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  output.textContent = '…';
  void answer(text.value).then((said) => (output.textContent = said));
});
