/** `verify [--json]`: compares this network with the studio's, on the recorded inputs. Status 0 is passed. */
import type { Recording } from './verification.ts';

const tf = await import('@tensorflow/tfjs').catch(() => {
  console.error('TensorFlow.js is not installed here. Run: npm install');
  process.exit(2);
});
// Not before TensorFlow.js was found: they import it.
const { chooseBackend } = await import('./backend.ts');
const { load } = await import('./load.ts');
const { read } = await import('./node.ts');
const { generate } = await import('./predictions.ts');
const { readSafetensors } = await import('./safetensors.ts');
const { verify } = await import('./verification.ts');

const framework = `tfjs ${tf.version_core} (${await chooseBackend()})`;
const network = await load(read);
const recording: Recording = JSON.parse(new TextDecoder().decode(await read('recorded.json')));
const tensors = readSafetensors(await read('recorded.safetensors'));
const result = await verify(network, recording, tensors, generate);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ...result, framework }));
} else {
  const { passed, rows, largest_difference: largest, tolerance, preprocessing, generated } = result;
  const same = (is: boolean): string => (is ? 'the same' : 'DIFFERENT');
  console.log(
    `${passed ? 'Passed' : 'Failed'}: ${rows} recorded rows in ${framework}, largest difference ` +
      `${largest.toExponential(1)} of ${tolerance.toExponential(0)} allowed, preprocessing ` +
      `${same(preprocessing)}${generated === null ? '' : `, generated text ${same(generated)}`}.`,
  );
}
process.exitCode = result.passed ? 0 : 1;
