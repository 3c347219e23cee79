/**
 * One training step with the modules of exported TypeScript programs, on the batch in `step/`: for each
 * folder a JSON line with the loss and the weights' largest distance from those in `step/`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

for (const folder of process.argv.slice(2)) {
  const load = (name) => import(pathToFileURL(join(folder, 'dist', name)).href);
  const [{ Model }, { recordedInput }, { createOptimizer, recipe }] = await Promise.all(
    ['model.js', 'preprocessing.js', 'recipe.js'].map(load),
  );
  const { readSafetensors } = await load('safetensors.js');
  const { trainStep } = await load('training/step.js');
  const read = async (...path) => readSafetensors(await readFile(join(folder, ...path)));

  const before = await read('model.safetensors');
  const model = new Model();
  model.parameters.write(before);
  const tensors = await read('step', 'batch.safetensors');
  const input = recordedInput((name) => tensors.get(name));
  const logits = model.forward(input);
  const { shape, values } = tensors.get('targets');
  const lengths = tensors.get('lengths').values;
  let batch = { input, targets: values };
  if (values instanceof Int32Array) {
    const steps = shape[1] ?? 1;
    const mask = Float32Array.from(values, (_, i) =>
      Number(i % steps < lengths[Math.floor(i / steps)]),
    );
    batch = { input, targets: values, mask };
    // A next-token network that predicts behind its window has the last step's target only.
    if (logits.rank === 2 && shape.length === 2)
      batch = {
        input,
        targets: values.filter((_, i) => i % steps === steps - 1),
        mask: new Float32Array(shape[0]).fill(1),
      };
  }
  const expected = JSON.parse(await readFile(join(folder, 'step', 'step.json'), 'utf8'));
  const loss = await trainStep(model, createOptimizer(model.parameters.variables), batch, {
    learningRate: expected.learningRate,
    step: 1,
    clip: recipe.clip,
    random: null,
    trainLoss: recipe.trainLoss,
  });
  let largest = 0;
  let change = 0;
  const after = await model.parameters.read();
  for (const [name, { values: ours }] of await read('step', 'model.safetensors')) {
    const first = before.get(name).values;
    after.get(name).values.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - ours[i]));
      change = Math.max(change, Math.abs(ours[i] - first[i]));
    });
  }
  console.log(JSON.stringify({ loss, expected: expected.loss, difference: largest / change }));
}
