import { cpSync, renameSync, writeFileSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dataRecipeSchema } from '#shared/data/recipe';
import { documentVersion, emptyGraph, type ProjectDocument } from '#shared/graph/document';
import type { IrProgram } from '#shared/ir/types';
import type { BatchRecord, EpochRecord, RunEvent, RunSummary } from '#shared/run/events';
import { runEventSchema } from '#shared/run/events';
import { trainingRecipeSchema } from '#shared/training/recipe';
import type { TrainingRecipe } from '#shared/training/recipe';
import { classDataset, classifierProgram, ProgramBuilder } from '../compile/sample-programs.js';
import type { PreparedData } from '../data/types.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { newestCheckpoint } from './checkpoint.js';
import { RunControl } from './control.js';
import { Random } from './random.js';
import { runTraining } from './run.js';
import type { RunOptions } from './run.js';
import { loadWeights } from './weights.js';

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const vocabulary = 8;

/** Rows of 1 to 6 tokens; the class is whether token 2 is in the row. Learnable, and padded. */
function rows(count: number, stream: string): PreparedData['train'] {
  const data = tokenRows(count, stream);
  return classDataset(data, data.map(classOf));
}

function tokenRows(count: number, stream: string): number[][] {
  const random = new Random(3, stream);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.integer(6) }, () => 2 + random.integer(vocabulary - 2)),
  );
}

const classOf = (row: readonly number[]): number => (row.includes(2) ? 1 : 0);
const yes = tokenRows(50, 'train').filter((row) => classOf(row) === 1).length;

const recipe = {
  task: 'classification' as const,
  source: { kind: 'builtin' as const, id: 'made-for-this-test' },
  format: 'auto' as const,
  textColumn: 'text',
  labelColumn: 'label',
  tokenizer: { unit: 'word' as const, lowercase: true, vocabularyLimit: null, minimumCount: 1 },
  maximumTimeSteps: 6,
  duplicates: 'keep' as const,
  truncate: 'end' as const,
  split: { validation: 0.2, test: 0.2, method: 'random' as const, seed: 1 },
};

const data: PreparedData = {
  facts: {
    task: 'classification',
    input: { kind: 'tokens', vocabularySize: vocabulary, timeSteps: 6, padded: true },
    output: { size: 2, labels: ['no', 'yes'], counts: [50 - yes, yes] },
    examples: { train: 50, validation: 20, test: 20 },
    meanTimeSteps: 3.5,
  },
  preprocessing: {
    recipe,
    vocabulary: ['<pad>', '<unk>', 'a', 'b', 'c', 'd', 'e', 'f'],
    labels: ['no', 'yes'],
    scaler: null,
  },
  train: rows(50, 'train'),
  validation: rows(20, 'validation'),
  test: rows(20, 'test'),
  raw: { kind: 'rows', row: (_, i) => ({ text: 'a '.repeat(1 + (i % 5)), label: 'no' }) },
};

const documentWith = (training: TrainingRecipe): ProjectDocument => ({
  format: 'unroll-project',
  version: documentVersion,
  id: 'test',
  name: 'Test',
  description: '',
  graph: emptyGraph,
  data: recipe,
  training,
});

interface Outcome {
  events: RunEvent[];
  batches: BatchRecord[];
  epochs: EpochRecord[];
  summary: RunSummary | null;
}

/** Trains for real on the cpu; `at` may pause or stop by what it hears. */
async function run(
  training: Record<string, unknown>,
  options: Partial<RunOptions> = {},
  at: (event: RunEvent, control: RunControl) => void = () => {},
): Promise<Outcome> {
  const events: RunEvent[] = [];
  const control = new RunControl();
  const summary = await runTraining({
    folder,
    document: documentWith(
      trainingRecipeSchema.parse({
        epochs: 4,
        batchSize: 8,
        optimizer: { kind: 'adam', learningRate: 0.02 },
        ...training,
      }),
    ),
    seed: null,
    epochs: null,
    resume: null,
    control,
    emit: (event) => {
      events.push(event);
      at(event, control);
    },
    prepareData: async () => data,
    openDevice: async () => device,
    lower: () => classifierProgram(vocabulary, 2, 0.2),
    ...options,
  });
  return { events, summary, ...(await logged()) };
}

async function logged(): Promise<Pick<Outcome, 'batches' | 'epochs'>> {
  const text = await readFile(join(folder, 'log.jsonl'), 'utf8').catch(() => '');
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => runEventSchema.parse(JSON.parse(line)));
  return {
    batches: events.filter((event) => event.type === 'batch'),
    epochs: events.filter((event) => event.type === 'epoch'),
  };
}

/** All that must be the same in an uninterrupted and a resumed run: everything but the time. */
const curve = ({ batches, epochs }: Pick<Outcome, 'batches' | 'epochs'>) => ({
  batches: batches.map(({ step, epoch, batch, loss, accuracy, gradientNorm, learningRate }) => ({
    step,
    epoch,
    batch,
    loss,
    accuracy,
    gradientNorm,
    learningRate,
  })),
  epochs: epochs.map(({ epoch, step, train, validation, bestEpoch, epochsWithoutGain }) => ({
    epoch,
    step,
    train,
    validation,
    bestEpoch,
    epochsWithoutGain,
  })),
});

/** Data that calls `act` when it hands out the batch of a step (1-based, in this process). */
function atStep(step: number, act: () => void, from: PreparedData = data): Partial<RunOptions> {
  let handed = 0;
  const train = {
    ...from.train,
    batch: (indices: readonly number[]) => {
      if (++handed === step) act();
      return from.train.batch(indices);
    },
  };
  return { prepareData: async () => ({ ...from, train }) };
}

describe('a run', () => {
  test('learns: the training loss falls below 0.2, and the test part agrees', async () => {
    const { summary, epochs } = await run({ epochs: 40 });
    expect(epochs[0]?.train.loss).toBeGreaterThan(0.5);
    expect(summary?.train.loss).toBeLessThan(0.2);
    expect(summary?.test?.accuracy).toBeGreaterThan(0.85);
  });

  test('writes every batch into the log, sends at most 20 a second, and ends with done', async () => {
    const { events, batches, epochs } = await run({});
    expect(batches.map((b) => b.step)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
    expect(batches.map((b) => b.batch).slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 1]);
    expect(epochs.map((e) => e.step)).toEqual([7, 14, 21, 28]);
    const seconds = batches.at(-1)?.elapsed ?? 0;
    const sent = events.filter((event) => event.type === 'batch').length;
    expect(sent).toBeLessThanOrEqual(20 * seconds + 2);
    expect(events.map((event) => event.type).slice(0, 5)).toEqual([
      'preparing',
      'preparing',
      'preparing',
      'started',
      'checkpoint',
    ]);
    expect(events.at(-1)?.type).toBe('done');
  });

  test('the same seed gives the same curve to the last bit; another seed another one', async () => {
    const first = curve(await run({}));
    expect(curve(await run({}))).toEqual(first);
    expect(curve(await run({ seed: 43 }))).not.toEqual(first);
  });

  test('every example is trained on once an epoch, the last partial batch included', async () => {
    const seen: number[] = [];
    const train = {
      ...data.train,
      batch: (indices: readonly number[]) => {
        seen.push(...indices);
        return data.train.batch(indices);
      },
    };
    await run({ epochs: 2 }, { prepareData: async () => ({ ...data, train }) });
    const all = Array.from({ length: 50 }, (_, i) => i);
    expect(seen.slice(0, 50).sort((a, b) => a - b)).toEqual(all);
    expect(seen.slice(50).sort((a, b) => a - b)).toEqual(all);
    expect(seen.slice(0, 50)).not.toEqual(seen.slice(50));
  });

  test('no step leaves a tensor behind', async () => {
    const { epochs } = await run({ optimizer: { kind: 'adamw' }, clip: { norm: 1, value: 0.5 } });
    expect(new Set(epochs.map((e) => e.memory.tensors)).size).toBe(1);
    const before = tf.memory().numTensors;
    await run({});
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a pause is left out of the seconds, has a checkpoint, and goes on where it was', async () => {
    const straight = curve(await run({}));
    await rm(folder, { recursive: true });
    const began = performance.now();
    const { events, summary, ...paused } = await run({}, {}, (event, control) => {
      if (event.type === 'batch' && event.step === 1) control.pause();
      if (event.type === 'paused') setTimeout(() => control.continue(), 400);
    });
    expect(curve(paused)).toEqual(straight);
    expect(events.map((event) => event.type)).toContain('continued');
    const at = events.findIndex((event) => event.type === 'paused');
    const { step } = events.slice(0, at).findLast((event) => event.type === 'checkpoint') ?? {};
    expect(events[at]).toEqual({ type: 'paused', step });
    expect(summary?.seconds).toBeLessThan((performance.now() - began) / 1000 - 0.39);
  });
});

describe('early stopping', () => {
  test('ends after `patience` epochs without gain and tests the best epoch’s weights', async () => {
    const { summary, epochs } = await run({
      epochs: 200,
      optimizer: { kind: 'adam', learningRate: 0.1 },
      earlyStopping: { patience: 3 },
    });
    expect(summary?.reason).toBe('early-stopping');
    const losses = epochs.map((e) => e.validation?.loss ?? Infinity);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(summary?.bestEpoch).toBe(best);
    expect(summary?.epochs).toBe(best + 3);
    expect(summary?.validation?.loss).toBe(Math.min(...losses));
    const kept = await newestCheckpoint(folder);
    expect(await loadWeights(folder)).not.toEqual(kept.checkpoint?.weights);
  });

  test('can watch the accuracy instead of the loss', async () => {
    const { epochs } = await run({
      epochs: 12,
      earlyStopping: { monitor: 'metric', patience: 99 },
    });
    const accuracies = epochs.map((e) => e.validation?.accuracy ?? 0);
    expect(epochs.at(-1)?.bestEpoch).toBe(accuracies.indexOf(Math.max(...accuracies)) + 1);
  });
});

describe('resume', () => {
  const long = { epochs: 5, schedule: { kind: 'cosine', warmUpSteps: 4 } };

  test.each([3, 7, 12, 14, 30])(
    'stopped at step %i and resumed, the curve is that of an uninterrupted run to the last bit',
    async (step) => {
      const whole = await run(long);
      await rm(folder, { recursive: true });
      const control = new RunControl();
      const stopped = await run(long, { control, ...atStep(step, () => control.stop()) });
      expect(stopped.summary?.reason).toBe('stopped');
      expect(stopped.summary?.test).toBeNull();
      expect(stopped.batches.at(-1)?.step).toBe(step);
      const resumed = await run(long, { resume: 'same' });
      expect(resumed.events.find((event) => event.type === 'started')?.fromStep).toBe(step);
      expect(curve(resumed)).toEqual(curve(whole));
      expect(resumed.summary?.test).toEqual(whole.summary?.test);
      expect(resumed.summary?.train).toEqual(whole.summary?.train);
    },
  );

  const eachEpoch = { insideEpoch: Infinity, betweenEpochs: 0 };

  test.each([1, 5, 15, 22])(
    'killed while step %i is computed, the log is cut back to the checkpoint and the curve is the same',
    async (step) => {
      // What a kill leaves on the disk is what lies there in that moment.
      const killed = await mkdtemp(join(tmpdir(), 'unroll-killed-'));
      const whole = await run(long, {
        checkpointSeconds: eachEpoch,
        ...atStep(step, () => cpSync(folder, killed, { recursive: true })),
      });
      await appendFile(join(killed, 'log.jsonl'), '{"type":"batch","step":');
      const mine = folder;
      folder = killed;
      const resumed = await run(long, { resume: 'same' });
      expect(resumed.events.find((event) => event.type === 'started')?.fromStep).toBe(
        Math.floor((step - 1) / 7) * 7,
      );
      expect(curve(resumed)).toEqual(curve(whole));
      expect(resumed.summary?.test).toEqual(whole.summary?.test);
      await rm(mine, { recursive: true });
    },
  );

  test('a damaged checkpoint is skipped, with a warning, and the curve is still the same', async () => {
    const whole = await run(long);
    await rm(folder, { recursive: true });
    const control = new RunControl();
    await run(long, {
      control,
      checkpointSeconds: eachEpoch,
      ...atStep(17, () => control.stop()),
    });
    const weights = join(folder, 'checkpoints', '17', 'weights.bin');
    const bytes = await readFile(weights);
    bytes[10]! ^= 1;
    await writeFile(weights, bytes);
    const warnings: string[] = [];
    const resumed = await run(long, { resume: 'same', warn: (text) => warnings.push(text) });
    expect(warnings.join()).toContain('checkpoint 17');
    expect(resumed.events.find((event) => event.type === 'started')?.fromStep).toBe(14);
    expect(curve(resumed)).toEqual(curve(whole));
  });

  test('a finished run goes on when it is given more epochs', async () => {
    await run({ epochs: 2 });
    const more = await run({ epochs: 4 }, { resume: 'same' });
    expect(curve(more)).toEqual(curve(await run({ epochs: 4 })));
  });

  test('stopped early, it trains on when it is given more epochs, and waits its whole patience again', async () => {
    const early = {
      epochs: 200,
      optimizer: { kind: 'adam', learningRate: 0.1 },
      earlyStopping: { patience: 3 },
    };
    const first = await run(early);
    const ended = first.summary?.epochs ?? 0;
    expect(first.summary?.reason).toBe('early-stopping');
    expect((await run(early, { resume: 'same' })).summary?.epochs).toBe(ended);

    const killed = await mkdtemp(join(tmpdir(), 'unroll-killed-'));
    const more = { ...early, epochs: ended + 3 };
    const longer = await run(more, {
      resume: 'longer',
      checkpointSeconds: eachEpoch,
      ...atStep(2, () => cpSync(folder, killed, { recursive: true })),
    });
    expect(longer.epochs).toHaveLength(ended + 3);
    expect(longer.epochs[ended]?.epochsWithoutGain).toBeLessThanOrEqual(1);
    expect(longer.batches.slice(0, first.batches.length)).toEqual(first.batches);
    expect(longer.summary?.epochs).toBe(ended + 3);

    // A person's wish outlives a crash in the first new epoch.
    const mine = folder;
    folder = killed;
    expect(curve(await run(more, { resume: 'same' }))).toEqual(curve(longer));
    await rm(mine, { recursive: true });
  });

  test('without a whole checkpoint it is not trained longer, and its weights stay', async () => {
    await run({ epochs: 1 });
    const weights = await loadWeights(folder);
    for (const step of await readdir(join(folder, 'checkpoints')))
      await writeFile(join(folder, 'checkpoints', step, 'weights.bin'), '');
    const { events } = await run({ epochs: 2 }, { resume: 'longer' });
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'no-checkpoint' } });
    expect(await loadWeights(folder)).toEqual(weights);
  });

  test('a changed network is refused, and the checkpoint stays', async () => {
    await run({ epochs: 1 });
    const { events } = await run(
      { epochs: 2 },
      { resume: 'same', lower: () => classifierProgram(vocabulary + 1, 2) },
    );
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'checkpoint-mismatch' },
    });
    expect((await newestCheckpoint(folder)).checkpoint?.state.step).toBe(7);
  });

  test('keeps the two newest checkpoints, however often it saves, and no half-written one', async () => {
    await mkdir(join(folder, 'checkpoints', '3.tmp'), { recursive: true });
    await run({}, { checkpointSeconds: { insideEpoch: 0, betweenEpochs: 0 } });
    expect(await readdir(join(folder, 'checkpoints'))).toEqual(['27', '28']);
  });
});

describe('a branch', () => {
  const recipeOf = (training: Record<string, unknown>): TrainingRecipe =>
    trainingRecipeSchema.parse({
      epochs: 4,
      batchSize: 8,
      optimizer: { kind: 'adam', learningRate: 0.02 },
      ...training,
    });

  /** Trains on from the run in `folder` in a folder of its own, which becomes `folder`. */
  async function branch(
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    options: Partial<RunOptions> = {},
  ): Promise<Outcome> {
    const { checkpoint } = await newestCheckpoint(folder);
    const step = String(checkpoint?.state.step);
    const own = await mkdtemp(join(folder, 'branch-'));
    cpSync(join(folder, 'checkpoints', step), join(own, 'checkpoints', step), { recursive: true });
    folder = own;
    return run({ ...before, ...after }, { resume: { branchOf: recipeOf(before) }, ...options });
  }

  /** Of a run that was stopped at a step, and what the same run is without the stop. */
  async function stoppedAt(
    step: number,
    training: Record<string, unknown> = {},
  ): Promise<{ whole: Outcome; parent: string }> {
    const whole = await run(training);
    await rm(folder, { recursive: true });
    const control = new RunControl();
    await run(training, { control, ...atStep(step, () => control.stop()) });
    return { whole, parent: folder };
  }

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([10, 14])(
    'from step %i with nothing changed gives the losses of its parent’s own continuation, to the last bit',
    async (step) => {
      const training = { schedule: { kind: 'cosine', warmUpSteps: 4 } };
      const { whole, parent } = await stoppedAt(step, training);
      const files = async () =>
        Promise.all(
          ['log.jsonl', 'result.json', `checkpoints/${step}/state.json`].map((name) =>
            readFile(join(parent, name), 'utf8'),
          ),
        );
      const before = await files();
      const same = await branch(training, {});
      expect(same.batches[0]?.step).toBe(step + 1);
      expect(curve(same).batches).toEqual(curve(whole).batches.slice(step));
      expect(same.epochs.at(-1)?.validation).toEqual(whole.epochs.at(-1)?.validation);
      expect(same.summary?.test).toEqual(whole.summary?.test);
      expect(await files()).toEqual(before);
      folder = parent;
    },
  );

  test('with another learning rate parts from its parent at the first step, on the same batches', async () => {
    const { whole, parent } = await stoppedAt(10);
    const slower = await branch({}, { optimizer: { kind: 'adam', learningRate: 0.002 } });
    const [first, second] = slower.batches;
    // The first loss is that of the parent's weights.
    expect(first?.loss).toBe(whole.batches[10]?.loss);
    expect(first?.learningRate).toBe(0.002);
    expect(second?.loss).not.toBe(whole.batches[11]?.loss);
    folder = parent;
  });

  test('with another optimizer begins it anew: its first step is the first of that optimizer', async () => {
    const { parent } = await stoppedAt(10);
    const control = new RunControl();
    const changed = { optimizer: { kind: 'rmsprop', learningRate: 0.01 } };
    const first = await branch({}, changed, { control, ...atStep(3, () => control.stop()) });
    expect(first.batches.map(({ step }) => step)).toEqual([11, 12, 13]);
    const { checkpoint } = await newestCheckpoint(folder);
    expect(checkpoint?.state).toMatchObject({ optimizer: 'rmsprop', optimizerFrom: 10 });
    // Resumed it is the branch that it would have been.
    const resumed = curve(await run(changed, { resume: 'same' }));
    folder = parent;
    expect(curve(await branch({}, changed))).toEqual(resumed);
    folder = parent;
  });

  test('has another batch size from the end of an epoch on, and not inside one', async () => {
    const { parent } = await stoppedAt(14);
    const larger = await branch({}, { batchSize: 10 });
    expect(larger.batches.map(({ epoch, batch, batches }) => [epoch, batch, batches])).toEqual(
      [3, 4].flatMap((epoch) => [1, 2, 3, 4, 5].map((batch) => [epoch, batch, 5])),
    );
    expect(larger.batches[0]?.step).toBe(15);
    expect(larger.batches.at(-1)?.remaining).toBeLessThan(larger.batches[0]?.remaining ?? 0);
    folder = parent;
    await rm(parent, { recursive: true });
    await mkdir(parent);
    await stoppedAt(10);
    const { events } = await branch({}, { batchSize: 10 });
    expect(events.at(-1)).toMatchObject({ error: { code: 'batch-size-inside-epoch' } });
    folder = parent;
  });

  test('killed before it saved anything of its own, it is resumed as the branch that it is', async () => {
    const { parent } = await stoppedAt(10);
    const changed = { optimizer: { kind: 'sgd', learningRate: 0.01 } };
    const control = new RunControl();
    await branch({}, changed, { control, prepareData: () => Promise.reject(new Error('killed')) });
    const own = folder;
    const late = curve(await run(changed, { resume: { branchOf: recipeOf({}) } }));
    folder = parent;
    expect(curve(await branch({}, changed))).toEqual(late);
    expect(own).not.toBe(folder);
    folder = parent;
  });
});

describe('class weights', () => {
  const weights = [50 / (2 * (50 - yes)), 50 / (2 * yes)];
  const still = { epochs: 1, optimizer: { kind: 'sgd', learningRate: 1e-12 } };
  const noDropout = { lower: () => classifierProgram(vocabulary, 2, 0) };

  test('are in the run’s first event and its checkpoints, and only where they are set', async () => {
    const { events } = await run({ epochs: 1, classWeights: 'balanced' });
    expect(events.find((event) => event.type === 'started')).toMatchObject({
      classWeights: [
        { label: 'no', weight: weights[0] },
        { label: 'yes', weight: weights[1] },
      ],
    });
    const kept = await newestCheckpoint(folder);
    expect(kept.checkpoint?.state.classWeights).toEqual(weights);
    const off = await run({ epochs: 1 });
    expect(off.events.find((event) => event.type === 'started')).not.toHaveProperty('classWeights');
  });

  test('weigh the training loss and not the others', async () => {
    const off = await run(still, noDropout);
    const on = await run({ ...still, classWeights: 'balanced' }, noDropout);
    expect(on.summary?.test).toEqual(off.summary?.test);
    expect(on.epochs[0]?.validation?.loss).toBeCloseTo(off.epochs[0]?.validation?.loss ?? 0, 9);
    expect(on.epochs[0]?.train.accuracy).toBe(off.epochs[0]?.train.accuracy);
    // Both are means over the same rows: the loss of each class, by its share and by half.
    const part = async (label: number): Promise<number> => {
      const data50 = tokenRows(50, 'train').filter((row) => classOf(row) === label);
      const train = classDataset(data50, data50.map(classOf));
      const alone = await run(still, {
        ...noDropout,
        prepareData: async () => ({ ...data, train }),
      });
      return alone.epochs[0]?.train.loss ?? NaN;
    };
    const [no, positive] = [await part(0), await part(1)];
    expect(off.epochs[0]?.train.loss).toBeCloseTo((no * (50 - yes) + positive * yes) / 50, 5);
    expect(on.epochs[0]?.train.loss).toBeCloseTo((no + positive) / 2, 5);
  });

  test('stopped at step 10 and resumed, the curve is that of an uninterrupted run to the last bit', async () => {
    const whole = await run({ classWeights: 'balanced' });
    await rm(folder, { recursive: true });
    const control = new RunControl();
    await run({ classWeights: 'balanced' }, { control, ...atStep(10, () => control.stop()) });
    expect(curve(await run({ classWeights: 'balanced' }, { resume: 'same' }))).toEqual(
      curve(whole),
    );
  });

  test('of other data are refused: a run keeps the weights that it began with', async () => {
    await run({ epochs: 1, classWeights: 'balanced' });
    const { facts } = data;
    const changed = { ...facts, output: { ...facts.output, counts: [49 - yes, yes + 1] } };
    const { events } = await run(
      { epochs: 2, classWeights: 'balanced' },
      { resume: 'longer', prepareData: async () => ({ ...data, facts: changed }) },
    );
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'checkpoint-mismatch' },
    });
  });

  test('a branch inside an epoch switches them on: its epoch counts its own batches', async () => {
    const control = new RunControl();
    await run({ bucketing: false }, { control, ...atStep(10, () => control.stop()) });
    const branchOf = trainingRecipeSchema.parse({
      epochs: 4,
      batchSize: 8,
      optimizer: { kind: 'adam', learningRate: 0.02 },
      bucketing: false,
    });
    const { batches, epochs } = await run(
      { bucketing: false, classWeights: 'balanced' },
      { resume: { branchOf } },
    );
    const own = batches.filter(({ epoch }) => epoch === 2);
    expect(own.map(({ step }) => step)).toEqual([11, 12, 13, 14]);
    // The last batch of an epoch has 2 rows.
    const size = ({ batch }: BatchRecord): number => (batch === 7 ? 2 : 8);
    const sum = own.reduce((all, record) => all + (record.loss ?? NaN) * size(record), 0);
    expect(epochs[0]?.train.loss).toBeCloseTo(sum / (3 * 8 + 2), 6);
    const kept = await newestCheckpoint(folder);
    expect(kept.checkpoint?.state.classWeights).toEqual(weights);
    expect(kept.damaged).toEqual([]);
    // With another optimizer too, and off again.
    const next = { epochs: 6, bucketing: false, optimizer: { kind: 'sgd', learningRate: 0.01 } };
    const parent = { ...branchOf, classWeights: 'balanced' as const };
    await run(next, { resume: { branchOf: parent } });
    const last = await newestCheckpoint(folder);
    expect(last.damaged).toEqual([]);
    expect(last.checkpoint?.state).toMatchObject({ optimizer: 'sgd', optimizerFrom: 28 });
    expect(last.checkpoint?.state).not.toHaveProperty('classWeights');
  });
});

describe('what can go wrong', () => {
  const failure = ({ events }: Outcome) => {
    const last = events.at(-1);
    return last?.type === 'failed' ? last.error : null;
  };

  test('a loss that is not finite names step, gradient norm and what to do', async () => {
    const outcome = await run(
      { optimizer: { kind: 'sgd', learningRate: 90, momentum: 0.9 }, clip: { norm: null } },
      { prepareData: async () => forecastData, lower: () => linearProgram() },
    );
    expect(failure(outcome)?.code).toBe('loss-not-finite');
    expect(failure(outcome)?.message).toMatch(/step \d+ .* gradient norm .* learning rate 90/);
    expect(failure(outcome)?.hint).toContain('clip');
    expect(outcome.summary).toBeNull();
    const { checkpoint } = await newestCheckpoint(folder);
    expect(checkpoint?.weights.every(Number.isFinite) ?? true).toBe(true);
  });

  test('a full disk fails the run with disk-full and the path, although the log can’t tell', async () => {
    await symlink('/dev/full', join(folder, 'log.jsonl'));
    const events: RunEvent[] = [];
    await run({}, { emit: (event) => events.push(event) });
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'disk-full', place: { file: join(folder, 'log.jsonl') } },
    });
  });

  test('a folder that can’t be written fails the run and names it', async () => {
    await writeFile(join(folder, 'file'), '');
    const outcome = await run({}, { folder: join(folder, 'file', 'run') });
    expect(failure(outcome)?.code).toBe('folder-not-writable');
    expect(failure(outcome)?.message).toContain(join(folder, 'file', 'run'));
  });

  test('a checkpoint that can’t be written fails the run and leaves the earlier one whole', async () => {
    const checkpoints = join(folder, 'checkpoints');
    const outcome = await run(
      {},
      {
        checkpointSeconds: { insideEpoch: Infinity, betweenEpochs: 0 },
        ...atStep(9, () => {
          renameSync(checkpoints, join(folder, 'moved'));
          writeFileSync(checkpoints, '');
        }),
      },
    );
    expect(failure(outcome)?.code).toBe('folder-not-writable');
    await rm(checkpoints);
    await rename(join(folder, 'moved'), checkpoints);
    expect((await newestCheckpoint(folder)).checkpoint?.state.step).toBe(7);
    const before = tf.memory().numTensors;
    expect((await run({}, { resume: 'same' })).summary?.reason).toBe('completed');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a forecast', () => {
  test('reports errors in the target’s own units and compares with repeating the last value', async () => {
    const { summary, batches } = await run(
      { epochs: 1, optimizer: { kind: 'sgd', learningRate: 1e-12 } },
      { prepareData: async () => forecastData, lower: () => linearProgram() },
    );
    // x goes up by 1 scaled unit of 20 own units a row: the last value is always 20 behind.
    expect(summary?.test?.persistenceMeanAbsoluteError).toBeCloseTo(20, 5);
    expect(summary?.test?.accuracy).toBeNull();
    expect(summary?.test?.rootMeanSquaredError).toBeGreaterThanOrEqual(
      summary?.test?.meanAbsoluteError ?? Infinity,
    );
    expect(batches[0]?.meanAbsoluteError).toBeGreaterThan(0);
    expect(batches[0]?.accuracy).toBeNull();
  });
});

function linearProgram(): IrProgram {
  const b = new ProgramBuilder(false);
  const input = b.input('features', 1);
  const last = b.value(['B', 1]);
  b.emit({ op: 'last-step', node: 'last', input, output: last });
  return b.program({
    kind: 'regress',
    task: 'forecast',
    logits: b.dense(last, 1, 1),
    perStep: false,
    loss: 'mean-squared-error',
    outputs: 1,
  });
}

/** A ramp: windows of 3 rows, the next row is the target. */
const ramp = (size: number): PreparedData['train'] => ({
  size,
  lengths: new Int32Array(size).fill(3),
  batch: (indices) => ({
    size: indices.length,
    timeSteps: 3,
    input: {
      kind: 'features',
      values: Float32Array.from(indices.flatMap((i) => [i, i + 1, i + 2])),
      features: 1,
    },
    lengths: null,
    targets: {
      kind: 'values',
      values: Float32Array.from(indices, (i) => i + 3),
      persistence: Float32Array.from(indices, (i) => i + 2),
    },
  }),
  describe: (i) => ({ input: `${i} ${i + 1} ${i + 2}`, target: String(i + 3) }),
});

const forecastData: PreparedData = {
  facts: { ...data.facts, task: 'forecast', output: { size: 1, labels: null } },
  preprocessing: {
    recipe: dataRecipeSchema.parse({
      task: 'forecast',
      source: { kind: 'builtin', id: 'made-for-this-test' },
      inputColumns: ['x'],
      targetColumns: ['x'],
      window: 3,
      split: {},
    }),
    vocabulary: null,
    labels: null,
    scaler: { columns: [{ name: 'x', offset: 5, scale: 20 }] },
  },
  train: ramp(30),
  validation: ramp(10),
  test: ramp(10),
  raw: {
    kind: 'series',
    columns: [{ name: 'x', values: Float64Array.from({ length: 40 }, (_, i) => i) }],
    starts: { train: new Int32Array(30), validation: new Int32Array(10), test: new Int32Array(10) },
  },
};
