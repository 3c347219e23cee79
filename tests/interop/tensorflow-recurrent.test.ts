/** The recurrent kernel on TensorFlow's own ops against the float64 reference. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { layers } from '../../src/main/engine/kernels/random-layers.js';
import { makeCase } from '../../src/main/engine/kernels/recurrent-cases.js';
import type { RecurrentKernel } from '../../src/main/engine/kernels/recurrent.js';
import { TensorflowOps } from '../../src/main/engine/kernels/tensorflow/ops.js';
import { tensorflowRecurrent } from '../../src/main/engine/kernels/tensorflow/recurrent.js';
import type { CaseOptions } from '../../src/main/engine/kernels/recurrent-cases.js';
import { expectAgreement } from './agreement.js';

let device: Device;
/** Takes the fused ops for the smallest layers too. */
let eager: RecurrentKernel;
beforeAll(async () => {
  device = await openDevice('tensorflow');
  eager = tensorflowRecurrent(new TensorflowOps(tf.backend()), 0);
});
afterAll(() => device.dispose());

const agrees = (options: CaseOptions): Promise<void> =>
  expectAgreement(device, eager, makeCase(options));

const plain: CaseOptions = {
  variant: 'lstm',
  batch: 7,
  timeSteps: 9,
  features: 5,
  units: 6,
  reverse: false,
  lengths: null,
  bias: true,
  initialState: true,
  masks: false,
  upstream: { sequence: true, last: true, finalState: true },
  seed: 11,
};

describe('outputs and every gradient agree with the reference to 1e-5, and no tensor leaks', () => {
  test('random layers of every cell', async () => {
    await fc.assert(
      fc.asyncProperty(layers, (options) => agrees(options)),
      { numRuns: 200 },
    );
  });

  test('random LSTMs without recurrent dropout, which take TensorFlow’s fused ops', async () => {
    await fc.assert(
      fc.asyncProperty(layers, (options) => agrees({ ...options, variant: 'lstm', masks: false })),
      { numRuns: 200 },
    );
  });

  const shapes: Record<string, Partial<CaseOptions>> = {
    'all rows as long': {},
    'lengths 0 to T in any order': { lengths: [3, 0, 9, 9, 1, 0, 6] },
    'lengths, read backwards': { lengths: [3, 0, 9, 9, 1, 0, 6], reverse: true },
    'no row has any step': { lengths: [0, 0, 0, 0, 0, 0, 0] },
    'one row, one step': { batch: 1, timeSteps: 1 },
    'no bias, from zeros': { bias: false, initialState: false },
    'loss on the sequence only': {
      upstream: { sequence: true, last: false, finalState: false },
      lengths: [3, 0, 9, 9, 1, 0, 6],
    },
    'loss on the final state only': {
      upstream: { sequence: false, last: false, finalState: true },
      lengths: [3, 0, 9, 9, 1, 0, 6],
    },
  };
  test.each(Object.entries(shapes))('LSTM, %s', (_, shape) => agrees({ ...plain, ...shape }));
});
