/** What layers, losses and optimizers are made of, on webgpu (through SwiftShader) against cpu. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { evaluate, operations } from '../../src/main/engine/kernels/operation-cases.js';
import { largestDifference } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Results } from '../../src/main/engine/kernels/recurrent-cases.js';
import { useSoftwareGpu } from './software-gpu.js';

describe('webgpu', () => {
  const expected: Record<string, Results> = {};
  let device: Device;

  beforeAll(async () => {
    useSoftwareGpu();
    const cpu = await openDevice('cpu');
    for (const [name, operation] of Object.entries(operations)) {
      expected[name] = await evaluate(operation, cpu);
    }
    device = await openDevice('webgpu');
  });

  test.each(Object.entries(operations))(
    'agrees with cpu to 1e-4, forward and backward, and leaks nothing: %s',
    async (name, operation) => {
      const before = tf.memory().numTensors;
      const [difference, where] = largestDifference(
        await evaluate(operation, device),
        expected[name]!,
      );
      expect(difference, where).toBeLessThan(1e-4);
      expect(tf.memory().numTensors).toBe(before);
      await device.check();
    },
  );

  test.each(['int32', 'bool'] as const)(
    'casting %s to float32 converts the numbers that were computed on the GPU',
    async (dtype) => {
      const floats = tf.tidy(() =>
        tf.cast(tf.cast(tf.greater(tf.range(0, 3000), 999), dtype), 'float32'),
      );
      const values = await floats.data();
      expect(values).toBeInstanceOf(Float32Array);
      expect(Array.from(values.slice(998, 1002))).toEqual([0, 0, 1, 1]);
      floats.dispose();
    },
  );

  test('a GPU error that nobody caught is raised by the next check, once', async () => {
    const gpu: unknown = Reflect.get(tf.backend(), 'device');
    if (!(gpu instanceof GPUDevice)) throw new Error('the backend has no GPU device');
    gpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
    await expect(device.check()).rejects.toMatchObject({ code: 'device-error' });
    await device.check();
  });

  test('is never chosen by auto where it is only a software renderer, and says so', async () => {
    expect(device.name).toMatch(/^WebGPU · .*SwiftShader/);
    const auto = await openDevice('auto');
    expect(auto.id).not.toBe('webgpu');
    await device.dispose();
  });
});
