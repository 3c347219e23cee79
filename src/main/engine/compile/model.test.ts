import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IrHead, IrProgram } from '#shared/ir/types';
import type { Batch } from '../data/types.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { judge, lossTargets } from '../train/loss.js';
import { Random } from '../train/random.js';
import { compile, initialWeights } from './model.js';
import type { Model } from './model.js';
import { ProgramBuilder } from './sample-programs.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

const make = (program: IrProgram, seed: number): Model =>
  compile(program, device, initialWeights(program, seed));

const classify = (logits: string, classes: number): Omit<IrHead, 'node'> => ({
  kind: 'classify',
  task: 'classification',
  logits,
  perStep: false,
  loss: 'cross-entropy',
  outputs: classes,
});

/** Three rows of 4, 2 and 1 real steps, padded to `timeSteps` with `padding`. */
function featureBatch(features: number, timeSteps: number, padding: number): Batch {
  const random = new Random(5, 'batch');
  const lengths = Int32Array.from([4, 2, 1]);
  const values = new Float32Array(3 * timeSteps * features).fill(padding);
  lengths.forEach((length, row) => {
    for (let i = 0; i < length * features; i++)
      values[row * timeSteps * features + i] = random.normal();
  });
  return {
    size: 3,
    timeSteps,
    input: { kind: 'features', values, features },
    lengths,
    targets: { kind: 'class', ids: Int32Array.from([0, 1, 2]) },
  };
}

function tokenBatch(timeSteps: number, padding: number): Batch {
  const rows = [[2, 3, 4, 2], [5, 2], [3]];
  const ids = new Int32Array(3 * timeSteps).fill(padding);
  rows.forEach((row, i) => ids.set(row, i * timeSteps));
  return {
    size: 3,
    timeSteps,
    input: { kind: 'tokens', ids },
    lengths: Int32Array.from([4, 2, 1]),
    targets: { kind: 'class', ids: Int32Array.from([0, 1, 2]) },
  };
}

/** One small classifier for each op: [B,T,3] features in, 3 classes out. */
const pooled = (mode: 'mean' | 'max' | 'sum'): IrProgram => {
  const b = new ProgramBuilder(true);
  const hidden = b.dense(b.input('features', 3), 3, 4, { perStep: true, activation: 'tanh' });
  const output = b.value(['B', 4]);
  b.emit({ op: 'pool-over-time', node: 'pool', mode, input: hidden, output });
  return b.program(classify(b.dense(output, 4, 3), 3));
};

const recurrentProgram = (cell: 'rnn' | 'lstm' | 'gru', reverse: boolean): IrProgram => {
  const b = new ProgramBuilder(true);
  const { last } = b.recurrent(b.input('features', 3), 3, 4, { cell, reverse });
  return b.program(classify(b.dense(last, 4, 3), 3));
};

const bidirectional = (mode: 'concat' | 'sum' | 'mul' | 'average'): IrProgram => {
  const b = new ProgramBuilder(true);
  const input = b.input('features', 3);
  const forward = b.recurrent(input, 3, 2).sequence;
  const backward = b.recurrent(input, 3, 2, { reverse: true }).sequence;
  const width = mode === 'concat' ? 4 : 2;
  const merged = b.value(['B', 'T', width]);
  b.emit({ op: 'merge', node: 'merge', mode, forward, backward, output: merged });
  const last = b.value(['B', width]);
  b.emit({ op: 'last-step', node: 'last', input: merged, output: last });
  return b.program(classify(b.dense(last, width, 3), 3));
};

/** An encoder's final state starts a second layer; its outputs are concatenated and added. */
const stateful = (): IrProgram => {
  const b = new ProgramBuilder(true);
  const input = b.input('features', 3);
  const first = b.recurrent(input, 3, 3);
  const second = b.recurrent(first.sequence, 3, 3, { initialState: first.finalState });
  const sum = b.value(['B', 3]);
  b.emit({ op: 'add', node: 'add', inputs: [first.last, second.last], output: sum });
  const both = b.value(['B', 6]);
  b.emit({ op: 'concat', node: 'concat', inputs: [sum, second.last], output: both });
  return b.program(classify(b.dense(both, 6, 3), 3));
};

const normalised = (): IrProgram => {
  const b = new ProgramBuilder(true);
  const hidden = b.dense(b.input('features', 3), 3, 4, { perStep: true, activation: 'gelu' });
  const normal = b.value(['B', 'T', 4]);
  b.emit({
    op: 'layer-norm',
    node: 'norm',
    input: hidden,
    gamma: b.parameter([4], { kind: 'ones' }),
    beta: b.parameter([4], { kind: 'zeros' }),
    epsilon: 1e-3,
    output: normal,
  });
  const last = b.value(['B', 4]);
  b.emit({ op: 'last-step', node: 'last', input: normal, output: last });
  return b.program(classify(b.dense(last, 4, 3), 3));
};

type Query = 'none' | 'vector' | 'sequence';
const attentive = (score: 'additive' | 'dot', query: Query): IrProgram => {
  const b = new ProgramBuilder(true);
  const { sequence, last } = b.recurrent(b.input('features', 3), 3, 4);
  const output = b.value(query === 'sequence' ? ['B', 'T', 4] : ['B', 4]);
  const additive = score === 'additive';
  b.emit({
    op: 'attention',
    node: 'attention',
    score,
    scaled: !additive,
    query: query === 'none' ? null : query === 'vector' ? last : sequence,
    memory: sequence,
    queryKernel: additive && query !== 'none' ? b.parameter([4, 5]) : null,
    memoryKernel: additive ? b.parameter([4, 5]) : null,
    bias: additive ? b.parameter([5]) : null,
    vector: additive ? b.parameter([5]) : query === 'none' ? b.parameter([4]) : null,
    output,
    weights: b.value(['B', 'T']),
  });
  if (query !== 'sequence') return b.program(classify(b.dense(output, 4, 3), 3));
  const pooledOutput = b.value(['B', 4]);
  b.emit({ op: 'pool-over-time', node: 'p', mode: 'mean', input: output, output: pooledOutput });
  return b.program(classify(b.dense(pooledOutput, 4, 3), 3));
};

const embedded = (): IrProgram => {
  const b = new ProgramBuilder(true);
  const { last } = b.recurrent(b.embedding(b.input('tokens'), 6, 3), 3, 4, { cell: 'gru' });
  return b.program(classify(b.dense(last, 4, 3), 3));
};

const programs: [string, () => IrProgram][] = [
  ['embedding', embedded],
  ['mean pooling', () => pooled('mean')],
  ['max pooling', () => pooled('max')],
  ['sum pooling', () => pooled('sum')],
  ['simple rnn', () => recurrentProgram('rnn', false)],
  ['lstm', () => recurrentProgram('lstm', false)],
  ['gru, reversed', () => recurrentProgram('gru', true)],
  ['bidirectional, concat', () => bidirectional('concat')],
  ['bidirectional, sum', () => bidirectional('sum')],
  ['bidirectional, mul', () => bidirectional('mul')],
  ['bidirectional, average', () => bidirectional('average')],
  ['initial state, add, concat', stateful],
  ['layer norm, gelu', normalised],
  ['additive attention pooling', () => attentive('additive', 'none')],
  ['dot attention pooling', () => attentive('dot', 'none')],
  ['additive attention, vector query', () => attentive('additive', 'vector')],
  ['dot attention, vector query', () => attentive('dot', 'vector')],
  ['additive attention, sequence query', () => attentive('additive', 'sequence')],
  ['dot attention, sequence query', () => attentive('dot', 'sequence')],
];

const batchFor = (program: IrProgram, timeSteps = 4, padding = 0): Batch =>
  program.ops.some((op) => op.op === 'embedding')
    ? tokenBatch(timeSteps, padding)
    : featureBatch(3, timeSteps, padding);

function lossTensor(model: Model, batch: Batch): tf.Scalar {
  const { head } = model.program;
  return judge(device, head, model.forward(batch, null).logits, lossTargets(head, batch)).loss;
}

async function lossOf(model: Model, batch: Batch): Promise<number> {
  const loss = tf.tidy(() => lossTensor(model, batch));
  const [value = NaN] = await loss.data();
  loss.dispose();
  return value;
}

/** The loss and its gradient as one flat vector. */
async function gradientOf(model: Model, batch: Batch): Promise<Float32Array> {
  const { value, grads } = tf.variableGrads(
    () => lossTensor(model, batch),
    model.parameters.map((p) => p.variable),
  );
  const flat = new Float32Array(model.parameterCount);
  for (const { variable, offset } of model.parameters) {
    const gradient = grads[variable.name];
    if (gradient !== undefined) flat.set(await gradient.data(), offset);
  }
  tf.dispose([value, grads]);
  return flat;
}

describe('compile', () => {
  test.each(programs)(
    '%s: the gradient of a whole model agrees with finite differences to 1 %',
    async (_name, build) => {
      const program = build();
      const batch = batchFor(program);
      const model = make(program, 1);
      const gradient = await gradientOf(model, batch);
      const weights = await model.read();
      // Float32 leaves a step of 1e-2 with central differences about three digits.
      const step = 1e-2;
      let largest = 0;
      let worst = 0;
      for (let i = 0; i < weights.length; i++) {
        const moved = weights.slice();
        moved[i]! += step;
        model.write(moved);
        const above = await lossOf(model, batch);
        moved[i]! -= 2 * step;
        model.write(moved);
        const below = await lossOf(model, batch);
        worst = Math.max(worst, Math.abs((above - below) / (2 * step) - gradient[i]!));
        largest = Math.max(largest, Math.abs(gradient[i]!));
      }
      model.dispose();
      expect(largest).toBeGreaterThan(1e-3);
      expect(worst / largest).toBeLessThan(1e-2);
    },
  );

  test.each(programs)(
    '%s: loss and gradient do not depend on the padding, its length or its content (1e-6)',
    async (_name, build) => {
      const program = build();
      const model = make(program, 2);
      const short = batchFor(program, 4, 0);
      const long = batchFor(program, 7, program.parameters[0]?.shape[0] === 6 ? 1 : 3);
      expect(await lossOf(model, long)).toBeCloseTo(await lossOf(model, short), 6);
      const [a, b] = [await gradientOf(model, short), await gradientOf(model, long)];
      a.forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThan(1e-6));
      model.dispose();
    },
  );

  test.each(programs)('%s: a row without any step gives finite numbers', async (_name, build) => {
    const program = build();
    const model = make(program, 3);
    const batch = { ...batchFor(program), lengths: Int32Array.from([4, 0, 1]) };
    expect(await lossOf(model, batch)).toBeLessThan(100);
    expect((await gradientOf(model, batch)).every(Number.isFinite)).toBe(true);
    model.dispose();
  });

  test('attention weights sum to 1 over the real steps and are 0 at padding', async () => {
    const program = attentive('additive', 'none');
    const model = make(program, 4);
    const weights = tf.tidy(() => {
      const [attention] = model.forward(featureBatch(3, 5, 9), null).attention;
      if (attention === undefined) throw new Error('no attention');
      return attention.weights.clone();
    });
    const values = await weights.data();
    weights.dispose();
    model.dispose();
    expect(values.length).toBe(15);
    [4, 2, 1].forEach((length, row) => {
      const own = Array.from(values.slice(row * 5, row * 5 + 5));
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      expect(own.slice(length).every((w) => w === 0)).toBe(true);
    });
  });

  test('dropout scales what it keeps by 1/(1−rate), and the same random numbers drop the same', async () => {
    const b = new ProgramBuilder(false);
    const input = b.input('features', 50);
    const dropped = b.value(['B', 'T', 50]);
    b.emit({ op: 'dropout', node: 'dropout', rate: 0.4, input, output: dropped });
    const last = b.value(['B', 50]);
    b.emit({ op: 'last-step', node: 'last', input: dropped, output: last });
    b.parameter([1]);
    const model = make(b.program(classify(last, 50)), 1);
    const ones: Batch = {
      size: 40,
      timeSteps: 1,
      input: { kind: 'features', values: new Float32Array(2000).fill(1), features: 50 },
      lengths: null,
      targets: { kind: 'class', ids: new Int32Array(40) },
    };
    const run = (random: Random | null): Float32Array =>
      tf.tidy(() => Float32Array.from(model.forward(ones, random).logits.dataSync()));
    const kept = run(new Random(1, 'dropout', 1));
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.6)]));
    expect(kept.filter((x) => x > 0).length / 2000).toBeCloseTo(0.6, 1);
    expect(run(new Random(1, 'dropout', 1))).toEqual(kept);
    expect(run(new Random(1, 'dropout', 2))).not.toEqual(kept);
    expect(run(null).every((x) => x === 1)).toBe(true);
    model.dispose();
  });

  test('two models of one program live side by side, and dispose of all they made', () => {
    const before = tf.memory().numTensors;
    const first = make(embedded(), 1);
    const second = make(embedded(), 1);
    tf.tidy(() => void first.forward(tokenBatch(4, 0), null));
    first.dispose();
    tf.tidy(() => void second.forward(tokenBatch(4, 0), null));
    second.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
