import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openDevice } from '../devices/index.js';
import { evaluate, operations } from './operation-cases.js';
import { largestDifference } from './recurrent-cases.js';

describe('wasm agrees with cpu to 1e-5, forward and backward, and leaks nothing', () => {
  test.each(Object.entries(operations))('%s', async (_, operation) => {
    const expected = await evaluate(operation, await openDevice('cpu'));
    const device = await openDevice('wasm');
    const before = tf.memory().numTensors;
    const [difference, where] = largestDifference(await evaluate(operation, device), expected);
    expect(difference, where).toBeLessThan(1e-5);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(['cpu', 'wasm'] as const)('embedding gradient on %s', (id) => {
  test('a vocabulary of 50,000 words costs no more than its rows (under 2 s)', async () => {
    await openDevice(id);
    const ids = tf.tensor1d(Int32Array.from({ length: 512 }, (_, i) => (i * 97) % 50_000));
    const table = tf.ones([50_000, 16]);
    const start = performance.now();
    const gradient = tf.grad((x) => tf.sum(tf.gather(x, tf.cast(ids, 'int32'))))(table);
    const sum = tf.sum(gradient);
    expect((await sum.data())[0]).toBe(512 * 16);
    expect(performance.now() - start).toBeLessThan(2000);
    tf.dispose([ids, table, gradient, sum]);
  });

  test('ids outside the table are dropped', async () => {
    await openDevice(id);
    const sums = tf.tidy(() =>
      tf.unsortedSegmentSum(
        tf.tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        tf.tensor1d([1, -1, 7], 'int32'),
        3,
      ),
    );
    expect(Array.from(await sums.data())).toEqual([0, 0, 1, 2, 0, 0]);
    sums.dispose();
  });
});
