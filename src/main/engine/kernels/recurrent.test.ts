import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDevice } from '../devices/index.js';
import type { Device } from '../devices/types.js';
import { packedRecurrent } from './packed.js';
import { layers } from './random-layers.js';
import {
  largestDifference,
  makeCase,
  randomArray,
  runKernel,
  runReference,
} from './recurrent-cases.js';
import type { RecurrentKernel } from './recurrent.js';
import { referenceBackward, referenceForward } from './reference.js';
import { stepwiseRecurrent } from './stepwise.js';

describe('reference', () => {
  test('every gradient agrees with central differences to 1e-6', () => {
    const epsilon = 1e-5;
    fc.assert(
      fc.property(layers, (options) => {
        const { attributes, inputs, upstream } = makeCase(options);
        const loss = (): number => {
          const { sequence, finalState } = referenceForward(attributes, inputs);
          const dot = (a: Float64Array, b: Float64Array | null): number =>
            b === null ? 0 : a.reduce((sum, value, i) => sum + value * b[i]!, 0);
          return (
            dot(sequence, upstream.sequence) +
            finalState.reduce((sum, h, i) => sum + dot(h, upstream.finalState[i]!), 0)
          );
        };
        const gradients = referenceBackward(attributes, inputs, upstream);
        const pairs: [Float64Array | null | undefined, Float64Array | undefined][] = [
          [inputs.input, gradients.input],
          [inputs.kernel, gradients.kernel],
          [inputs.recurrentKernel, gradients.recurrentKernel],
          [inputs.bias, gradients.bias],
          [inputs.initialState?.[0], gradients.initialState[0]],
          [inputs.initialState?.[1], gradients.initialState[1]],
        ];
        for (const [values, gradient] of pairs) {
          if (!values || !gradient) continue;
          const at = options.seed % values.length;
          const kept = values[at]!;
          values[at] = kept + epsilon;
          const above = loss();
          values[at] = kept - epsilon;
          const below = loss();
          values[at] = kept;
          expect(gradient[at]).toBeCloseTo((above - below) / (2 * epsilon), 6);
        }
      }),
      // Fixed, since a difference across ReLU's kink, which has no derivative, would be wrong.
      { numRuns: 150, seed: 7 },
    );
  });
});

describe.each([
  ['cpu', 'packed', packedRecurrent],
  ['cpu', 'stepwise', stepwiseRecurrent],
  ['wasm', 'packed', packedRecurrent],
  ['wasm', 'stepwise', stepwiseRecurrent],
  ['wasm', 'its own', null],
] as const)('on %s, %s', (id, _, fixed) => {
  let device: Device;
  let kernel: RecurrentKernel;
  beforeAll(async () => {
    device = await openDevice(id);
    kernel = fixed ?? device.recurrent;
  });
  afterAll(() => device.dispose());

  test('outputs and gradients of random layers agree with the reference to 1e-5; no tensor leaks', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (options) => {
        const one = makeCase(options);
        const before = tf.memory();
        const [difference, where] = largestDifference(
          await runKernel(kernel, one),
          runReference(one),
          0.1,
        );
        expect(difference, where).toBeLessThan(1e-5);
        expect(tf.memory().numTensors).toBe(before.numTensors);
        expect(tf.memory().numBytes).toBe(before.numBytes);
      }),
      { numRuns: 120 },
    );
  });

  test('a vanishing state and its gradient (2,000 steps) stays finite and agrees with the reference to 1e-4', async () => {
    const one = makeCase({
      variant: 'rnn-tanh',
      batch: 2,
      timeSteps: 2000,
      features: 1,
      units: 3,
      reverse: false,
      lengths: null,
      bias: false,
      initialState: true,
      masks: false,
      upstream: { sequence: false, last: true, finalState: false },
      seed: 3,
    });
    // Only the last step has an input, so that the weights' gradients have a size to compare.
    one.inputs.input.fill(0, 0, 1999).fill(0, 2000, 3999);
    one.inputs.recurrentKernel = randomArray(5)(9, 0.3);
    const actual = await runKernel(kernel, one);
    for (const values of Object.values(actual)) {
      expect(Array.from(values).every((value) => Number.isFinite(value))).toBe(true);
    }
    const [difference, where] = largestDifference(
      { 'd kernel': actual['d kernel']! },
      runReference(one),
    );
    expect(difference, where).toBeLessThan(1e-4);
  });
});
