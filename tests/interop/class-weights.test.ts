/**
 * Class weights: what exported programs train on, five steps in a row on rows of data/, and what Keras' own
 * `fit(class_weight)` does with the same numbers.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { generateKeras } from '#shared/codegen/keras/index';
import { generatePyTorch } from '#shared/codegen/pytorch/index';
import { generateTypeScript } from '#shared/codegen/typescript/index';
import type { GeneratedExport } from '#shared/codegen/types';
import type { ProjectDocument } from '#shared/graph/document';
import { chain } from '#shared/graph/samples';
import type { IrProgram } from '#shared/ir/types';
import { lower } from '#shared/ir/lower';
import { classWeightsOf } from '#shared/training/class-weights';
import { compile } from '../../src/main/engine/compile/model.js';
import { prepareData } from '../../src/main/engine/data/index.js';
import type { PreparedData } from '../../src/main/engine/data/types.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { writeData } from '../../src/main/engine/export/data-files.js';
import { parameterValues, writeGenerated } from '../../src/main/engine/export/write.js';
import { writeJson } from '../../src/main/engine/train/files.js';
import { scoresOf } from '../../src/main/engine/train/metrics.js';
import { createOptimizer } from '../../src/main/engine/train/optimizers.js';
import { Random } from '../../src/main/engine/train/random.js';
import { evaluate, trainStep } from '../../src/main/engine/train/step.js';
import { noisyWeights } from './exports/export-fixture.js';
import { compileTypeScript, programFolder } from './exports/node-programs.js';
import { pythonJson, runPython, type Framework } from './exports/run-python.js';

const steps = 5;
const batchSize = 12;
const rowsOf = (step: number): number[] =>
  Array.from({ length: batchSize }, (_, i) => step * batchSize + i);

let root: string;
let device: Device;
beforeAll(async () => {
  root = await programFolder();
  device = await openDevice('wasm');
  await writeFile(join(root, 'mails.csv'), mails());
  await writeFile(join(root, 'tags.csv'), tags());
});
afterAll(async () => {
  await device.dispose();
  await rm(root, { recursive: true, force: true });
});

const words = (i: number): string[] =>
  Array.from({ length: 2 + (i % 7) }, (_, k) => `word${(i * 5 + k * 3) % 23}`);
/** One in nine is spam, one in 25 is chain mail. */
function mails(): string {
  const label = (i: number): string => (i % 25 === 3 ? 'chain' : i % 9 === 0 ? 'spam' : 'ham');
  const rows = Array.from({ length: 120 }, (_, i) => `${label(i)},${words(i).join(' ')}`);
  return `label,text\n${rows.join('\n')}\n`;
}
function tags(): string {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const tokens = words(i);
    return `${tokens.join(' ')},${tokens.map((word) => (word.endsWith('7') ? 'B' : 'O')).join(' ')}`;
  });
  return `text,tags\n${rows.join('\n')}\n`;
}

const training = {
  optimizer: { kind: 'sgd', learningRate: 0.5, momentum: 0.9, nesterov: false },
  clip: { norm: null, value: null },
  classWeights: 'balanced',
  batchSize,
} as const;

function documentOf(task: 'classification' | 'tagging'): ProjectDocument {
  const each = task === 'tagging';
  const document = chain(task, [
    ['embedding', { units: 6 }],
    ['gru', { units: 8, ...(each ? { output: 'all steps' } : {}) }],
    each ? 'time-distributed-dense' : 'dense',
  ]);
  const split = { validation: 0.2, test: 0.1, method: 'random', seed: 7 } as const;
  const path = each ? 'tags.csv' : 'mails.csv';
  const { data } = document;
  if (data.task !== 'classification' && data.task !== 'tagging') throw new Error(data.task);
  return {
    ...document,
    data: {
      ...data,
      source: { kind: 'file', path },
      split,
      tokenizer: { ...data.tokenizer, minimumCount: 1 },
    },
    training: { ...document.training, ...training },
  };
}

interface Case {
  document: ProjectDocument;
  data: PreparedData;
  program: IrProgram;
  weights: Float32Array;
  /** Of five steps, and then the unweighted one of the validation part. */
  losses: number[];
}

async function trained(task: 'classification' | 'tagging'): Promise<Case> {
  const document = documentOf(task);
  const data = await prepareData(document.data, root);
  const program = lower(document, data.facts);
  const weights = noisyWeights(program, 3);
  const classWeights = classWeightsOf(document.training, data.facts);
  expect(Math.max(...(classWeights ?? []))).toBeGreaterThan(3);
  const model = compile(program, device, weights);
  const optimizer = await createOptimizer(document.training, model, device.id);
  const losses: number[] = [];
  try {
    for (let step = 0; step < steps; step++) {
      const { loss } = await trainStep(model, device, optimizer, data.train.batch(rowsOf(step)), {
        learningRate: training.optimizer.learningRate,
        step: step + 1,
        dropout: new Random(0, 'no dropout'),
        classWeights,
      });
      losses.push(loss);
    }
    const tally = await evaluate(model, device, data.validation, batchSize, []);
    if (tally === null) throw new Error('nobody stopped it');
    losses.push(scoresOf(tally, program.head).loss ?? NaN);
  } finally {
    optimizer.dispose();
    model.dispose();
  }
  return { document, data, program, weights, losses };
}

/** An export with data/, as the studio writes it. */
async function exported(
  { document, data, program, weights }: Case,
  folder: string,
  generated: GeneratedExport,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeGenerated(folder, generated, parameterValues(program, weights));
  await writeJson(join(folder, 'preprocessing.json'), data.preprocessing);
  await writeData(join(folder, 'data'), data);
  expect(document.training.classWeights).toBe('balanced');
}

const numbers = z.array(z.number());
const python = (framework: Framework, cwd: string, program: string): number[] => {
  const [line] = pythonJson('-c', [program], { framework, cwd });
  return numbers.parse(line);
};

const pytorch = `
import json, torch
torch.set_num_threads(1)
from data import Examples
from model import load_model
from train import build_optimizer, evaluate, train_step
model = load_model().train()
optimizer = build_optimizer(model)
examples = Examples("train")
losses = [
    train_step(model, optimizer, examples.batch(list(range(${batchSize} * step, ${batchSize} * (step + 1)))))
    for step in range(${steps})
]
scores = evaluate(model, Examples("validation"), torch.device("cpu"))
print(json.dumps(losses + [scores["loss"]]))
`;

const keras = `
import json
from data import make_batch, read_examples
from model import load_model
from optimizer import build_optimizer
from train import evaluate, train_step
model, optimizer = load_model(), build_optimizer()
examples = read_examples("train")
losses = [
    train_step(model, optimizer, make_batch(examples[${batchSize} * step : ${batchSize} * (step + 1)]))
    for step in range(${steps})
]
print(json.dumps(losses + [evaluate(model, read_examples("validation"))["loss"]]))
`;

/** The same without any of our loss: stock cross-entropy, and \`fit\`, which knows class weights for one target a row. */
const kerasFit = `
import json, keras
from data import make_batch, read_examples
from model import load_model
from train import CLASS_WEIGHTS
model = load_model()
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.SGD(${training.optimizer.learningRate}, momentum=${training.optimizer.momentum}), loss)
examples = read_examples("train")
losses = []
for step in range(${steps}):
    batch = make_batch(examples[${batchSize} * step : ${batchSize} * (step + 1)])
    history = model.fit(
        batch.inputs,
        batch.targets,
        batch_size=${batchSize},
        class_weight=dict(enumerate(CLASS_WEIGHTS)),
        shuffle=False,
        verbose=0,
    )
    losses.append(history.history["loss"][0])
print(json.dumps(losses))
`;

const typescript = `
import { readFile } from 'node:fs/promises';
import { Model } from './dist/model.js';
import { read } from './dist/node.js';
import { Preprocessor } from './dist/preprocessing.js';
import { createOptimizer, recipe } from './dist/recipe.js';
import { readSafetensors } from './dist/safetensors.js';
import { readData } from './dist/training/data.js';
import { evaluate } from './dist/training/fit.js';
import { trainStep } from './dist/training/step.js';
const model = new Model();
model.parameters.write(readSafetensors(await readFile('model.safetensors')));
const data = await readData(new Preprocessor(JSON.parse(await readFile('preprocessing.json', 'utf8'))), read);
const optimizer = createOptimizer(model.parameters.variables);
const losses = [];
for (let step = 0; step < ${steps}; step++) {
  const batch = data.train.batch(Array.from({ length: ${batchSize} }, (_, i) => ${batchSize} * step + i));
  const options = { learningRate: ${training.optimizer.learningRate}, step: step + 1, clip: recipe.clip, random: null };
  losses.push(await trainStep(model, optimizer, batch, { ...options, trainLoss: recipe.trainLoss }));
}
losses.push((await evaluate(model, data.validation, ${batchSize})).loss);
console.log(JSON.stringify(losses));
`;

function expectSame(theirs: readonly number[], ours: readonly number[], label: string): void {
  expect(theirs, label).toHaveLength(ours.length);
  ours.forEach((loss, i) =>
    expect(Math.abs((theirs[i] ?? NaN) / loss - 1), `${label}, ${i}`).toBeLessThan(1e-4),
  );
}

test.each(['classification', 'tagging'] as const)(
  '%s: five steps of PyTorch, Keras and TypeScript have our losses to 1e-4, and validation stays unweighted',
  async (task) => {
    const ours = await trained(task);
    const { document, program, data, losses } = ours;
    const input = { document, program, facts: data.facts };
    const folders = {
      torch: join(root, `torch-${task}`),
      keras: join(root, `keras-${task}`),
      typescript: join(root, `typescript-${task}`),
    };
    await exported(ours, folders.torch, generatePyTorch(input));
    expectSame(python('torch', folders.torch, pytorch), losses, 'PyTorch');
    await exported(ours, folders.keras, generateKeras(input));
    expectSame(python('keras', folders.keras, keras), losses, 'Keras');
    if (task === 'classification')
      expectSame(python('keras', folders.keras, kerasFit), losses.slice(0, steps), 'fit');

    const made = generateTypeScript(input);
    await exported(ours, folders.typescript, made);
    await compileTypeScript(folders.typescript, made);
    await writeFile(join(folders.typescript, 'five.mjs'), typescript);
    const { stdout, stderr } = spawnSync(process.execPath, ['five.mjs'], {
      cwd: folders.typescript,
      encoding: 'utf8',
    });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    expect(last, stderr).not.toBe('');
    expectSame(numbers.parse(JSON.parse(last)), losses, 'TypeScript');

    for (const framework of ['torch', 'keras'] as const) {
      const args = ['black', '--check', '--diff', '-q', folders[framework]];
      const { stdout: diff, stderr: error } = runPython('-m', args, { framework });
      expect(diff + error).toBe('');
    }
  },
);
