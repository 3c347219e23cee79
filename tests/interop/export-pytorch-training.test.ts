/** What train.py does around a step: reads data/ as we prepared them, scores, schedules, stops. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { generatePyTorch } from '#shared/codegen/pytorch/index';
import type { ProjectDocument } from '#shared/graph/document';
import { chain } from '#shared/graph/samples';
import { lower } from '#shared/ir/lower';
import type { ScheduleRecipe, TrainingRecipe } from '#shared/training/recipe';
import { learningRateAt, plateauAfter, type Plateau } from '#shared/training/schedules';
import { compile } from '../../src/main/engine/compile/model.js';
import { prepareData } from '../../src/main/engine/data/index.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import { writeData } from '../../src/main/engine/export/data-files.js';
import { parameterValues, writeGenerated } from '../../src/main/engine/export/write.js';
import { writeJson } from '../../src/main/engine/train/files.js';
import { scoresOf, targetScales } from '../../src/main/engine/train/metrics.js';
import { evaluate } from '../../src/main/engine/train/step.js';
import { noisyWeights } from './exports/export-fixture.js';
import { pythonJson, runPython } from './exports/run-python.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-pytorch-training-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** An export of untrained weights with real data, and our scores on each part. */
async function exported(name: string, document: ProjectDocument) {
  const folder = join(root, name);
  await mkdir(folder);
  const data = await prepareData(document.data, root);
  const { facts, preprocessing } = data;
  const program = lower(document, facts);
  const weights = noisyWeights(program, 3);
  const generated = generatePyTorch({ document, program, facts });
  await writeGenerated(folder, generated, parameterValues(program, weights));
  await writeJson(join(folder, 'preprocessing.json'), preprocessing);
  await writeData(join(folder, 'data'), data);
  const device = await openDevice('wasm');
  const model = compile(program, device, weights);
  const scores = [];
  for (const part of [data.train, data.validation, data.test]) {
    const tally = await evaluate(model, device, part, 32, targetScales(preprocessing));
    if (tally === null) throw new Error('nobody stopped it');
    scores.push(scoresOf(tally, program.head));
  }
  model.dispose();
  await device.dispose();
  return { folder, scores };
}

const scoresSchema = z.record(z.string(), z.number());

/** Every part's scores by the exported evaluate. */
function theirScores(folder: string): Record<string, number>[] {
  const program = `
import json, torch
torch.set_num_threads(1)
from data import Examples
from model import load_model
from train import evaluate
model = load_model()
for part in ("train", "validation", "test"):
    print(json.dumps(evaluate(model, Examples(part), torch.device("cpu"))))
`;
  return pythonJson('-c', [program], { framework: 'torch', cwd: folder }).map((line) =>
    scoresSchema.parse(line),
  );
}

const titles: Readonly<Record<string, string>> = {
  loss: 'loss',
  accuracy: 'accuracy',
  perplexity: 'perplexity',
  meanAbsoluteError: 'mean absolute error',
  rootMeanSquaredError: 'root mean squared error',
  persistenceMeanAbsoluteError: 'mean absolute error of persistence',
};

const split = { validation: 0.2, test: 0.2, method: 'random', seed: 7 } as const;
const all = { output: 'all steps' };

/** One of each task, and what changes how data are read: words, characters, cuts, several targets. */
function documents(): Record<string, ProjectDocument> {
  const text = chain('classification', ['embedding', ['bidirectional', { units: 8 }], 'dense']);
  const tags = chain('tagging', [
    'embedding',
    ['gru', { units: 8, ...all }],
    'time-distributed-dense',
  ]);
  const steps = chain('next-token', ['embedding', ['gru', all], 'time-distributed-dense']);
  const last = chain('next-token', ['embedding', ['gru', {}], 'dense']);
  const series = chain('forecast', [['lstm', { units: 8 }], 'dense']);
  if (text.data.task !== 'classification' || tags.data.task !== 'tagging') throw new Error('tasks');
  if (steps.data.task !== 'next-token' || series.data.task !== 'forecast') throw new Error('tasks');
  const source = { kind: 'file', path: 'text.txt' } as const;
  const characters = { ...steps.data, source, window: 9, stride: 4, limit: 900 };
  const words = { ...characters, tokenizer: { ...characters.tokenizer, unit: 'word' as const } };
  const wide = { horizon: 3, targetColumns: ['wind', 'temp_max'], window: 11 };
  return {
    'first words': { ...text, data: { ...text.data, maximumTimeSteps: 7 } },
    'last words': { ...text, data: { ...text.data, maximumTimeSteps: 7, truncate: 'start' } },
    tags: { ...tags, data: { ...tags.data, source: { kind: 'file', path: 'tags.csv' }, split } },
    'characters, each step': { ...steps, data: characters },
    'words, last step': { ...last, data: { ...words, limit: null, split } },
    'two targets': { ...series, data: { ...series.data, ...wide } },
    'scaled to 1': { ...series, data: { ...series.data, scaler: 'minmax', stride: 5 } },
  };
}

test('every task, on data/ as exported: scores of all three parts to 1e-5', async () => {
  const sentence = (i: number): string =>
    ['The', 'whale’s', 'ÉTÉ,', '"ship"', 'don’t', '日本', 'sank!']
      .slice(i % 4, 4 + (i % 3))
      .join(' ');
  await writeFile(
    join(root, 'text.txt'),
    Array.from({ length: 300 }, (_, i) => `${sentence(i)}\r\n${sentence(7 * i + 1)}.`).join('\t'),
  );
  const rows = Array.from({ length: 60 }, (_, i) => {
    const tokens = sentence(i)
      .split(' ')
      .map((token) => token.replaceAll('"', ''));
    return `"${tokens.join(' ')}","${tokens.map((token) => `T${token.length % 3}`).join(' ')}"`;
  });
  await writeFile(join(root, 'tags.csv'), ['text,tags', ...rows].join('\n'));
  for (const [name, document] of Object.entries(documents())) {
    const { folder, scores } = await exported(name, document);
    const theirs = theirScores(folder);
    expect(theirs).toHaveLength(3);
    scores.forEach((ours, part) => {
      for (const [score, value] of Object.entries(ours))
        if (value !== null)
          expect(
            Math.abs((theirs[part]?.[titles[score] ?? ''] ?? NaN) / value - 1),
            `${name}: ${score}`,
          ).toBeLessThan(1e-5);
    });
  }
});

const withTraining = (training: Partial<TrainingRecipe>): ProjectDocument => {
  const document = chain('classification', ['embedding', 'pool-over-time', 'dense']);
  return { ...document, training: { ...document.training, ...training } };
};

test('every schedule: the learning rate of each of 30 updates in 10 epochs', async () => {
  const losses = [3, 2, 2.5, 2.4, 1.9, 2, 2, 2, 2, 2];
  const schedules: ScheduleRecipe[] = [
    { kind: 'cosine', warmUpSteps: 0, finalFactor: 0 },
    { kind: 'cosine', warmUpSteps: 5, finalFactor: 0.1 },
    { kind: 'step', everyEpochs: 3, factor: 0.4 },
    { kind: 'plateau', patience: 0, factor: 0.5, minimumLearningRate: 0 },
    { kind: 'plateau', patience: 2, factor: 0.3, minimumLearningRate: 1e-4 },
  ];
  const epochs = losses.length;
  const updates = 3;
  for (const [i, schedule] of schedules.entries()) {
    const document = withTraining({ schedule, epochs, earlyStopping: null, batchSize: 1 });
    const { folder } = await exported(`schedule ${i}`, document);
    // Three rows a part, and updates that only note the rate.
    const program = `
import json, torch, data, train
losses = iter(${JSON.stringify(losses)})
data.Examples.__init__ = lambda self, part: setattr(self, "rows", [([2], 0)] * ${updates}) or setattr(self, "lengths", [1] * ${updates})
rates = []
def step(model, optimizer, batch):
    rates.append(optimizer.param_groups[0]["lr"])
    optimizer.step()
    return 1.0
model = train.build_model(True)
optimizer = train.build_optimizer(model)
score = lambda *_: {"loss": next(losses), "accuracy": 0.5}
train.fit(model, optimizer, torch.device("cpu"), step=step, score=score, report=lambda text: None)
print(json.dumps(rates))
`;
    const [rates] = pythonJson('-c', [program], { framework: 'torch', cwd: folder });
    let plateau: Plateau = { best: null, epochsWithoutGain: 0, reductions: 0 };
    const ours = losses.flatMap((loss, epoch) => {
      const rate = Array.from({ length: updates }, (_, update) =>
        learningRateAt(schedule, document.training.optimizer, {
          step: epoch * updates + update,
          totalSteps: epochs * updates,
          epoch,
          reductions: plateau.reductions,
        }),
      );
      if (schedule.kind === 'plateau') plateau = plateauAfter(plateau, schedule.patience, loss);
      return rate;
    });
    const theirs = z.array(z.number()).parse(rates);
    expect(theirs).toHaveLength(ours.length);
    ours.forEach((rate, at) =>
      expect(Math.abs((theirs[at] ?? NaN) - rate), `${schedule.kind} at ${at}`).toBeLessThan(1e-9),
    );
  }
});

test('training ends when patience does, with the best epoch’s weights or the last one’s', async () => {
  const scores = [
    { loss: 3, accuracy: 0.5 },
    { loss: 2, accuracy: 0.6 },
    { loss: 1.95, accuracy: 0.4 },
    { loss: 2.5, accuracy: 0.7 },
    { loss: 2.6, accuracy: 0.65 },
    { loss: 1, accuracy: 0.9 },
  ];
  const cases = [
    {
      stop: { monitor: 'loss', patience: 2, minimumChange: 0, restoreBest: true },
      epochs: 5,
      kept: 3,
    },
    {
      stop: { monitor: 'loss', patience: 2, minimumChange: 0.1, restoreBest: true },
      epochs: 4,
      kept: 2,
    },
    {
      stop: { monitor: 'metric', patience: 1, minimumChange: 0, restoreBest: true },
      epochs: 3,
      kept: 2,
    },
    {
      stop: { monitor: 'metric', patience: 2, minimumChange: 0, restoreBest: true },
      epochs: 6,
      kept: 6,
    },
    {
      stop: { monitor: 'loss', patience: 0, minimumChange: 0, restoreBest: false },
      epochs: 4,
      kept: 4,
    },
    { stop: null, epochs: 6, kept: 6 },
  ] as const;
  for (const [i, { stop, epochs, kept }] of cases.entries()) {
    const { folder } = await exported(
      `stop ${i}`,
      withTraining({ earlyStopping: stop, epochs: scores.length, batchSize: 100_000 }),
    );
    // One update an epoch, which adds 1 to a bias.
    const program = `
import torch, train
scores = iter(${JSON.stringify(scores)})
lines = []
def step(model, optimizer, batch):
    assert model.training
    with torch.no_grad():
        model.dense.bias += 1
    return 1.0
model = train.build_model(True)
before = model.dense.bias.clone()
optimizer = train.build_optimizer(model)
train.fit(model, optimizer, torch.device("cpu"), step=step, score=lambda *_: next(scores), report=lines.append)
print([len(lines), round(float((model.dense.bias - before).mean()))])
`;
    const [answer] = pythonJson('-c', [program], { framework: 'torch', cwd: folder });
    expect({ case: i, answer }).toEqual({ case: i, answer: [epochs, kept] });
  }
});

test('an epoch has every row once, in batches of similar lengths, and another order the next time', async () => {
  const { folder } = await exported('order', withTraining({ batchSize: 16, bucketing: true }));
  const program = `
import data
examples = data.Examples("train")
first = data.epoch_batches(examples, 16, 1, 1)
rows = [row for batch in first for row in batch]
assert sorted(rows) == list(range(len(examples)))
assert first == data.epoch_batches(examples, 16, 1, 1) != data.epoch_batches(examples, 16, 1, 2)
assert first != data.epoch_batches(examples, 16, 2, 1)
def cells(batches):
    return sum(len(batch) * max(examples.lengths[row] for row in batch) for batch in batches)
padded, real = cells(first), sum(examples.lengths)
assert padded < 1.1 * real, padded / real
`;
  const { status, stderr } = runPython('-c', [program], { framework: 'torch', cwd: folder });
  expect(status, stderr).toBe(0);
});
