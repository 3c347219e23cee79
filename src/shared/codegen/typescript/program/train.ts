/** Trains the network from scratch on data/ and writes model.safetensors. */
import { writeFile } from 'node:fs/promises';
import { chooseBackend } from './backend.ts';
import { Model } from './model.ts';
import { fileUrl, read } from './node.ts';
import { Preprocessor } from './preprocessing.ts';
import { createOptimizer, recipe, schedule } from './recipe.ts';
import { writeSafetensors } from './safetensors.ts';
import { readData } from './training/data.ts';
import { fit } from './training/fit.ts';
import { metric } from './training/objective.ts';

console.log(`Training on ${await chooseBackend()}`);
const preprocessor = new Preprocessor(
  JSON.parse(new TextDecoder().decode(await read('preprocessing.json'))),
);
const data = await readData(preprocessor, read);
const model = new Model();
model.parameters.initialize(recipe.seed);
const test = await fit({
  model,
  optimizer: createOptimizer(model.parameters.variables),
  schedule,
  recipe,
  data,
  onEpoch({ epoch, trainLoss, validation, seconds }) {
    const scores =
      validation === null
        ? ''
        : `, validation ${validation.loss.toFixed(4)}, ${metric.name} ${validation.metric.toFixed(4)}`;
    console.log(`epoch ${epoch}: loss ${trainLoss.toFixed(4)}${scores} (${seconds.toFixed(1)} s)`);
  },
});
if (test !== null)
  console.log(`test: loss ${test.loss.toFixed(4)}, ${metric.name} ${test.metric.toFixed(4)}`);
await writeFile(fileUrl('model.safetensors'), writeSafetensors(await model.parameters.read()));
