/** Exported PyTorch folders in real PyTorch: our outputs, our updates, our text. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { generatePyTorch } from '#shared/codegen/pytorch/index';
import type { GraphNode, ProjectDocument } from '#shared/graph/document';
import { chain, draw } from '#shared/graph/samples';
import { optimizerSchema } from '#shared/training/recipe';
import type { TrainingRecipe } from '#shared/training/recipe';
import { exportFixture, gradientStepFixture } from './exports/export-fixture.js';
import { allFixtures, fixture, randomFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { pythonFor, pythonJson, runPython } from './exports/run-python.js';

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

/** Runs a program that asserts what it is about. (Some builds of PyTorch warn on stderr.) */
function asserted(programAndArguments: readonly string[], cwd: string): void {
  const { status, stderr } = runPython('-c', programAndArguments, { framework: 'torch', cwd });
  expect(status, stderr).toBe(0);
}

async function verified(fixtures: readonly Fixture[], rows = 32): Promise<Result[]> {
  const folders: string[] = [];
  for (const given of fixtures) {
    folders.push(join(root, given.name));
    await exportFixture(given, generatePyTorch, join(root, given.name), { rows });
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

test('200 random graphs of the catalog: 12 rows to 1e-5', async () => {
  await verified(randomFixtures(200), 12);
});

test('names of projects and blocks are only names', async () => {
  const hostile = [
    '"; import os; os.abort()',
    '""" + __import__("os").abort() + """',
    "'''\nraise SystemExit(9)\n#",
    '🧨\u2028\u202e\\',
    'nn',
    'class',
    'self.forward',
    'x'.repeat(300),
    '',
  ];
  const fixtures = hostile.map((name, i) => {
    const given = fixture(
      `hostile ${i}`,
      chain('classification', [
        'embedding',
        ['bidirectional', { output: 'all steps', dropout: 0.1 }],
        ['attention', {}],
        'dense',
      ]),
    );
    const { graph } = given.document;
    const nodes = graph.nodes.map((node) => ({ ...node, name }));
    const document = { ...given.document, name, description: name, graph: { ...graph, nodes } };
    return { ...given, document };
  });
  await verified(fixtures);
});

test('a row without steps gives zeros and initial states, never NaN', async () => {
  const names = ['lstm-1', 'gru-0', 'attention-0', 'bidirectional-1', 'last-step-0'];
  const pools = ['pool-over-time-0', 'pool-over-time-1', 'pool-over-time-2'];
  for (const given of await allFixtures())
    if ([...names, ...pools].includes(given.name))
      await exportFixture(given, generatePyTorch, join(root, given.name));
  // What is left of a row of zeros is the bias of the last block.
  const program = `
import sys, torch
for folder in sys.argv[1:]:
    for name in ("model", "layers"):
        sys.modules.pop(name, None)
    sys.path[0] = folder
    import layers, model
    network = model.load_model()
    ids = torch.randint(2, 100, (3, 5))
    logits = network(ids, torch.tensor([0, 5, 2]))
    assert logits.isfinite().all(), folder
    assert torch.allclose(logits[0], network.dense.bias), folder
    alone = network(ids[2:, :2], torch.tensor([2]))
    assert torch.allclose(logits[2], alone[0], atol=1e-6), folder
    if not hasattr(layers, "run_rnn"):
        continue
    start = torch.randn(1, 3, 3)
    rnn = torch.nn.GRU(4, 3, batch_first=True)
    outputs, final = layers.run_rnn(rnn, torch.randn(3, 5, 4), torch.tensor([0, 5, 2]), start)
    assert (outputs[0] == 0).all() and (outputs[2, 2:] == 0).all()
    assert torch.equal(final[:, 0], start[:, 0])
`;
  const folders = [...names, ...pools].map((name) => join(root, name));
  asserted([program, ...folders], root);
});

test('verify.py fails with other weights, and says what to install where something is missing', async () => {
  const given = fixture('other', chain('classification', ['embedding', 'gru', 'dense']));
  const cwd = join(root, 'other');
  await exportFixture(given, generatePyTorch, cwd);
  const run = (...args: string[]) => runPython('verify.py', args, { framework: 'torch', cwd });
  expect(run()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Passed: .* 32 /) });

  const weights = await readFile(join(cwd, 'model.safetensors'));
  weights.writeFloatLE(5, weights.length - 4);
  await writeFile(join(cwd, 'model.safetensors'), weights);
  expect(run()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^FAILED: /) });
  expect(JSON.parse(run('--json').stdout)).toMatchObject({ passed: false, preprocessing: true });

  await writeFile(join(cwd, 'safetensors.py'), 'raise ImportError("No module safetensors")\n');
  expect(run('--json')).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('pip install -r requirements.txt'),
  });
});

test('while training, dropout of inputs and of h hides the same units at every step', async () => {
  const document = chain('classification', [
    'embedding',
    ['lstm', { units: 40, dropout: 0.25, recurrentDropout: 0.5 }],
    'dense',
  ]);
  await exportFixture(fixture('locked', document), generatePyTorch, join(root, 'locked'));
  const program = `
import torch, layers
dropout = layers.LockedDropout(0.25)
y = dropout(torch.ones(200, 7, 40))
assert torch.equal(y, y[:, :1].expand_as(y))
assert sorted(set(y.flatten().tolist())) == [0, torch.ones(1).div(0.75).item()]
assert abs((y == 0).float().mean() - 0.25) < 0.03
assert torch.equal(dropout.eval()(torch.ones(2, 3, 4)), torch.ones(2, 3, 4))

masks = []
class Spy(layers.StepwiseLSTM):
    def step(self, gates, state, mask):
        masks.append(mask)
        return super().step(gates, state, mask)
layer = Spy(4, 40, recurrent_dropout=0.5)
layers.initialize_rnn(layer)
layer(torch.randn(200, 3, 4), torch.full((200,), 3))
assert len(masks) == 3 and all(torch.equal(mask, masks[0]) for mask in masks)
assert set(masks[0].flatten().tolist()) == {0, 2}
assert abs((masks[0] == 0).float().mean() - 0.5) < 0.03
`;
  asserted([program], join(root, 'locked'));
});

test('train_ddp.py: two processes make the updates of one, padding, L2, clipping and class weights included', async () => {
  const document = chain('tagging', [
    'embedding',
    ['bidirectional', { output: 'all steps', l2: 0.01, units: 8 }],
    'time-distributed-dense',
  ]);
  const given = fixture('shared', document);
  const folder = join(root, 'shared');
  await gradientStepFixture(
    withTraining(given, {
      optimizer: sgd,
      clip: { norm: 0.5, value: 0.1 },
      classWeights: 'balanced',
    }),
    generatePyTorch,
    folder,
  );
  const output = await together(2, resolve('tests/interop/export_pytorch_ddp.py'), folder);
  const { shared, alone, difference } = z
    .object({ shared: z.array(z.number()), alone: z.array(z.number()), difference: z.number() })
    .parse(JSON.parse(output));
  shared.forEach((loss, i) => expect(Math.abs(loss / (alone[i] ?? NaN) - 1)).toBeLessThan(1e-5));
  expect(shared).toHaveLength(3);
  expect(difference).toBeLessThan(1e-4);
});

/** Starts a program as torchrun does. (Debian's own torchrun of 1.13 fails under Python 3.11.) */
async function together(processes: number, program: string, folder: string): Promise<string> {
  const port = await freePort();
  const ranks = Array.from({ length: processes }, (_, rank) => rank);
  const outputs = ranks.map(async (rank) => {
    const environment = {
      RANK: String(rank),
      LOCAL_RANK: String(rank),
      WORLD_SIZE: String(processes),
      MASTER_ADDR: '127.0.0.1',
      MASTER_PORT: String(port),
    };
    const { stdout } = await promisify(execFile)(pythonFor('torch'), [program, folder], {
      env: { ...process.env, ...environment, CUDA_VISIBLE_DEVICES: '' },
    });
    return stdout;
  });
  return (await Promise.all(outputs)).join('');
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

test('Black would change no file', async () => {
  const unique = join(root, 'unique');
  await mkdir(unique);
  const seen = new Set<string>();
  for (const name of await readdir(root, { recursive: true })) {
    // Random graphs repeat each other: a third of them shows as much.
    if (!name.endsWith('.py') || /random-\d*[^036]\//.test(name)) continue;
    const text = await readFile(join(root, name), 'utf8');
    if (!seen.has(text)) await writeFile(join(unique, `${seen.size}.py`), text);
    seen.add(text);
  }
  const args = ['black', '--check', '--diff', '-q', unique];
  const { status, stdout, stderr } = runPython('-m', args, { framework: 'torch' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(seen.size).toBeGreaterThan(100);
});
