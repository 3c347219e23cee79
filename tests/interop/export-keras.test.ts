/** Exported Keras folders in real Keras: the same numbers as ours, before and after a training step. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { generateKeras } from '#shared/codegen/keras/index';
import { chain } from '#shared/graph/samples';
import { lower } from '#shared/ir/lower';
import { scheduleSchema, optimizerSchema } from '#shared/training/recipe';
import type { TrainingRecipe } from '#shared/training/recipe';
import { exportFixture, gradientStepFixture } from './exports/export-fixture.js';
import {
  allFixtures,
  fixtureNamed,
  fixture,
  preprocessingOf,
  randomFixtures,
  randomRows,
} from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { pythonJson, runPython } from './exports/run-python.js';

const resultSchema = z.union([
  z.object({ job: z.string(), folder: z.string(), error: z.string() }),
  z.object({
    job: z.literal('verify'),
    folder: z.string(),
    passed: z.boolean(),
    largest_difference: z.number().nullable(),
    preprocessing: z.boolean(),
    generated: z.boolean().nullable(),
  }),
  z.object({ job: z.literal('outputs'), folder: z.string(), difference: z.number() }),
  z.object({
    job: z.literal('step'),
    folder: z.string(),
    loss: z.number(),
    loss_before: z.number(),
    difference: z.number(),
  }),
  z.object({ job: z.literal('train'), folder: z.string(), printed: z.string() }),
  z.object({
    job: z.literal('masks'),
    folder: z.string(),
    shared: z.array(z.object({ same: z.boolean(), dropped: z.number() })),
  }),
]);
type Result = z.infer<typeof resultSchema>;

const named = (given: Fixture, name: string): Fixture => ({ ...given, name });
const trained = (given: Fixture, training: Partial<TrainingRecipe>): Fixture => ({
  ...given,
  document: { ...given.document, training: { ...given.document.training, ...training } },
});

const hostileNames = [
  '"; import os',
  '"""',
  "'''\\",
  'two\nlines',
  '🙂',
  'class',
  'ids',
  'lengths and mask',
  'a name that goes on and on '.repeat(7).trim(),
  '1st',
];
/** A graph of every kind of name, and a project that is called so. */
function hostile(): Fixture[] {
  const document = chain('classification', [
    'embedding',
    ['bidirectional', { units: 3, output: 'all steps' }],
    'layer-norm',
    ['lstm', { units: 3, output: 'all steps', direction: 'backward' }],
    ['gru', { units: 3, output: 'all steps' }],
    'dropout',
    'attention',
    'dense',
  ]);
  const nodes = document.graph.nodes.map((node, i) => ({
    ...node,
    name: hostileNames[i % hostileNames.length] ?? '',
  }));
  return hostileNames.slice(0, 5).map((name, i) => {
    const graph = { ...document.graph, nodes };
    return fixture(`hostile-${i}`, { ...document, name, description: name, graph });
  });
}

/** Both kinds of dropout in a cell, in stock layers and in ours. */
const droppingCells = (['lstm', 'gru'] as const).map((cell) =>
  fixture(
    `dropout-${cell}`,
    chain('classification', [
      'embedding',
      [cell, { units: 8, dropout: 0.3, recurrentDropout: 0.4, output: 'all steps' }],
      ['bidirectional', { cell, units: 8, dropout: 0.3, recurrentDropout: 0.4 }],
      'dense',
    ]),
  ),
);

const off = { norm: null, value: null };
const adam = optimizerSchema.parse({ kind: 'adam', learningRate: 0.01 });
/** Every optimizer, way to clip, loss and target shape. */
const steps: [string, TrainingRecipe['optimizer'], TrainingRecipe['clip']][] = [
  ['embedding-0', adam, { norm: 0.5, value: 0.01 }],
  ['lstm-1', optimizerSchema.parse({ kind: 'adam', learningRate: 0.01, epsilon: 0.01 }), off],
  ['gru-0', adam, { norm: 1, value: null }],
  [
    'bidirectional-8',
    optimizerSchema.parse({ kind: 'adamw', learningRate: 0.01, weightDecay: 0.1 }),
    { norm: 0.1, value: null },
  ],
  [
    'simple-rnn-0',
    optimizerSchema.parse({ kind: 'sgd', learningRate: 0.1, momentum: 0 }),
    { norm: null, value: 0.01 },
  ],
  ['regress-0', optimizerSchema.parse({ kind: 'sgd', learningRate: 0.1, momentum: 0.9 }), off],
  [
    'regress-1',
    optimizerSchema.parse({ kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true }),
    { norm: 0.1, value: 0.01 },
  ],
  ['regress-2', optimizerSchema.parse({ kind: 'rmsprop', learningRate: 0.01 }), off],
  [
    'classify-each-step-0',
    optimizerSchema.parse({ kind: 'rmsprop', learningRate: 0.01, momentum: 0.5 }),
    { norm: 1, value: null },
  ],
  ['next-token-0', adam, off],
  ['next-token-1', adam, { norm: 1, value: null }],
  ['attention-1', adam, { norm: 1, value: null }],
];

/** Made-up rows that can be learned by heart, for `train.py`. */
async function writeData(given: Fixture, folder: string): Promise<void> {
  const { data } = given.document;
  await mkdir(folder, { recursive: true });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const parts = { train: [0, 3, 6, 9, 12, 15, 18, 21], validation: [24, 27], test: [30] };
  const { batch, inputs } = randomRows(given, 32, 3);
  if (data.task === 'forecast') {
    const names = [...new Set([...data.inputColumns, ...data.targetColumns])];
    const rows = Array.from({ length: 60 }, (_, t) => names.map((_, i) => Math.sin(t / 3 + i)));
    await write('series.csv', [names, ...rows].map((row) => `${row.join(',')}\n`).join(''));
    await write('splits.json', JSON.stringify(parts));
    return;
  }
  if (data.task === 'next-token') {
    const texts = inputs.map((input) => ('text' in input ? input.text : ''));
    await write('text.txt', texts.join(data.tokenizer.unit === 'word' ? ' ' : ''));
    await write('splits.json', JSON.stringify(parts));
    return;
  }
  const labels = preprocessingOf(given).labels ?? [];
  const rows = inputs.map((input, row) => {
    const { targets, lengths, timeSteps } = batch;
    if (targets.kind === 'values') throw new Error('text has no values');
    if ('text' in input) return { text: input.text, label: labels[targets.ids[row] ?? 0] };
    const from = row * timeSteps;
    const ids = targets.ids.subarray(from, from + (lengths?.[row] ?? 0));
    return { ...input, tags: Array.from(ids, (id) => labels[id]) };
  });
  for (const [part, indices] of Object.entries(parts))
    await write(`${part}.jsonl`, indices.map((i) => `${JSON.stringify(rows[i])}\n`).join(''));
}

const schedules = [
  { kind: 'constant' },
  { kind: 'cosine', warmUpSteps: 2, finalFactor: 0.1 },
  { kind: 'step', everyEpochs: 10, factor: 0.5 },
  { kind: 'plateau', patience: 1, factor: 0.5, minimumLearningRate: 1e-3 },
].map((schedule) => scheduleSchema.parse(schedule));
const trainings = ['stacked-lstm-attention', 'classify-each-step-0', 'next-token-1', 'regress-0'];

let root: string;
let written: { folders: string[]; random: string[] };
let fixtures: Fixture[];
let results: Result[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-keras-'));
  fixtures = await allFixtures();
  const find = (name: string): Fixture => fixtureNamed(fixtures, name);
  const write = async (given: Fixture, rows = 32): Promise<string> => {
    const folder = join(root, given.name);
    await exportFixture(given, generateKeras, folder, { rows });
    return folder;
  };
  const all = async (given: readonly Fixture[], rows?: number): Promise<string[]> => {
    const folders = [];
    for (const one of given) folders.push(await write(one, rows));
    return folders;
  };
  const step = [];
  for (const [i, [name, optimizer, clip]] of steps.entries()) {
    const folder = join(root, `step-${i}`);
    await gradientStepFixture(trained(find(name), { optimizer, clip }), generateKeras, folder);
    step.push(folder);
  }
  const train = [];
  for (const [i, name] of trainings.entries()) {
    const given = trained(named(find(name), `train-${name}`), {
      schedule: schedules[i] ?? { kind: 'constant' },
      optimizer: optimizerSchema.parse({ kind: 'adam', learningRate: 0.02 }),
      epochs: 6,
      batchSize: 3,
    });
    const folder = await write(given);
    await writeData(given, join(folder, 'data'));
    train.push(folder);
  }
  const random = await all(randomFixtures(200), 12);
  const jobs = {
    verify: await all([...fixtures, ...hostile(), ...droppingCells]),
    outputs: random,
    step,
    train,
    masks: droppingCells.map(({ name }) => join(root, name)),
  };
  written = { folders: [...jobs.verify, ...step, ...train], random };
  results = pythonJson(resolve('tests/interop/export_keras.py'), [], {
    framework: 'keras',
    input: JSON.stringify(jobs),
  }).map((line) => resultSchema.parse(line));
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** Throws the first error of Python. */
function resultsOf<J extends Result['job']>(job: J) {
  const failed = results.find((result) => result.job === job && 'error' in result);
  expect(failed).toBeUndefined();
  return results.filter(
    (result): result is Exclude<Result, { error: string }> & { job: J } => result.job === job,
  );
}

test('every example graph and every shipped example: 32 rows to 1e-5, saved and loaded again too', () => {
  const verified = resultsOf('verify').filter(({ folder }) =>
    fixtures.some(({ name }) => name === folder),
  );
  expect(verified.map(({ folder }) => folder)).toEqual(fixtures.map(({ name }) => name));
  verified.forEach((result, i) => {
    expect(result).toMatchObject({ passed: true, preprocessing: true });
    expect(result.largest_difference, result.folder).toBeLessThanOrEqual(1e-5);
    const generates = fixtures[i]?.document.data.task === 'next-token';
    expect(result.generated, result.folder).toBe(generates ? true : null);
  });
});

test('200 random graphs: 12 rows to 1e-5', () => {
  const compared = resultsOf('outputs');
  expect(compared).toHaveLength(200);
  for (const { folder, difference } of compared)
    expect(difference, folder).toBeLessThanOrEqual(1e-5);
});

test('one training step: our loss to 1e-6, our weights to 1e-4 of the update', async () => {
  const stepped = resultsOf('step');
  expect(stepped).toHaveLength(steps.length);
  for (const { folder, loss, loss_before, difference } of stepped) {
    const [name, optimizer] = steps[Number(folder.slice('step-'.length))] ?? [];
    const label = `${name}, ${optimizer?.kind}`;
    const ours = z
      .object({ loss: z.number() })
      .parse(JSON.parse(await readFile(join(root, folder, 'step', 'step.json'), 'utf8')));
    expect(Math.abs(loss / ours.loss - 1), label).toBeLessThan(1e-6);
    expect(Math.abs(loss_before / ours.loss - 1), label).toBeLessThan(1e-6);
    expect(difference, label).toBeLessThan(1e-4);
  }
});

test('train.py learns from data/ in every task, with every schedule, and saves weights', () => {
  const runs = resultsOf('train');
  expect(runs.map(({ folder }) => folder)).toEqual(trainings.map((name) => `train-${name}`));
  for (const { folder, printed } of runs) {
    const losses = [...printed.matchAll(/^epoch \d+: loss ([\d.]+)/gm)].map(([, loss]) =>
      Number(loss),
    );
    expect(losses.length, printed).toBeGreaterThan(1);
    expect(losses.at(-1), folder).toBeLessThan(losses[0] ?? 0);
    expect(printed).toMatch(/^test loss [\d.]+, /m);
  }
});

test('a cell with recurrent dropout uses one mask for all of its gates', () => {
  for (const { shared } of resultsOf('masks')) {
    expect(shared.map(({ same }) => same)).toEqual([true, true]);
    expect(shared[0]?.dropped).toBeCloseTo(0.3, 0);
    expect(shared[1]?.dropped).toBeGreaterThan(0.3);
  }
});

test('names that are code, keywords, other variables or too long change no number', () => {
  const verified = resultsOf('verify').filter(({ folder }) => folder.startsWith('hostile-'));
  expect(verified).toHaveLength(5);
  for (const result of verified) expect(result).toMatchObject({ passed: true });
});

test('Black would change no file', () => {
  // The other files of random graphs are those of the examples.
  const models = written.random.map((folder) => join(folder, 'model.py'));
  const { status, stdout, stderr } = runPython(
    '-m',
    ['black', '--check', '--quiet', '--diff', ...written.folders, ...models],
    { framework: 'keras' },
  );
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
});

describe.each(['sentiment-bilstm', 'char-language-model', 'weather-forecast'])('%s', (name) => {
  test('its files are as they were', async () => {
    const { document, facts } = fixtureNamed(fixtures, name);
    const { files } = generateKeras({ document, facts, program: lower(document, facts) });
    for (const { path, text } of files)
      await expect(text).toMatchFileSnapshot(`../goldens/keras/${name}/${path}`);
  });
});
