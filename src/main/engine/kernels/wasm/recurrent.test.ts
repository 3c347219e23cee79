import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../devices/index.js';
import type { Device } from '../../devices/types.js';
import {
  largestDifference,
  makeCase,
  runKernel,
  runReference,
  variants,
} from '../recurrent-cases.js';
import type { CaseOptions, RecurrentCase } from '../recurrent-cases.js';
import type { RecurrentKernel } from '../recurrent.js';
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

  test('one, two and three threads give the same bits', async () => {
    const one = largeCase(variant, { timeSteps: 40, lengths: null });
    const results = [];
    for (const threads of [1, 2, 3]) {
      const runtime = await open(threads);
      expect(runtime.team.size).toBe(threads);
      results.push(await runKernel(wasmRecurrent(runtime), one));
      await runtime.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });
});

describe('the kernels’ memory', () => {
  const used = async (use: (kernel: RecurrentKernel) => Promise<void>): Promise<number> => {
    const runtime = await open(1);
    await use(wasmRecurrent(runtime));
    const bytes = runtime.arena.used;
    await runtime.dispose();
    return bytes;
  };
  const inferOnce = (kernel: RecurrentKernel, { attributes, inputs }: RecurrentCase): void => {
    const { batch, timeSteps, features } = inputs;
    tf.tidy(() => {
      kernel(
        attributes,
        {
          input: tf.tensor3d(Float32Array.from(inputs.input), [batch, timeSteps, features]),
          lengths: null,
          kernel: tf.tensor2d(Float32Array.from(inputs.kernel), [features, 4 * attributes.units]),
          recurrentKernel: tf.tensor2d(Float32Array.from(inputs.recurrentKernel), [
            attributes.units,
            4 * attributes.units,
          ]),
          bias: null,
          initialState: null,
          inputMask: null,
          recurrentMask: null,
        },
        { sequence: true },
      );
    });
  };

  test('is all given back after a gradient, and at once where none can follow', async () => {
    const bytes = await used(async (kernel) => {
      inferOnce(kernel, largeCase('lstm'));
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...variants), async (variant) => {
          // runKernel also runs forward alone.
          await runKernel(kernel, largeCase(variant));
        }),
        { numRuns: 5 },
      );
    });
    expect(bytes).toBe(0);
  });
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
