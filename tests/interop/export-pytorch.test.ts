/** Exported PyTorch folders in real PyTorch: our outputs, our updates, our text. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { generatePyTorch } from '#shared/codegen/pytorch/index';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { chain, draw } from '#shared/graph/samples';
import { optimizerSchema } from '#shared/training/recipe';
import type { TrainingRecipe } from '#shared/training/recipe';
import { exportFixture, gradientStepFixture } from './exports/export-fixture.js';
import { allFixtures, fixture } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { pythonJson, runPython } from './exports/run-python.js';

const script = resolve('tests/interop/export_pytorch.py');
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-pytorch-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const resultSchema = z.object({
  folder: z.string().transform((folder) => basename(folder)),
  verify: z.object({
    passed: z.boolean(),
    code: z.number(),
    rows: z.number(),
    largest_difference: z.number().nullable(),
    preprocessing: z.boolean(),
    generated: z.boolean().nullable(),
  }),
  step: z.object({ loss: z.number(), difference: z.number(), worst: z.string() }).optional(),
});
type Result = z.infer<typeof resultSchema>;

/** All folders in one Python process: importing PyTorch takes longer than a small network. */
const inPyTorch = (folders: readonly string[]): Result[] =>
  pythonJson(script, folders, { framework: 'torch' }).map((line) => resultSchema.parse(line));

async function verified(fixtures: readonly Fixture[]): Promise<Result[]> {
  const folders: string[] = [];
  for (const given of fixtures) {
    folders.push(join(root, given.name));
    await exportFixture(given, generatePyTorch, join(root, given.name));
  }
  const results = inPyTorch(folders);
  expect(results.map(({ folder }) => folder)).toEqual(fixtures.map(({ name }) => name));
  for (const { folder, verify } of results) {
    expect({ folder, ...verify }).toMatchObject({ passed: true, code: 0, preprocessing: true });
    expect(verify.largest_difference, folder).toBeLessThanOrEqual(1e-5);
  }
  return results;
}

const lossSchema = z.object({ loss: z.number() });

/** One update of ours and one of train.py's from the same weights on the same batch. */
async function sameUpdate(fixtures: readonly Fixture[]): Promise<void> {
  const folders: string[] = [];
  for (const given of fixtures) {
    const folder = join(root, `step of ${given.name}`);
    await gradientStepFixture(given, generatePyTorch, folder);
    folders.push(folder);
  }
  const results = inPyTorch(folders);
  expect(results).toHaveLength(fixtures.length);
  const wrong: unknown[] = [];
  for (const [i, { folder, step }] of results.entries()) {
    const path = join(folders[i] ?? '', 'step', 'step.json');
    const { loss } = lossSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const lossDifference = Math.abs((step?.loss ?? NaN) / loss - 1);
    if (!(lossDifference < 1e-4 && (step?.difference ?? NaN) < 1e-4))
      wrong.push({ folder, lossDifference, ...step });
  }
  expect(wrong).toEqual([]);
}

test('every example graph and every shipped example: 32 rows to 1e-5, greedy text the same', async () => {
  const fixtures = await allFixtures();
  const results = await verified(fixtures);
  fixtures.forEach(({ document }, i) =>
    expect(results[i]?.verify.generated).toBe(document.data.task === 'next-token' ? true : null),
  );
});

/**
 * So large that float32's rounding of a weight is small beside its change. (Adam's first step is the
 * gradient's sign, also where the gradient is rounding itself: an epsilon stands above that.)
 */
const sgd = optimizerSchema.parse({ kind: 'sgd', learningRate: 10, momentum: 0 });
const epsilon = 0.01;

const withTraining = (
  given: Fixture,
  training: Partial<TrainingRecipe>,
  name = given.name,
): Fixture => ({
  ...given,
  name,
  document: { ...given.document, training: { ...given.document.training, ...training } },
});

test('every example graph and every shipped example: a training step gives our loss and weights to 1e-4', async () => {
  await sameUpdate((await allFixtures()).map((given) => withTraining(given, { optimizer: sgd })));
});

test('each optimizer, clipping by value, norm and both: a training step to 1e-4', async () => {
  const given = fixture(
    'recipes',
    chain('classification', [
      'embedding',
      ['gru', { l2: 0.02 }],
      ['dense', { units: 8, activation: 'tanh', l2: 0.01 }],
      'dense',
    ]),
  );
  const optimizers = [
    { kind: 'adam', learningRate: 0.01, epsilon },
    { kind: 'adamw', learningRate: 0.01, epsilon, weightDecay: 0.1, beta1: 0.8 },
    sgd,
    { kind: 'sgd', learningRate: 1, momentum: 0.9 },
    { kind: 'sgd', learningRate: 1, momentum: 0.8, nesterov: true },
    { kind: 'rmsprop', learningRate: 0.01, epsilon },
    { kind: 'rmsprop', learningRate: 0.01, epsilon, momentum: 0.5, decay: 0.9 },
  ].map((recipe) => optimizerSchema.parse(recipe));
  const clips = [
    { norm: null, value: null },
    { norm: 0.05, value: null },
    { norm: null, value: 0.002 },
    { norm: 0.01, value: 0.002 },
  ];
  await sameUpdate([
    ...optimizers.map((optimizer, i) =>
      withTraining(given, { optimizer, clip: { norm: null, value: null } }, `optimizer ${i}`),
    ),
    ...clips.map((clip, i) => withTraining(given, { clip, optimizer: sgd }, `clip ${i}`)),
  ]);
});

/** What nn.LSTM and nn.GRU can't do at once: dropout inside the recurrence, sizes, states between forms. */
function unusualGraphs(): Fixture[] {
  const all = { output: 'all steps' };
  const text = (...blocks: (readonly [string, GraphNode['params']])[]): ProjectDocument =>
    chain('classification', ['embedding', ...blocks, 'dense']);
  const drop = { dropout: 0.2, recurrentDropout: 0.3, units: 6 };
  const pair = (block: string, first: GraphNode['params'], second: GraphNode['params']) =>
    draw(
      'classification',
      {
        input: 'tokens-input',
        embedding: 'embedding',
        first: [block, first],
        second: [block, second],
        scores: 'dense',
        head: 'classify',
      },
      [
        'input > embedding',
        'embedding > first',
        'embedding > second',
        'first.state > second.state',
        'second > scores',
        'scores > head',
      ],
    );
  const documents = [
    ...['simple-rnn', 'lstm', 'gru'].flatMap((block) => [
      text([block, drop]),
      text([block, { ...drop, ...all, direction: 'backward' }], ['last-step', {}]),
      text([block, { dropout: 0.2, ...all, direction: 'backward' }], ['pool-over-time', {}]),
      chain('forecast', [[block, { ...drop, direction: 'backward' }], 'dense']),
      chain('next-token', ['embedding', [block, { ...drop, ...all }], 'time-distributed-dense']),
      pair(block, drop, { units: 6 }),
    ]),
    text(['simple-rnn', { ...drop, activation: 'relu' }]),
    text(['gru', { ...drop, resetAfter: false }]),
    ...['rnn', 'lstm', 'gru'].flatMap((cell) => {
      const two = { cell, units: 6 };
      const layers = { cell, units: [6, 6] };
      const locked = { dropout: 0.2 };
      return [
        text(['bidirectional', { ...two, ...drop }]),
        text(['bidirectional', { ...two, ...drop, ...all, merge: 'sum' }], ['pool-over-time', {}]),
        text(['bidirectional', { ...two, resetAfter: false, merge: 'mul' }]),
        pair('bidirectional', { ...two, ...locked, merge: 'average' }, { ...two, merge: 'mul' }),
        pair('bidirectional', two, { ...two, ...locked }),
        pair('bidirectional', { ...two, ...drop }, { ...two, ...locked }),
        text(['stacked-rnn', { cell, units: [6, 6, 6], betweenDropout: 0.1 }]),
        text(['stacked-rnn', { ...drop, cell, units: [6, 3], betweenDropout: 0.1 }]),
        text(['stacked-rnn', { ...layers, resetAfter: false, ...all }], ['attention', {}]),
        pair('stacked-rnn', { ...layers, ...locked }, { ...layers, betweenDropout: 0.1 }),
        pair('stacked-rnn', layers, { ...layers, ...drop, units: [6, 6], betweenDropout: 0.1 }),
        pair('stacked-rnn', { ...layers, ...locked }, { ...layers, ...drop, units: [6, 6] }),
        chain('forecast', [
          ['stacked-rnn', { ...layers, ...locked, ...all }],
          'last-step',
          'dense',
        ]),
      ];
    }),
  ];
  return documents.map((document, i) => fixture(`unusual ${i}`, document));
}

test('dropout inside recurrences, layers of different sizes, states between all forms: 32 rows to 1e-5', async () => {
  await verified(unusualGraphs());
});

test('Black would change no file', async () => {
  const unique = join(root, 'unique');
  await mkdir(unique);
  const seen = new Set<string>();
  for (const name of await readdir(root, { recursive: true })) {
    if (!name.endsWith('.py')) continue;
    const text = await readFile(join(root, name), 'utf8');
    if (!seen.has(text)) await writeFile(join(unique, `${seen.size}.py`), text);
    seen.add(text);
  }
  const args = ['black', '--check', '--diff', '-q', unique];
  const { status, stdout, stderr } = runPython('-m', args, { framework: 'torch' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(seen.size).toBeGreaterThan(100);
});
