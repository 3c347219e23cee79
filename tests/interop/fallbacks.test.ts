/** What the studio says of fused kernels is so: on every device that can be tested, for every cell. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recurrentFallback } from '#shared/run/fallbacks';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import {
  attributesOf,
  gateCount,
  variants,
} from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Variant } from '../../src/main/engine/kernels/recurrent-cases.js';
import { useSoftwareGpu } from './software-gpu.js';

interface Options {
  recurrentDropout: boolean;
  inputDropout: boolean;
  reverse: boolean;
  lengths: boolean;
  bias: boolean;
  initialState: boolean;
}

const plain: Options = {
  recurrentDropout: false,
  inputDropout: false,
  reverse: false,
  lengths: false,
  bias: true,
  initialState: false,
};
const options: Record<string, Options> = {
  plain,
  'recurrent dropout': { ...plain, recurrentDropout: true },
  'input dropout': { ...plain, inputDropout: true },
  'backward over lengths': { ...plain, reverse: true, lengths: true },
  'no bias, given state': { ...plain, bias: false, initialState: true },
  everything: {
    recurrentDropout: true,
    inputDropout: true,
    reverse: true,
    lengths: true,
    bias: true,
    initialState: true,
  },
};

/** Matrix products that TF.js runs for the layer's forward pass. */
async function products(
  device: Device,
  variant: Variant,
  timeSteps: number,
  given: Options,
): Promise<number> {
  const [batch, features, units] = [32, 5, 64];
  const attributes = attributesOf(variant, units, given.reverse);
  const width = gateCount[attributes.cell] * units;
  const states = attributes.cell === 'lstm' ? 2 : 1;
  const { kernels } = await tf.profile(() =>
    tf.tidy(() => {
      const bias = attributes.resetAfter
        ? tf.zeros<tf.Rank.R2>([2, width])
        : tf.zeros<tf.Rank.R1>([width]);
      device.recurrent(
        attributes,
        {
          input: tf.ones([batch, timeSteps, features]),
          lengths: given.lengths
            ? Int32Array.from({ length: batch }, (_, b) => timeSteps - (b % 2))
            : null,
          kernel: tf.ones([features, width]),
          recurrentKernel: tf.ones([units, width]),
          bias: given.bias ? bias : null,
          initialState: given.initialState
            ? Array.from({ length: states }, () => tf.zeros<tf.Rank.R2>([batch, units]))
            : null,
          inputMask: given.inputDropout ? tf.ones([batch, features]) : null,
          recurrentMask: given.recurrentDropout ? tf.ones([batch, units]) : null,
        },
        { sequence: true },
      );
    }),
  );
  return kernels.filter(({ name }) => name.includes('MatMul')).length;
}

const devices =
  process.env['UNROLL_TENSORFLOW'] === undefined
    ? (['wasm', 'webgpu'] as const)
    : (['tensorflow'] as const);

describe.each(devices)('%s', (id) => {
  let device: Device;
  beforeAll(async () => {
    useSoftwareGpu();
    device = await openDevice(id);
  });
  afterAll(() => device.dispose());

  test.each(
    variants.flatMap((variant) =>
      Object.entries(options).map(([name, given]) => [variant, name, given] as const),
    ),
  )(
    '%s, %s: a product more for every step exactly where a fallback is told',
    async (variant, _, given) => {
      const told = recurrentFallback(id, {
        ...attributesOf(variant, 1, false),
        recurrentDropout: given.recurrentDropout ? 1 : 0,
      });
      const few = await products(device, variant, 4, given);
      const many = await products(device, variant, 9, given);
      const perStep = variant === 'gru-before' ? 2 : 1;
      expect(many - few).toBe(told === null ? 0 : 5 * perStep);
    },
  );
});
