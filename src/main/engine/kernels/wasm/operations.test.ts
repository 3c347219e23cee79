import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../../devices/index.js';
import type { Device } from '../../devices/types.js';
import { largestDifference, randomArray } from '../recurrent-cases.js';
import type { Results } from '../recurrent-cases.js';
import { wasmAdam } from './adam.js';
import type { Block } from './arena.js';
import { wasmCrossEntropy } from './cross-entropy.js';
import { registerWasmOperations } from './operations.js';
import { wasmLayerNorm } from './layer-norm.js';
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

/** Takes the kernels' memory but for less than 64 KiB. */
function takeAll({ arena }: KernelRuntime, taken: Block[]): void {
  for (let bytes = 2 ** 28; bytes >= 2 ** 16; bytes /= 2) {
    try {
      for (;;) taken.push(arena.allocate(bytes));
    } catch {
      // Nothing of this size is left.
    }
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
      const rest: Block[] = [];
      takeAll(runtime, rest);
      const { actual } = product([1, 1, 40, 200, 100], true, false);
      rest.forEach((block) => runtime.arena.release(block));
      return actual;
    });
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    const closed = product(size, true, false).actual;
    closed.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });
});

describe('cross-entropy', () => {
  /** Loss, gradient and predicted classes by the formula, in float64. */
  function reference(logits: Float32Array, ids: Int32Array, weights: Float32Array) {
    const classes = logits.length / ids.length;
    const gradient = new Float64Array(logits.length);
    let loss = 0;
    const predicted = ids.map((id, row) => {
      const scores = Array.from(logits.subarray(row * classes, (row + 1) * classes));
      const top = Math.max(...scores);
      const sum = scores.reduce((total, z) => total + Math.exp(z - top), 0);
      const weight = weights[row]!;
      loss += weight * (Math.log(sum) + top - scores[id]!);
      scores.forEach((z, j) => {
        const p = Math.exp(z - top) / sum;
        gradient[row * classes + j] = weight * (p - (j === id ? 1 : 0));
      });
      return scores.indexOf(top);
    });
    return { loss, gradient, predicted };
  }

  function computed(
    runtime: KernelRuntime,
    logits: Float32Array,
    ids: Int32Array,
    weights: Float32Array,
  ) {
    let predicted: tf.Tensor | Int32Array = new Int32Array(0);
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((z: tf.Tensor) => {
        const scores = tf.reshape<tf.Rank.R2>(z, [ids.length, logits.length / ids.length]);
        const outputs = wasmCrossEntropy(runtime)(scores, { ids, weights });
        ({ predicted } = outputs);
        // A loss may be scaled on its way.
        return tf.mul(outputs.loss, 2);
      })(tf.tensor1d(logits)),
    );
    const [loss = NaN] = value.dataSync();
    const gradient = grad.dataSync();
    tf.dispose([value, grad]);
    return { loss: loss / 2, gradient: gradient.map((g) => g / 2), predicted };
  }

  test.each([
    [1, 2],
    [3, 1],
    [7, 5],
    [32, 2],
    [300, 81],
    [9, 5003],
  ])(
    'of %i rows and %i classes, some left out, agrees with float64 to 1e-6 on any number of threads',
    async (rows, classes) => {
      const random = randomArray(rows + classes);
      const logits = Float32Array.from(random(rows * classes, 8));
      const ids = Int32Array.from(random(rows), (x) => Math.floor(((x + 1) / 2) * classes));
      const weights = Float32Array.from(random(rows), (x) => (x < -0.5 ? 0 : 1 / rows));
      const expected = reference(logits, ids, weights);
      const results = [];
      for (const threads of [1, 2, 3])
        results.push(
          await onThreads(threads, (runtime) => {
            const { used } = runtime.arena;
            const tensors = tf.memory().numTensors;
            const result = computed(runtime, logits, ids, weights);
            expect(runtime.arena.used).toBe(used);
            expect(tf.memory().numTensors).toBe(tensors);
            return result;
          }),
        );
      const [first] = results;
      expect(Math.abs(first!.loss - expected.loss)).toBeLessThan(1e-6 * (1 + expected.loss));
      expect(first!.predicted).toEqual(expected.predicted);
      const largest = Math.max(
        ...first!.gradient.map((g, i) => Math.abs(g - expected.gradient[i]!)),
      );
      expect(largest).toBeLessThan(1e-6);
      expect(results[1]).toEqual(first);
      expect(results[2]).toEqual(first);
    },
  );

  test('of a score that is not a number is none, so that training can notice', async () => {
    const { loss } = await onThreads(1, (runtime) =>
      computed(
        runtime,
        Float32Array.from([1, NaN, 2, 0, 1]),
        Int32Array.from([0]),
        Float32Array.from([1]),
      ),
    );
    expect(loss).toBeNaN();
  });
});

describe('layer norm', () => {
  const epsilon = 1e-3;

  interface Given {
    input: Float32Array;
    gamma: Float32Array;
    beta: Float32Array;
    upstream: Float32Array;
  }

  function given(rows: number, columns: number, mean: number): Given {
    const random = randomArray(rows + columns);
    const array = (size: number, offset = 0): Float32Array =>
      Float32Array.from(random(size), (x) => offset + x);
    return {
      input: array(rows * columns, mean),
      gamma: array(columns, 1),
      beta: array(columns),
      upstream: array(rows * columns),
    };
  }

  /** By the definition, in float64. */
  function reference({ input, gamma, beta, upstream }: Given): Results {
    const columns = gamma.length;
    const [output, dInput] = [new Float64Array(input.length), new Float64Array(input.length)];
    const [dGamma, dBeta] = [new Float64Array(columns), new Float64Array(columns)];
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / columns;
    for (let at = 0; at < input.length; at += columns) {
      const x = Array.from(input.subarray(at, at + columns));
      const dy = Array.from(upstream.subarray(at, at + columns));
      const centre = mean(x);
      const scale = 1 / Math.sqrt(mean(x.map((v) => (v - centre) ** 2)) + epsilon);
      const normal = x.map((v) => (v - centre) * scale);
      const dNormal = dy.map((v, j) => v * gamma[j]!);
      const [across, along] = [mean(dNormal), mean(dNormal.map((v, j) => v * normal[j]!))];
      for (let j = 0; j < columns; j++) {
        output[at + j] = normal[j]! * gamma[j]! + beta[j]!;
        dInput[at + j] = scale * (dNormal[j]! - across - normal[j]! * along);
        dGamma[j]! += dy[j]! * normal[j]!;
        dBeta[j]! += dy[j]!;
      }
    }
    return { output, dInput, dGamma, dBeta };
  }

  /** @param betweenPasses runs after the forward, before the backward. */
  function computed(
    runtime: KernelRuntime,
    { input, gamma, beta, upstream }: Given,
    betweenPasses = () => {},
  ): Results {
    const shape: [number, number] = [input.length / gamma.length, gamma.length];
    return tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((x, g, b) => {
        const output = wasmLayerNorm(runtime)(x!, g!, b!, epsilon);
        betweenPasses();
        return output;
      })(
        [tf.tensor2d(input, shape), tf.tensor1d(gamma), tf.tensor1d(beta)],
        tf.tensor2d(upstream, shape),
      );
      const [dInput, dGamma, dBeta] = grads.map((gradient) => gradient.dataSync());
      return { output: value.dataSync(), dInput: dInput!, dGamma: dGamma!, dBeta: dBeta! };
    });
  }

  // Near 10,000 a float32 mean alone would be off by 5e-4.
  test.each([
    [1, 1, 0],
    [5, 1, 3],
    [6, 3, 0],
    [2, 5, 0],
    [1, 128, 0],
    [50, 127, 0],
    [700, 128, 0],
    [300, 129, 10_000],
    [40, 4, -1000],
  ])(
    'of %i rows of %i values around %i agrees with float64 to 2e-6 on any number of threads',
    async (rows, columns, mean) => {
      const one = given(rows, columns, mean);
      const expected = reference(one);
      const results = [];
      for (const threads of [1, 2, 3])
        results.push(
          await onThreads(threads, (runtime) => {
            const { used } = runtime.arena;
            const tensors = tf.memory().numTensors;
            const result = computed(runtime, one);
            expect(runtime.arena.used).toBe(used);
            expect(tf.memory().numTensors).toBe(tensors);
            return result;
          }),
        );
      const [difference, where] = largestDifference(results[0]!, expected, 1e-2);
      expect(difference, where).toBeLessThan(2e-6);
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    },
  );

  test('is computed in ops where our memory ends, before the forward or before the backward', async () => {
    const one = given(600, 20, 0);
    const expected = reference(one);
    for (const late of [false, true]) {
      const actual = await onThreads(1, (runtime) => {
        const rest: Block[] = [];
        const fill = (): void => takeAll(runtime, rest);
        if (!late) fill();
        const result = computed(runtime, one, late ? fill : undefined);
        rest.forEach((block) => runtime.arena.release(block));
        return result;
      });
      const [difference, where] = largestDifference(actual, expected);
      expect(difference, where).toBeLessThan(1e-5);
    }
  });

  test('of a row with a value that is not a number is none, the other rows stay', async () => {
    const one = given(2, 6, 0);
    one.input[1] = NaN;
    const { output } = await onThreads(1, (runtime) => computed(runtime, one));
    const missing = Array.from(output!, (value) => Number.isNaN(value));
    expect(missing).toEqual([...new Array(6).fill(true), ...new Array(6).fill(false)]);
  });
});

describe('gather', () => {
  test.each([1, 3, 64])('takes rows of %i values, some twice, and ids of any shape', (width) => {
    const rows = Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: width }, (_, i) => 100 * row + i),
    );
    const ids = [
      [6, 0, 3],
      [3, 3, 1],
    ];
    const [actual, shape] = tf.tidy(() => {
      const taken = tf.gather(tf.tensor2d(rows), tf.tensor2d(ids, [2, 3], 'int32'));
      return [taken.dataSync(), taken.shape];
    });
    expect(shape).toEqual([2, 3, width]);
    expect(Array.from(actual)).toEqual(ids.flat().flatMap((id) => rows[id]));
  });

  test('refuses an id outside of the table', () => {
    expect(() =>
      tf.tidy(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([3], 'int32')).dataSync()),
    ).toThrow('not in [0, 2]');
  });
});

test('a copy keeps its values when the original goes, and the memory goes with the last of them', () => {
  const before = tf.memory();
  const original = tf.tensor1d([1, 2, 3]);
  const [copy, another] = [tf.clone(original), tf.clone(original)];
  original.dispose();
  another.dispose();
  expect(Array.from(copy.dataSync())).toEqual([1, 2, 3]);
  const variable = tf.variable(copy);
  tf.tidy(() => variable.assign(tf.add(copy, 1)));
  expect(Array.from(copy.dataSync())).toEqual([1, 2, 3]);
  tf.dispose([copy, variable]);
  expect(tf.memory().numBytes).toBe(before.numBytes);
});

test('Adam’s new weights are those that the next product takes, the stock kernel’s too', async () => {
  await onThreads(1, (runtime) => {
    const { used } = runtime.arena;
    const tensors = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.ones<tf.Rank.R2>([3, 2])));
    const x = tf.ones<tf.Rank.R2>([5, 3]);
    const product = (): number[] => Array.from(tf.tidy(() => tf.matMul(x, variable).dataSync()));
    expect(product()).toEqual(new Array(10).fill(3));
    const vectors = wasmAdam(runtime, 6);
    vectors.weights().fill(2);
    vectors.give(variable, 0);
    expect(product()).toEqual(new Array(10).fill(6));
    vectors.dispose();
    tf.dispose([variable, x]);
    expect(runtime.arena.used).toBe(used);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
