/**
 * Our optimizers against torch.optim, really run: the fused host loops, the WebAssembly kernels, the TF.js
 * ops and the WebGPU programs (through SwiftShader).
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { IrProgram } from '#shared/ir/types';
import { optimizerSchema } from '#shared/training/recipe';
import { compile } from '../../src/main/engine/compile/model.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import {
  hostOptimizer,
  opsOptimizer,
  wasmOptimizer,
  webgpuOptimizer,
} from '../../src/main/engine/train/optimizers.js';
import { Random } from '../../src/main/engine/train/random.js';
import { useSoftwareGpu } from './software-gpu.js';

const shapes = [[7, 5], [5], [3, 2, 4]];
const size = 64;
const steps = 10;
const random = new Random(11, 'interop');
const normals = (deviation: number): number[] =>
  Array.from({ length: size }, () => Math.fround(deviation * random.normal()));
const weights = normals(0.5);
// From large to vanishing gradients, so that clipping is on in some steps and off in others.
const gradients = Array.from({ length: steps }, (_, step) => normals(2 * 0.4 ** step));

const off = { norm: null, value: null };
const both = { norm: 1, value: 0.5 };
const cases = [
  { name: 'adam', optimizer: { kind: 'adam', learningRate: 0.01 }, clip: off, l2: 0 },
  { name: 'adam, clipped', optimizer: { kind: 'adam', learningRate: 0.01 }, clip: both, l2: 0 },
  {
    name: 'adam, l2',
    optimizer: { kind: 'adam', learningRate: 0.01 },
    clip: { norm: 1, value: null },
    l2: 0.02,
  },
  {
    name: 'adamw',
    optimizer: { kind: 'adamw', learningRate: 0.01, weightDecay: 0.1 },
    clip: { norm: 1, value: null },
    l2: 0,
  },
  {
    name: 'sgd',
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0 },
    clip: { norm: null, value: 0.5 },
    l2: 0,
  },
  {
    name: 'sgd, momentum',
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 },
    clip: { norm: 1, value: null },
    l2: 0.01,
  },
  {
    name: 'sgd, nesterov',
    optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    clip: off,
    l2: 0,
  },
  {
    name: 'rmsprop',
    optimizer: { kind: 'rmsprop', learningRate: 0.01 },
    clip: both,
    l2: 0,
  },
  {
    name: 'rmsprop, momentum',
    optimizer: { kind: 'rmsprop', learningRate: 0.01, momentum: 0.9 },
    clip: off,
    l2: 0,
  },
].map((given) => ({ ...given, optimizer: optimizerSchema.parse(given.optimizer) }));

const answerSchema = z.array(
  z.object({ weights: z.array(z.number()), norms: z.array(z.number()) }),
);

function torch(): z.infer<typeof answerSchema> {
  const script = fileURLToPath(new URL('optimizers.py', import.meta.url));
  const input = JSON.stringify({ weights, shapes, gradients, cases });
  const output = execFileSync(process.env.UNROLL_PYTHON ?? '/usr/bin/python3', [script], {
    input,
    encoding: 'utf8',
  });
  return answerSchema.parse(JSON.parse(output));
}

let expected: z.infer<typeof answerSchema>;
beforeAll(() => {
  useSoftwareGpu();
  expected = torch();
});

/** Nothing but parameters: the gradients are given. */
const program = (l2: number): IrProgram => ({
  values: {},
  ops: [],
  parameters: shapes.map((shape, i) => ({
    id: `node/p${i}`,
    node: 'node',
    name: `p${i}`,
    shape,
    initializer: { kind: 'zeros' },
    l2,
  })),
  head: {
    node: 'head',
    kind: 'regress',
    task: 'forecast',
    logits: 'none',
    perStep: false,
    loss: 'mean-squared-error',
    outputs: 1,
  },
});

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((maximum, x) => Math.max(maximum, Math.abs(x)), 0);

describe.each([
  ['fused host loops', 'cpu', hostOptimizer],
  ['WebAssembly kernels', 'wasm', wasmOptimizer],
  ['TF.js ops', 'cpu', opsOptimizer],
  ['WebGPU programs', 'webgpu', webgpuOptimizer],
] as const)('%s', (_name, id, create) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(id);
  });
  afterAll(() => device.dispose());

  test.each(cases.map((given, index) => ({ ...given, index })))(
    '$name: weights after ten steps and every gradient norm agree with PyTorch to 1e-5 relative',
    async ({ optimizer, clip, l2, index }) => {
      const before = tf.memory().numTensors;
      const model = compile(program(l2), device, Float32Array.from(weights));
      const ours = await create({ optimizer, clip }, model);
      const norms: number[] = [];
      for (const [step, gradient] of gradients.entries()) {
        const tensors = model.parameters.map(({ offset, size: length, spec }) =>
          tf.tensor(gradient.slice(offset, offset + length), spec.shape),
        );
        norms.push(await ours.step(tensors, optimizer.learningRate, step + 1));
        tf.dispose(tensors);
      }
      const reference = expected[index];
      if (reference === undefined) throw new Error('PyTorch answered for too few cases');
      const result = await model.read();
      expect(await ours.weights()).toEqual(result);
      const errors = result.map((value, i) => value - (reference.weights[i] ?? NaN));
      expect(largest(errors) / largest(reference.weights)).toBeLessThan(1e-5);
      norms.forEach((norm, step) => {
        const wanted = reference.norms[step] ?? NaN;
        expect(Math.abs(norm - wanted) / wanted).toBeLessThan(1e-5);
      });
      ours.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
      await device.check();
    },
  );

  test('continues from saved weights and slots as if it had not been interrupted', async () => {
    const { optimizer, clip } = cases[1] ?? { optimizer: optimizerSchema.parse({}), clip: off };
    const model = compile(program(0), device, Float32Array.from(weights));
    const first = await create({ optimizer, clip }, model);
    const gradientAt = (step: number): tf.Tensor[] =>
      model.parameters.map(({ offset, size: length, spec }) =>
        tf.tensor((gradients[step] ?? []).slice(offset, offset + length), spec.shape),
      );
    for (let step = 0; step < 4; step++) await first.step(gradientAt(step), 0.01, step + 1);
    const saved = [await first.weights(), await first.slots()] as const;
    await first.step(gradientAt(4), 0.01, 5);
    const straight = await first.weights();
    first.dispose();
    const second = await create({ optimizer, clip }, model);
    second.load(...saved);
    await second.step(gradientAt(4), 0.01, 5);
    expect(await second.weights()).toEqual(straight);
    second.dispose();
    model.dispose();
  });

  test('a variable of 2,000,003 weights: norm and first Adam step to 1e-5', async () => {
    const many = 2_000_003;
    const weight = { ...program(0).parameters[0]!, shape: [many] };
    const model = compile({ ...program(0), parameters: [weight] }, device, new Float32Array(many));
    const optimizer = optimizerSchema.parse({ kind: 'adam', learningRate: 0.01 });
    const ours = await create({ optimizer, clip: { norm: 1, value: null } }, model);
    const gradient = tf.tensor1d(Float32Array.from({ length: many }, (_, i) => (i % 2 ? -3 : 3)));
    const norm = await ours.step([gradient], 0.01, 1);
    expect(Math.abs(norm / (3 * Math.sqrt(many)) - 1)).toBeLessThan(1e-5);
    // Adam's first step is the learning rate against the gradient's sign, whatever its size.
    const wrong = (await ours.weights()).findIndex(
      (value, i) => Math.abs(value - (i % 2 ? 0.01 : -0.01)) > 1e-6,
    );
    expect(wrong).toBe(-1);
    gradient.dispose();
    ours.dispose();
    model.dispose();
  });
});
