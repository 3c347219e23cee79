import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { toWireError } from '#shared/errors';
import { deviceIds } from '#shared/ipc/devices';
import { listDevices, openDevice } from './index.js';

describe('devices', () => {
  test('every device is listed, best first, with exactly one chosen', async () => {
    const devices = await listDevices();
    expect(devices.map(({ id }) => id)).toEqual(deviceIds);
    expect(devices.filter(({ chosen }) => chosen)).toHaveLength(1);
    for (const device of devices) expect(device.reason).not.toBe('');
  });

  test.each(['cpu', 'wasm'] as const)('%s opens, computes and differentiates', async (id) => {
    const device = await openDevice(id);
    expect(device.id).toBe(id);
    const before = device.memory().tensors;
    const sum = tf.tidy(() => tf.sum(tf.tensor1d([1, 2, 3.5])));
    expect((await sum.data())[0]).toBe(6.5);
    sum.dispose();
    const point = tf.tensor1d([3, -1]);
    const gradient = tf.grad((x) => tf.sum(tf.square(x)))(point);
    expect(Array.from(await gradient.data())).toEqual([6, -2]);
    tf.dispose([point, gradient]);
    await device.check();
    expect(device.memory().tensors).toBe(before);
    await device.dispose();
  });

  test('a device that is not there is refused with its reason and those that are', async () => {
    const missing = (await listDevices()).find(({ available }) => !available);
    if (missing === undefined) throw new Error('every device is available on this machine');
    const refusal = await openDevice(missing.id).catch((error: unknown) => toWireError(error));
    expect(refusal).toMatchObject({
      code: 'device-unavailable',
      message: expect.stringContaining(missing.reason),
      hint: expect.stringMatching(/: .*wasm, .*cpu\./),
    });
  });
});
