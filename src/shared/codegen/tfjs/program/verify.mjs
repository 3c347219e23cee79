/** `verify [--json]`: compares this network with the studio's, on the recorded inputs. Status 0 is passed. */

const tf = await import('@tensorflow/tfjs').catch(() => {
  console.error('TensorFlow.js is not installed here. Run: npm install');
  process.exit(2);
});
// Not before TensorFlow.js was found: they import it.
const { chooseBackend } = await import('./backend.js');
const { load } = await import('./model.js');
const { read } = await import('./node.js');
const { generate } = await import('./predictions.js');
const { readSafetensors } = await import('./safetensors.js');
const { verify } = await import('./verification.js');

const framework = `tfjs ${tf.version_core} (${await chooseBackend()})`;
const network = await load(read);
const recording = JSON.parse(new TextDecoder().decode(await read('recorded.json')));
const tensors = readSafetensors(await read('recorded.safetensors'));
const result = await verify(network, recording, tensors, generate);
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ...result, framework }));
} else {
  const { passed, rows, largest_difference: largest, tolerance, preprocessing, generated } = result;
  const same = (is) => (is ? 'the same' : 'DIFFERENT');
  console.log(
    `${passed ? 'Passed' : 'Failed'}: ${rows} recorded rows in ${framework}, largest difference ` +
      `${largest.toExponential(1)} of ${tolerance.toExponential(0)} allowed, preprocessing ` +
      `${same(preprocessing)}${generated === null ? '' : `, generated text ${same(generated)}`}.`,
  );
}
process.exitCode = result.passed ? 0 : 1;
