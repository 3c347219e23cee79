/**
 * Runs model.onnx on the recorded rows and compares with what Unroll Studio computed.
 *
 *     npm install && node verify.mjs [--json]
 *
 * Exits with 0 where they agree, 1 where they differ, 2 where a package is missing. (Preprocessing is
 * Python's: verify.py compares that too.)
 */
import { readFile } from 'node:fs/promises';

const ort = await import('onnxruntime-node').catch((error) => {
  console.error(`${error.message}. Run: npm install`);
  process.exit(2);
});
const at = (name) => new URL(name, import.meta.url);

/** Tensors of a safetensors file: a length, a JSON header, the values. */
function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    const [from, to] = data_offsets;
    const data = new Uint8Array(bytes.subarray(start + from, start + to)).buffer;
    const values = dtype === 'F32' ? new Float32Array(data) : new Int32Array(data);
    tensors[name] = { shape, values };
  }
  return tensors;
}

const tensors = decode(await readFile(at('recorded.safetensors')));
const recorded = JSON.parse(await readFile(at('recorded.json'), 'utf8'));
const session = await ort.InferenceSession.create(await readFile(at('model.onnx')));

const feeds = {
  features: new ort.Tensor('float32', tensors.features.values, tensors.features.shape),
};

/** Largest difference of logits over the largest of ours. */
async function largestDifference() {
  const { logits } = await session.run(feeds);
  const { values } = tensors.outputs;
  let [largest, magnitude] = [0, 0];
  values.forEach((ours, i) => {
    const apart = Math.abs(logits.data[i] - ours);
    largest = apart <= largest ? largest : apart;
    magnitude = Math.max(magnitude, Math.abs(ours));
  });
  return largest / magnitude;
}

const generated = null;
const largest_difference = await largestDifference();
const { rows, tolerance } = recorded;
const passed = largest_difference <= tolerance && generated !== false;
const framework = `onnxruntime-node ${ort.env.versions.node}`;
console.log(
  `${passed ? 'Passed' : 'FAILED'}: ${rows} rows in ${framework}, largest difference ` +
    `${largest_difference.toExponential(1)} (at most ${tolerance})` +
    (generated === null ? '.' : `, generated text ${generated ? 'the same' : 'DIFFERENT'}.`),
);
const result = {
  passed,
  rows,
  largest_difference,
  tolerance,
  preprocessing: null,
  generated,
  framework,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
process.exitCode = passed ? 0 : 1;
