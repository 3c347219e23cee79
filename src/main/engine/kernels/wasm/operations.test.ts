import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../devices/index.js';
import type { Device } from '../../devices/types.js';
import { randomArray } from '../recurrent-cases.js';
import { registerWasmOperations } from './operations.js';
import { openKernelRuntime } from './runtime.js';
import type { KernelRuntime } from './runtime.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('wasm');
});
afterAll(() => device.dispose());

/** Runs `use` with kernels on so many threads, and gives the runtime back. */
async function onThreads<T>(threads: number, use: (runtime: KernelRuntime) => T): Promise<T> {
  const runtime = await openKernelRuntime(threads);
  if (runtime === null) throw new Error('this machine has no WebAssembly SIMD');
  const restore = registerWasmOperations(runtime);
  try {
    return use(runtime);
  } finally {
    restore();
    await runtime.dispose();
  }
}

describe('matMul', () => {
  /** Batches of a and of b, rows, depth, columns. */
  type Size = [number, number, number, number, number];
  const sizes: Size[] = [
    [1, 1, 5, 3, 7],
    [1, 1, 33, 300, 17],
    [3, 3, 9, 5, 6],
    [1, 4, 11, 7, 13],
    [4, 1, 11, 7, 13],
    [1, 1, 1, 9, 4],
    [1, 1, 130, 520, 250],
    [1, 1, 37, 257, 600],
    [2, 2, 150, 70, 241],
  ];
  const turns = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

  function product([as, bs, rows, depth, columns]: Size, transposeA: boolean, transposeB: boolean) {
    const random = randomArray(rows + depth);
    const left = Float32Array.from(random(as * rows * depth));
    const right = Float32Array.from(random(bs * depth * columns));
    const actual = tf.tidy(() =>
      tf
        .matMul(
          tf.tensor3d(left, transposeA ? [as, depth, rows] : [as, rows, depth]),
          tf.tensor3d(right, transposeB ? [bs, columns, depth] : [bs, depth, columns]),
          transposeA,
          transposeB,
        )
        .dataSync(),
    );
    return { left, right, actual };
  }

  test.each(sizes)(
    'of %i × %i batches, %i rows, depth %i, %i columns agrees with float64 to 1e-6 of Σ|a·b|, transposed or not',
    (...size) => {
      const [as, bs, rows, depth, columns] = size;
      for (const [transposeA, transposeB] of turns) {
        const { left, right, actual } = product(size, transposeA, transposeB);
        let worst = 0;
        for (let batch = 0; batch < Math.max(as, bs); batch++) {
          const a = as === 1 ? 0 : batch * rows * depth;
          const b = bs === 1 ? 0 : batch * depth * columns;
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < columns; j++) {
              let [sum, size] = [0, 0];
              for (let k = 0; k < depth; k++) {
                const term =
                  left[a + (transposeA ? k * rows + i : i * depth + k)]! *
                  right[b + (transposeB ? j * depth + k : k * columns + j)]!;
                sum += term;
                size += Math.abs(term);
              }
              const error = Math.abs(actual[(batch * rows + i) * columns + j]! - sum);
              worst = Math.max(worst, error / size);
            }
          }
        }
        expect(worst, `transposed ${transposeA}, ${transposeB}`).toBeLessThan(1e-6);
      }
    },
  );

  test('one, two and three threads give the same bits, and all memory back', async () => {
    for (const size of [
      [1, 1, 300, 290, 100],
      [1, 1, 100, 300, 291],
      [6, 6, 45, 90, 70],
    ] satisfies Size[]) {
      const results = [];
      for (const threads of [1, 2, 3])
        results.push(
          await onThreads(threads, (runtime) => {
            const { used } = runtime.arena;
            const tensors = tf.memory().numTensors;
            const values = turns.map(([a, b]) => product(size, a, b).actual);
            expect(runtime.arena.used).toBe(used);
            expect(tf.memory().numTensors).toBe(tensors);
            return values;
          }),
        );
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }
  });

  test('goes to the stock kernel where our memory ends, and when the device is closed', async () => {
    const size: Size = [1, 1, 40, 200, 100];
    const expected = product(size, true, false).actual;
    const actual = await onThreads(1, (runtime) => {
      const rest = [];
      try {
        for (;;) rest.push(runtime.arena.allocate(2 ** 28));
      } catch {
        rest.push(runtime.arena.allocate(2 ** 16));
      }
      const { actual } = product([1, 1, 40, 200, 100], true, false);
      rest.forEach((block) => runtime.arena.release(block));
      return actual;
    });
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    const closed = product(size, true, false).actual;
    closed.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
});
