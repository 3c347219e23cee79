import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IrProgram } from '#shared/ir/types';
import { compile, initialWeights } from '../compile/model.js';
import { ProgramBuilder } from '../compile/sample-programs.js';
import type { Batch } from '../data/types.js';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { judge, lossTargets } from '../train/loss.js';
import { Random } from '../train/random.js';
import { layerGradients, stepped } from './gradients.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('wasm');
});
afterAll(() => device.dispose());

const timeSteps = 4;
const units = 3;

function batchOf(lengths: number[] | null, scale = 1): Batch {
  const size = lengths?.length ?? 2;
  const random = new Random(3, 'batch');
  const values = Float32Array.from({ length: size * timeSteps * 2 }, () => scale * random.normal());
  return {
    size,
    timeSteps,
    input: { kind: 'features', values, features: 2 },
    lengths: lengths === null ? null : Int32Array.from(lengths),
    targets: { kind: 'class', ids: Int32Array.from({ length: size }, (_, row) => row % 2) },
  };
}

function lastState(
  cell: 'rnn' | 'lstm' | 'gru',
  { reverse = false, masked = false, size = units } = {},
): IrProgram {
  const b = new ProgramBuilder(masked);
  const { last } = b.recurrent(b.input('features', 2), 2, size, { cell, reverse });
  return b.program({
    kind: 'classify',
    task: 'classification',
    logits: b.dense(last, size, 2),
    perStep: false,
    loss: 'cross-entropy',
    outputs: 2,
  });
}

/** The loss when `offsets` are added to the layer's states. */
async function lossWith(
  program: IrProgram,
  weights: Float32Array,
  batch: Batch,
  offsets: tf.Tensor2D[],
): Promise<number> {
  const model = compile(
    program,
    { ...device, recurrent: stepped(device.recurrent, offsets) },
    weights,
  );
  const loss = tf.tidy(() => {
    const { logits } = model.forward(batch, null);
    return judge(device, program.head, logits, lossTargets(program.head, batch)).loss;
  });
  const [value = NaN] = await loss.data();
  loss.dispose();
  model.dispose();
  return value;
}

const zeros = (size: number): tf.Tensor2D[] =>
  Array.from({ length: timeSteps }, () => tf.zeros([size, units]));

describe.each(['rnn', 'lstm', 'gru'] as const)('‖∂L/∂h‖ of %s', (cell) => {
  test.each([
    { reverse: false, lengths: null },
    { reverse: true, lengths: [4, 2, 3] },
    { reverse: false, lengths: [4, 2, 3] },
  ])(
    'agrees with central differences of the loss to 1 % (reverse: $reverse, lengths: $lengths)',
    async ({ reverse, lengths }) => {
      const program = lastState(cell, { reverse, masked: lengths !== null });
      const weights = initialWeights(program, 5);
      const batch = batchOf(lengths);
      const model = compile(program, device, weights);
      const before = tf.memory().numTensors;
      const [layer] = await layerGradients(model, device, batch);
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();

      const step = 0.02;
      const difference = async (time: number, row: number, unit: number): Promise<number> => {
        const moved = async (by: number): Promise<number> => {
          const offsets = zeros(batch.size);
          const values = new Float32Array(batch.size * units);
          values[row * units + unit] = by;
          offsets[time] = tf.tensor2d(values, [batch.size, units]);
          const loss = await lossWith(program, weights, batch, offsets);
          tf.dispose(offsets);
          return loss;
        };
        return ((await moved(step)) - (await moved(-step))) / (2 * step);
      };
      const sums = new Map<number, number[]>();
      for (let row = 0; row < batch.size; row++) {
        const length = lengths?.[row] ?? timeSteps;
        for (let time = 0; time < length; time++) {
          const parts = await Promise.all([0, 1, 2].map((unit) => difference(time, row, unit)));
          const back = reverse ? time : length - 1 - time;
          sums.set(back, [...(sums.get(back) ?? []), Math.hypot(...parts)]);
        }
      }
      const expected = [...sums.entries()].sort(([a], [b]) => a - b);
      expect(layer?.norms.length).toBe(expected.length);
      for (const [back, norms] of expected) {
        const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
        expect(Math.abs((layer?.norms[back] ?? NaN) / mean - 1)).toBeLessThan(0.01);
      }
    },
  );

  test('one step at a time a layer computes what its kernel does, to 1e-6', async () => {
    const program = lastState(cell, { masked: true });
    const weights = initialWeights(program, 7);
    const batch = batchOf([4, 1, 3]);
    const model = compile(program, device, weights);
    const loss = tf.tidy(() => {
      const { logits } = model.forward(batch, null);
      return judge(device, program.head, logits, lossTargets(program.head, batch)).loss.dataSync();
    });
    const offsets = zeros(batch.size);
    expect(await lossWith(program, weights, batch, offsets)).toBeCloseTo(loss[0] ?? NaN, 6);
    tf.dispose(offsets);
    model.dispose();
  });
});

test('a recurrent weight of 0.5 halves the gradient with every step back, to 1e-5', async () => {
  const program = lastState('rnn', { size: 1 });
  const weights = initialWeights(program, 1);
  // With input and bias zero the state is zero, where tanh is the identity.
  const offsetOf = (name: string): number => {
    let offset = 0;
    for (const { id, shape } of program.parameters) {
      if (id === name) return offset;
      offset += shape.reduce((product, size) => product * size, 1);
    }
    throw new Error(`no parameter ${name}`);
  };
  const op = program.ops.find((one) => one.op === 'recurrent');
  if (op === undefined || op.bias === null) throw new Error('a layer with a bias');
  weights[offsetOf(op.recurrentKernel)] = 0.5;
  weights[offsetOf(op.bias)] = 0;
  const model = compile(program, device, weights);
  const [layer] = await layerGradients(model, device, batchOf(null, 0));
  model.dispose();
  const [last = NaN, ...earlier] = (layer?.norms ?? []).map((norm) => norm ?? NaN);
  earlier.forEach((norm, index) => expect(norm / last).toBeCloseTo(0.5 ** (index + 1), 5));
  expect(earlier.length).toBe(timeSteps - 1);
});
