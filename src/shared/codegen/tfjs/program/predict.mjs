/** `predict TEXT`: what the network says of it. Without a text it takes the first recorded input. */
import { chooseBackend } from './backend.js';
import { load } from './model.js';
import { read } from './node.js';
import { describe, inputOf, predict } from './predictions.js';

await chooseBackend();
const network = await load(read);
const [typed] = process.argv.slice(2);
const recording = JSON.parse(new TextDecoder().decode(await read('recorded.json')));
const input = typed === undefined ? recording.inputs[0] : inputOf(typed);
if (typed === undefined) console.log(input);
console.log(describe(await predict(network, input)));
