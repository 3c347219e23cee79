/**
 * The kernel on cuDNN as far as it can be tested without a GPU: what it hands the op is what Keras hands
 * it, and around a cuDNN that is simulated it agrees with the reference.
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { CellKind } from '#shared/graph/values';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import { layers } from '../../src/main/engine/kernels/random-layers.js';
import {
  attributesOf,
  makeCase,
  runKernel,
} from '../../src/main/engine/kernels/recurrent-cases.js';
import type { CaseOptions } from '../../src/main/engine/kernels/recurrent-cases.js';
import { cudnnRecurrent } from '../../src/main/engine/kernels/tensorflow/cudnn.js';
import { TrustedCudnn } from '../../src/main/engine/kernels/tensorflow/trusted-cudnn.js';
import { expectAgreement } from './agreement.js';
import { pythonJson } from './exports/run-python.js';
import { SimulatedCudnn } from './simulated-cudnn.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

const plain: CaseOptions = {
  variant: 'lstm',
  batch: 4,
  timeSteps: 5,
  features: 3,
  units: 6,
  reverse: false,
  lengths: [5, 2, 1, 4],
  bias: true,
  initialState: true,
  masks: false,
  upstream: { sequence: true, last: true, finalState: true },
  seed: 17,
};
const covered = ['rnn-tanh', 'rnn-relu', 'lstm', 'gru-after'] as const;

const layerOf = (variant: CaseOptions['variant'], recurrentDropout = 0) => ({
  ...attributesOf(variant, 1, false),
  recurrentDropout,
});

describe('what the op is given is what Keras gives it', () => {
  const cases = (['lstm', 'gru-after'] as const).flatMap((variant) =>
    [false, true].map((reverse) => ({ ...plain, variant, reverse })),
  );
  const caught = z.object({
    input: z.array(z.number()),
    input_h: z.array(z.number()),
    input_c: z.array(z.number()),
    params: z.array(z.number()),
    sequence_lengths: z.array(z.number()),
    shapes: z.object({ input: z.array(z.number()), input_h: z.array(z.number()) }),
    rnn_mode: z.string(),
    time_major: z.boolean(),
  });
  let expected: z.infer<typeof caught>[] = [];
  beforeAll(() => {
    const input = cases.map((options) => {
      const { attributes, inputs } = makeCase(options);
      const cell: CellKind = attributes.cell;
      const arrays = { input: inputs.input, kernel: inputs.kernel, bias: inputs.bias! };
      return {
        cell,
        batch: inputs.batch,
        timeSteps: inputs.timeSteps,
        units: attributes.units,
        reverse: attributes.reverse,
        lengths: Array.from(inputs.lengths!),
        states: inputs.initialState!.map((state) => Array.from(state)),
        recurrentKernel: Array.from(inputs.recurrentKernel),
        ...Object.fromEntries(
          Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]),
        ),
      };
    });
    const program = fileURLToPath(new URL('cudnn_inputs.py', import.meta.url));
    expected = z
      .array(caught)
      .parse(pythonJson(program, [], { framework: 'keras', input: JSON.stringify(input) }));
  });

  test.each(cases.map(({ variant, reverse }, i) => [variant, reverse, i] as const))(
    '%s, backwards: %s',
    async (_, __, i) => {
      const cudnn = new SimulatedCudnn();
      await runKernel(cudnnRecurrent(cudnn), makeCase(cases[i]!));
      const { mode, given } = cudnn.calls[0]!;
      const keras = expected[i]!;
      expect(keras.time_major).toBe(false);
      expect(mode).toBe(keras.rnn_mode);
      expect(given['params']).toEqual(keras.params);
      expect(given['input']).toEqual(keras.input);
      expect(given['h']).toEqual(keras.input_h);
      if (mode === 'lstm') expect(given['c']).toEqual(keras.input_c);
      expect(given['lengths']).toEqual(keras.sequence_lengths);
      const { batch, timeSteps, features, units } = plain;
      expect(keras.shapes).toEqual({
        input: [batch, timeSteps, features],
        input_h: [batch, 1, units],
      });
    },
  );
});

describe('around a cuDNN that does what it promises', () => {
  test('random layers of every cell agree with the reference, and no tensor leaks', async () => {
    const trusted = new TrustedCudnn(new SimulatedCudnn());
    await fc.assert(
      fc.asyncProperty(layers, (options) =>
        expectAgreement(device, trusted.recurrent, makeCase(options)),
      ),
      { numRuns: 150 },
    );
  });

  test('lengths from 0, input dropout, both directions run on it', async () => {
    for (const variant of covered) {
      for (const reverse of [false, true]) {
        const cudnn = new SimulatedCudnn();
        const one = makeCase({ ...plain, variant, reverse, lengths: [3, 0, 5, 0], masks: true });
        one.inputs.recurrentMask = null;
        await expectAgreement(device, cudnnRecurrent(cudnn), one);
        // Once for the outputs, once under the gradient.
        expect(cudnn.calls.map(({ training }) => training)).toEqual([false, true]);
      }
    }
  });

  test('every cell is tried once, the others never', async () => {
    const cudnn = new SimulatedCudnn();
    const trusted = new TrustedCudnn(cudnn);
    for (const variant of covered) {
      expect(trusted.fallback(layerOf(variant))).toBeNull();
      const tried = cudnn.calls.length;
      expect(cudnn.calls.at(-1)!.mode).toContain(variant.split('-')[0]);
      expect(trusted.fallback(layerOf(variant))).toBeNull();
      expect(cudnn.calls.length).toBe(tried);
    }
    const tried = cudnn.calls.length;
    expect(trusted.fallback(layerOf('gru-before'))).toContain('resets after');
    expect(trusted.fallback(layerOf('lstm', 0.2))).toContain('recurrent dropout');
    await expectAgreement(device, trusted.recurrent, makeCase({ ...plain, variant: 'gru-before' }));
    expect(cudnn.calls.length).toBe(tried);
  });

  test('operands rounded to TF32 are no reason to distrust it', () => {
    /** To 10 bits after the first. */
    const tf32 = (value: number): number => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10);
      return Math.round(value / unit) * unit;
    };
    const trusted = new TrustedCudnn(new SimulatedCudnn(tf32));
    for (const variant of covered) expect(trusted.fallback(layerOf(variant))).toBeNull();
  });
});

describe('a cuDNN that is wrong is told and not used', () => {
  class Wrong extends SimulatedCudnn {
    override cudnnBackward(...args: Parameters<SimulatedCudnn['cudnnBackward']>) {
      const gradients = super.cudnnBackward(...args);
      return { ...gradients, params: tf.reverse1d(gradients.params) };
    }
  }
  test.each(covered)('%s', async (variant) => {
    const cudnn = new Wrong();
    const trusted = new TrustedCudnn(cudnn);
    expect(trusted.fallback(layerOf(variant))).toMatch(
      /^Runs step by step on tensorflow-gpu: cuDNN’s .* gives wrong numbers here \(d .* is off by [\d.]+\)\.$/,
    );
    const tried = cudnn.calls.length;
    await expectAgreement(device, trusted.recurrent, makeCase({ ...plain, variant }));
    expect(cudnn.calls.length).toBe(tried);
  });
});
