import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../devices/index.js';
import type { Device } from '../../devices/types.js';
import {
  largestDifference,
  makeCase,
  randomArray,
  runKernel,
  runReference,
  variants,
} from '../recurrent-cases.js';
import type { CaseOptions } from '../recurrent-cases.js';
import type { Block } from './arena.js';
import { wasmRecurrent } from './recurrent.js';
import { openKernelRuntime } from './runtime.js';
import type { KernelRuntime } from './runtime.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('wasm');
});
afterAll(() => device.dispose());

async function open(threads: number): Promise<KernelRuntime> {
  const runtime = await openKernelRuntime(threads);
  if (runtime === null) throw new Error('this machine has no WebAssembly SIMD');
  return runtime;
}

const large: CaseOptions = {
  variant: 'lstm',
  batch: 29,
  timeSteps: 11,
  features: 37,
  units: 66,
  reverse: false,
  lengths: Array.from({ length: 29 }, (_, b) => (b * 7) % 12),
  bias: true,
  initialState: true,
  masks: true,
  upstream: { sequence: true, last: true, finalState: true },
  seed: 11,
};

/** Weights small enough that rounding doesn't grow chaotically over the steps. */
function largeCase(variant: CaseOptions['variant'], options: Partial<CaseOptions> = {}) {
  const one = makeCase({ ...large, variant, ...options });
  const shrink = (values: Float64Array): Float64Array =>
    values.map((value) => Math.fround(value / 8));
  one.inputs.kernel = shrink(one.inputs.kernel);
  one.inputs.recurrentKernel = shrink(one.inputs.recurrentKernel);
  return one;
}

describe.each(variants)('%s', (variant) => {
  test('several panels, unequal lengths, both directions agree with the reference to 1e-5', async () => {
    for (const reverse of [false, true]) {
      const one = largeCase(variant, { reverse });
      const actual = await runKernel(device.recurrent, one);
      const [difference, where] = largestDifference(actual, runReference(one), 0.1);
      expect(difference, where).toBeLessThan(1e-5);
    }
  });

  test('what the memory held before doesn’t show: NaN everywhere, 1e-5 of the reference', async () => {
    const runtime = await open(1);
    const kernel = wasmRecurrent(runtime);
    const block = runtime.arena.allocate(2 ** 22);
    runtime.arena.release(block);
    for (const batch of [1, 3, 9]) {
      for (const lengths of [null, Array.from({ length: batch }, (_, b) => (b * 3 + 2) % 6)]) {
        for (const masks of [false, true]) {
          new Float32Array(runtime.memory.buffer, block.at, 2 ** 20).fill(NaN);
          const one = makeCase({
            ...large,
            ...{ variant, batch, timeSteps: 5, features: 5, units: 7, lengths, masks },
          });
          const actual = await runKernel(kernel, one);
          const [difference, where] = largestDifference(actual, runReference(one), 0.1);
          expect(difference, where).toBeLessThan(1e-5);
        }
      }
    }
    await runtime.dispose();
  });

  test('rows that end at any step, in tiles of 4 and 6: 1e-5 of the reference, on what NaN left behind', async () => {
    const runtime = await open(2);
    const kernel = wasmRecurrent(runtime);
    const block = runtime.arena.allocate(2 ** 22);
    runtime.arena.release(block);
    const random = randomArray(5);
    for (const batch of [2, 4, 5, 13, 21]) {
      const lengths = Array.from(random(batch), (value) => Math.floor((value + 1) * 5));
      // One without a step, and one that outlasts its panel.
      lengths.splice(0, 2, 0, 16);
      const masks = batch % 2 === 0;
      const one = largeCase(variant, { batch, timeSteps: 16, lengths, masks, reverse: batch > 9 });
      const expected = runReference(one);
      for (const tileRows of [4, 6] as const) {
        runtime.tileRows = tileRows;
        new Float32Array(runtime.memory.buffer, block.at, 2 ** 20).fill(NaN);
        const [difference, where] = largestDifference(await runKernel(kernel, one), expected, 0.1);
        expect(difference, `${where}, batch ${batch}, tiles of ${tileRows}`).toBeLessThan(1e-5);
      }
    }
    await runtime.dispose();
  });

  test('one, two and three threads give the same bits', async () => {
    const unequal = Array.from({ length: 29 }, (_, b) => Math.floor(40 / (1 + (b % 9))));
    for (const lengths of [null, unequal]) {
      const one = largeCase(variant, { timeSteps: 40, lengths });
      const results = [];
      for (const threads of [1, 2, 3]) {
        const runtime = await open(threads);
        expect(runtime.team.size).toBe(threads);
        results.push(await runKernel(wasmRecurrent(runtime), one));
        await runtime.dispose();
      }
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }
  });
});

test('the kernels’ memory is given back after each gradient, but for a bounded cache of weights', async () => {
  const runtime = await open(1);
  const kernel = wasmRecurrent(runtime);
  const used: number[] = [];
  // Every turn has new tensors, and runs forward without a gradient too.
  for (let i = 0; i < 40; i++) {
    await runKernel(kernel, largeCase('lstm', { timeSteps: 3, lengths: null }));
    used.push(runtime.arena.used);
  }
  expect(used.at(-1)).toBe(used[20]);
  expect(used[20]).toBeLessThan(4 * 2 ** 20);
  await runtime.dispose();
});

test('a backward finds its memory, and a layer that finds none is computed by another kernel', async () => {
  const runtime = await open(2);
  const kernel = wasmRecurrent(runtime);
  const { used } = runtime.arena;
  const one = largeCase('gru-after', { lengths: null });
  const expected = runReference(one);
  const taken: Block[] = [];
  const fill = (): void => {
    for (let bytes = 2 ** 30; bytes >= 64;) {
      try {
        taken.push(runtime.arena.allocate(bytes));
      } catch {
        bytes /= 2;
      }
    }
  };
  const filling: typeof kernel = (...call) => {
    const outputs = kernel(...call);
    fill();
    return outputs;
  };
  // The second run finds the memory full from the start.
  for (const run of [filling, kernel]) {
    const [difference, where] = largestDifference(await runKernel(run, one), expected, 0.1);
    expect(difference, where).toBeLessThan(1e-5);
  }
  taken.forEach((block) => runtime.arena.release(block));
  expect(runtime.arena.used).toBe(used);
  await runtime.dispose();
});

test('weights that were replaced or trained in between are not taken for those packed before', async () => {
  const runtime = await open(1);
  const kernel = wasmRecurrent(runtime);
  const [x, w] = [tf.ones<tf.Rank.R3>([1, 1, 2]), tf.variable(tf.ones<tf.Rank.R2>([2, 3]))];
  const u = tf.variable(tf.zeros<tf.Rank.R2>([3, 3]));
  const predict = (): Float32Array | Int32Array | Uint8Array =>
    tf.tidy(() =>
      kernel(
        { cell: 'rnn', activation: 'relu', resetAfter: false, units: 3, reverse: false },
        {
          input: x,
          lengths: null,
          kernel: tf.reshape(w, [2, 3]),
          recurrentKernel: tf.reshape(u, [3, 3]),
          bias: null,
          initialState: null,
          inputMask: null,
          recurrentMask: null,
        },
        { sequence: false },
      ).last.dataSync(),
    );
  expect(predict()).toEqual(new Float32Array([2, 2, 2]));
  expect(predict()).toEqual(new Float32Array([2, 2, 2]));
  w.assign(tf.fill([2, 3], 3));
  expect(predict()).toEqual(new Float32Array([6, 6, 6]));
  tf.dispose([x, w, u]);
  await runtime.dispose();
});

test('one to four rows give the bits that they give among others', async () => {
  const kernel = device.recurrent;
  const options = { batch: 9, lengths: null, masks: false, initialState: false } as const;
  for (const variant of variants) {
    const many = largeCase(variant, options);
    const all = (await runKernel(kernel, many))['sequence']!;
    for (const batch of [1, 2, 4]) {
      const few = largeCase(variant, { ...options, batch });
      few.inputs = { ...many.inputs, batch, input: many.inputs.input.slice(0, batch * 11 * 37) };
      const some = (await runKernel(kernel, few))['sequence']!;
      expect(Array.from(some)).toEqual(Array.from(all).slice(0, some.length));
    }
  }
});

test('a diverged state stays NaN, so that training can notice', async () => {
  const one = largeCase('lstm', {
    lengths: null,
    upstream: { sequence: true, last: false, finalState: false },
  });
  one.inputs.input[3 * large.features] = NaN;
  const { sequence } = await runKernel(device.recurrent, one);
  expect(Array.from(sequence!).some((value) => Number.isNaN(value))).toBe(true);
});
