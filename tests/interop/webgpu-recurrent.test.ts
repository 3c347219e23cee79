/** The fused WebGPU kernel (through SwiftShader) against the float64 reference, and what it costs. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { layers } from '../../src/main/engine/kernels/random-layers.js';
import { makeCase, runKernel, variants } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { CaseOptions } from '../../src/main/engine/kernels/recurrent-cases.js';
import { expectAgreement } from './agreement.js';
import { countGpuWork } from './gpu-counts.js';
import { useSoftwareGpu } from './software-gpu.js';

let device: Device;
beforeAll(async () => {
  useSoftwareGpu();
  device = await openDevice('webgpu');
});
afterAll(() => device.dispose());

async function agrees(options: CaseOptions): Promise<void> {
  await expectAgreement(device, device.recurrent, makeCase(options));
  await device.check();
}

const plain: CaseOptions = {
  variant: 'lstm',
  batch: 3,
  timeSteps: 4,
  features: 5,
  units: 6,
  reverse: false,
  lengths: null,
  bias: true,
  initialState: true,
  masks: true,
  upstream: { sequence: true, last: true, finalState: true },
  seed: 11,
};

describe('the fused kernel agrees with the reference to 1e-5 in outputs and every gradient', () => {
  test('random small layers; no tensor leaks', async () => {
    await fc.assert(
      fc.asyncProperty(layers, (options) => agrees(options)),
      { numRuns: 80 },
    );
  });

  const shapes: Record<string, Partial<CaseOptions>> = {
    'sizes beyond a tile in every direction': { batch: 17, timeSteps: 3, features: 33, units: 37 },
    'sizes that fill tiles exactly': { batch: 16, timeSteps: 2, features: 16, units: 32 },
    'rows that end before others, whole tiles of them': {
      batch: 27,
      units: 18,
      lengths: Array.from({ length: 27 }, (_, b) => (b * 7) % 5),
    },
    'four rows a thread, reverse with lengths': {
      batch: 225,
      timeSteps: 2,
      features: 3,
      units: 147,
      reverse: true,
      lengths: Array.from({ length: 225 }, (_, b) => (b * 7) % 3),
    },
    'no row has any step': { lengths: [0, 0, 0] },
    'more steps than the uniforms hold at first': { timeSteps: 300, units: 2, features: 1 },
  };
  test.each(
    variants.flatMap((variant) =>
      Object.entries(shapes).map(([name, shape]) => [variant, name, shape] as const),
    ),
  )('%s: %s', async (variant, _, shape) => {
    await agrees({ ...plain, ...shape, variant });
  });
});

test.each(variants)(
  '%s: what pooled buffers held before, even NaN, changes nothing',
  async (variant) => {
    const options = { ...plain, variant, lengths: [2, 0, 4], masks: false };
    const poisoned = makeCase(options);
    poisoned.inputs.input.fill(NaN);
    poisoned.inputs.initialState?.forEach((state) => state.fill(NaN));
    await runKernel(device.recurrent, poisoned);
    await agrees(options);
  },
);

/** One forward and backward with gradients for everything. */
async function trainOnce(options: CaseOptions): Promise<void> {
  await runKernel(device.recurrent, makeCase(options));
}

test('two time steps more cost two dispatches forward and two backward (four with GRU reset-before)', async () => {
  for (const variant of variants) {
    const dispatches: number[] = [];
    for (const timeSteps of [6, 8]) {
      const options = { ...plain, variant, timeSteps };
      await trainOnce(options);
      dispatches.push((await countGpuWork(() => trainOnce(options))).dispatches);
    }
    // runKernel runs the forward twice, with and without a tape.
    const perStep = variant === 'gru-before' ? 6 : 3;
    expect(dispatches[1]! - dispatches[0]!, variant).toBe(2 * perStep);
  }
});

test('steps that no row reaches are not dispatched', async () => {
  const count = async (lengths: number[]): Promise<number> => {
    const options = { ...plain, timeSteps: 9, lengths };
    await trainOnce(options);
    return (await countGpuWork(() => trainOnce(options))).dispatches;
  };
  expect(await count([9, 1, 2])).toBe((await count([3, 1, 2])) + 6 * 3);
});

test('GPU buffers are reused: ten training steps allocate no more than the first two', async () => {
  const allocated = (): unknown => Reflect.get(tf.memory(), 'numBytesAllocatedInGPU');
  const used = (): unknown => Reflect.get(tf.memory(), 'numBytesInGPU');
  for (let i = 0; i < 2; i++) await trainOnce(plain);
  await device.check();
  const before = { allocated: allocated(), used: used() };
  expect(before.allocated).toBeTypeOf('number');
  for (let i = 0; i < 10; i++) await trainOnce(plain);
  await device.check();
  expect({ allocated: allocated(), used: used() }).toEqual(before);
});
