/**
 * Our recurrent kernels against PyTorch, really run: outputs and every gradient on each device that
 * can be tested anywhere (cpu, wasm, and webgpu through SwiftShader).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openDevice } from '../../src/main/engine/devices/index.js';
import type { Device } from '../../src/main/engine/devices/types.js';
import type { RecurrentKernel } from '../../src/main/engine/kernels/recurrent.js';
import {
  attributesOf,
  gateCount,
  largestDifference,
  randomArray,
  variants,
} from '../../src/main/engine/kernels/recurrent-cases.js';
import type { Results, Variant } from '../../src/main/engine/kernels/recurrent-cases.js';
import { TensorflowOps } from '../../src/main/engine/kernels/tensorflow/ops.js';
import { tensorflowRecurrent } from '../../src/main/engine/kernels/tensorflow/recurrent.js';
import { runPython } from './python.js';
import { useSoftwareGpu } from './software-gpu.js';
import { biasAcross, kernelFromTorch, kernelToTorch } from './torch-layout.js';

interface StackOptions {
  name: string;
  variant: Variant;
  batch: number;
  timeSteps: number;
  features: number;
  units: number;
  layers: number;
  directions: 1 | 2;
  reverse: boolean;
  /** PyTorch packs no rows of length 0; those are compared with the reference in recurrent.test.ts. */
  lengths: number[];
  bias: boolean;
  /** Which of [sequence, h, c] the loss depends on. */
  upstream: boolean[];
}

interface CellWeights {
  kernel: Float64Array;
  recurrentKernel: Float64Array;
  bias: Float64Array | null;
}

/** Layers × directions of cells in Keras' layout; PyTorch's order: layer major, forward first. */
interface Stack extends StackOptions {
  input: Float64Array;
  cells: CellWeights[];
  /** h, and c for an LSTM, each [cells, B, H]. */
  states: Float64Array[];
  /** Loss weights for [sequence, h, c]. */
  weights: (Float64Array | null)[];
}

const torchResults = z.array(
  z.object({
    sequence: z.array(z.number()),
    states: z.array(z.array(z.number())),
    input: z.array(z.number()),
    cells: z.array(z.record(z.string(), z.array(z.number()))),
    initial: z.array(z.array(z.number())),
  }),
);
type TorchResult = z.infer<typeof torchResults>[number];

function makeStack(options: StackOptions, seed: number): Stack {
  const { batch, timeSteps, features, units, layers, directions, variant } = options;
  const random = randomArray(seed);
  const { cell, resetAfter } = attributesOf(variant, units, false);
  const width = gateCount[cell] * units;
  const count = layers * directions;
  const states = Array.from({ length: cell === 'lstm' ? 2 : 1 }, () =>
    random(count * batch * units),
  );
  // As initializers do: a large layer of large weights is chaotic and only shows how rounding grows.
  const scale = 0.7 * Math.min(1, 2 / Math.sqrt(units));
  const sizes = [batch * timeSteps * units * directions, ...states.map(({ length }) => length)];
  return {
    ...options,
    input: random(batch * timeSteps * features),
    cells: Array.from({ length: count }, (_, i) => ({
      kernel: random((i < directions ? features : units * directions) * width, scale),
      recurrentKernel: random(units * width, scale),
      bias: options.bias ? random(width * (resetAfter ? 2 : 1), 0.5) : null,
    })),
    states,
    weights: sizes.map((size, i) => (options.upstream[i] ? random(size) : null)),
  };
}

function toTorch(stack: Stack): object {
  const { variant, units, cells } = stack;
  const attributes = attributesOf(variant, units, stack.reverse);
  const { cell } = attributes;
  return {
    ...stack,
    ...attributes,
    input: [...stack.input],
    states: stack.states.map((state) => [...state]),
    upstream: stack.weights.map((weights) => weights && [...weights]),
    cells: cells.map(({ kernel, recurrentKernel, bias }) => ({
      w_ih: kernelToTorch(cell, kernel, units),
      w_hh: kernelToTorch(cell, recurrentKernel, units),
      ...(bias && {
        b_ih: biasAcross(cell, bias, units),
        b_hh: attributes.resetAfter
          ? biasAcross(cell, bias.subarray(bias.length / 2), units)
          : Array.from(bias, () => 0),
      }),
    })),
  };
}

/** PyTorch's results under our names and in our layout. */
function fromTorch({ variant, units }: Stack, result: TorchResult): Results {
  const { cell, resetAfter } = attributesOf(variant, units, false);
  const named: Results = { sequence: result.sequence, 'd input': result.input };
  ['h', 'c'].forEach((name, i) => {
    if (result.states[i]) named[name] = result.states[i];
    if (result.initial[i]) named[`d initial ${name}`] = result.initial[i];
  });
  result.cells.forEach(({ w_ih, w_hh, b_ih, b_hh }, i) => {
    named[`d kernel ${i}`] = kernelFromTorch(cell, w_ih ?? [], units);
    named[`d recurrentKernel ${i}`] = kernelFromTorch(cell, w_hh ?? [], units);
    if (!b_ih || !b_hh) return;
    const ours = biasAcross(cell, b_ih, units);
    named[`d bias ${i}`] = resetAfter ? [...ours, ...biasAcross(cell, b_hh, units)] : ours;
  });
  return named;
}

/** The stack on a kernel and the current backend. */
async function runStack(kernel: RecurrentKernel, stack: Stack): Promise<Results> {
  const { batch: B, timeSteps: T, units: H, directions, variant } = stack;
  const cellCount = stack.cells.length;
  const { cell, resetAfter } = attributesOf(variant, H, false);
  const width = gateCount[cell] * H;
  const lengths = Int32Array.from(stack.lengths);
  const tensor = (values: Float64Array, shape: number[]): Tensor =>
    tf.tensor(Float32Array.from(values), shape);

  const variables: [string, Float64Array, number[]][] = [
    ['input', stack.input, [B, T, stack.features]],
    ...stack.states.map((values, i): [string, Float64Array, number[]] => [
      `initial ${i === 0 ? 'h' : 'c'}`,
      values,
      [cellCount, B, H],
    ]),
    ...stack.cells.flatMap(({ kernel, recurrentKernel, bias }, i) => {
      const cellVariables: [string, Float64Array, number[]][] = [
        [`kernel ${i}`, kernel, [kernel.length / width, width]],
        [`recurrentKernel ${i}`, recurrentKernel, [H, width]],
      ];
      if (bias) cellVariables.push([`bias ${i}`, bias, resetAfter ? [2, width] : [width]]);
      return cellVariables;
    }),
  ];

  const run = (given: Tensor[]): { sequence: Tensor; states: Tensor[] } => {
    const find = (name: string): Tensor => given[variables.findIndex(([own]) => own === name)]!;
    const matrix = (name: string): tf.Tensor2D => {
      const [rows = 0, columns = 0] = find(name).shape;
      return tf.reshape<tf.Rank.R2>(find(name), [rows, columns]);
    };
    let x = tf.reshape<tf.Rank.R3>(find('input'), [B, T, stack.features]);
    const finals: Tensor[][] = stack.states.map(() => []);
    for (let first = 0; first < cellCount; first += directions) {
      const parts = Array.from({ length: directions }, (_, d) => {
        const i = first + d;
        const initialState = stack.states.map((_, s) => {
          const all = find(`initial ${s === 0 ? 'h' : 'c'}`);
          return tf.reshape<tf.Rank.R2>(tf.slice(all, [i, 0, 0], [1, B, H]), [B, H]);
        });
        const outputs = kernel(
          attributesOf(variant, H, stack.reverse || d === 1),
          {
            input: x,
            lengths,
            kernel: matrix(`kernel ${i}`),
            recurrentKernel: matrix(`recurrentKernel ${i}`),
            bias: !stack.bias
              ? null
              : resetAfter
                ? matrix(`bias ${i}`)
                : tf.reshape<tf.Rank.R1>(find(`bias ${i}`), [width]),
            initialState,
            inputMask: null,
            recurrentMask: null,
          },
          { sequence: true },
        );
        outputs.finalState.forEach((state, s) => finals[s]!.push(state));
        return outputs.sequence;
      });
      x = parts.length === 1 ? parts[0]! : tf.concat(parts, 2);
    }
    return { sequence: x, states: finals.map((states) => tf.stack(states)) };
  };

  const kept = tf.tidy(() => {
    const given = variables.map(([, values, shape]) => tensor(values, shape));
    const gradients = tf.grads((...inputs: Tensor[]) => {
      const { sequence, states } = run(inputs);
      const terms = [sequence, ...states].map((output, i) => {
        const weights = stack.weights[i];
        return weights ? tf.sum(tf.mul(output, tensor(weights, output.shape))) : tf.scalar(0);
      });
      return tf.addN(terms);
    })(given);
    const { sequence, states } = run(given);
    return [sequence, ...states, ...gradients];
  });
  const values = await Promise.all(kept.map((one) => one.data()));
  tf.dispose(kept);
  const states = stack.states.length;
  return Object.fromEntries(
    values.map((array, i) => {
      if (i <= states) return [['sequence', 'h', 'c'][i]!, array];
      return [`d ${variables[i - 1 - states]![0]}`, array];
    }),
  );
}

const plain = {
  batch: 3,
  timeSteps: 5,
  features: 4,
  units: 3,
  layers: 1,
  directions: 1,
  reverse: false,
  lengths: [5, 5, 5],
  bias: true,
  upstream: [true, true, true],
} as const satisfies Partial<StackOptions>;

const shapes: Record<string, Partial<StackOptions>> = {
  'one layer': {},
  'lengths 2, 5, 1': { lengths: [2, 5, 1] },
  'reverse with lengths': { lengths: [4, 1, 5], reverse: true },
  'one row, one step': { batch: 1, timeSteps: 1, features: 1, units: 1, lengths: [1] },
  'no bias, loss on the sequence': { bias: false, upstream: [true, false, false] },
  'loss on h only': { lengths: [3, 5, 2], upstream: [false, true, false] },
  'loss on the last state only': { upstream: [false, false, true] },
  'bidirectional with lengths': { directions: 2, lengths: [5, 2, 3] },
  'two layers with lengths': { layers: 2, lengths: [1, 4, 5] },
  'two bidirectional layers with lengths': { layers: 2, directions: 2, lengths: [3, 5, 4] },
};
const large: Partial<StackOptions> = {
  batch: 9,
  timeSteps: 33,
  features: 17,
  units: 31,
  directions: 2,
  layers: 2,
  lengths: [33, 1, 20, 7, 32, 33, 2, 15, 9],
};

function stacksOf(some: Record<string, Partial<StackOptions>>): Stack[] {
  return variants.flatMap((variant, v) =>
    Object.entries(some)
      // Without c there is nothing for such a loss to depend on.
      .filter(
        ([, shape]) => variant === 'lstm' || shape.upstream?.slice(0, 2).some(Boolean) !== false,
      )
      .map(([name, shape], s) =>
        makeStack(
          {
            ...plain,
            lengths: [...plain.lengths],
            upstream: [...plain.upstream],
            name: `${variant}, ${name}`,
            variant,
            ...shape,
          },
          1000 * v + s,
        ),
      ),
  );
}

const small = stacksOf(shapes);
const all = [...small, ...stacksOf({ 'two bidirectional layers of 31 units, 33 steps': large })];
let expected: Results[] = [];

beforeAll(() => {
  useSoftwareGpu();
  const results = torchResults.parse(runPython('recurrent.py', all.map(toTorch)));
  expected = results.map((result, i) => fromTorch(all[i]!, result));
});

/** TensorFlow's library is large, so its device has a step of its own: `npm test -- tensorflow`. */
const ofTensorflow = process.env['UNROLL_TENSORFLOW'] !== undefined;
const devices = ofTensorflow ? (['tensorflow'] as const) : (['cpu', 'wasm', 'webgpu'] as const);

/** On TensorFlow with its fused ops for small layers too. */
const kernelOf = ({ recurrent }: Device): RecurrentKernel =>
  ofTensorflow ? tensorflowRecurrent(new TensorflowOps(tf.backend()), 0) : recurrent;

describe.each(devices.map((id) => [id, all] as const))(
  '%s agrees with PyTorch to 1e-4 in outputs and every gradient',
  (id, stacks) => {
    let device: Device;
    beforeAll(async () => {
      device = await openDevice(id);
    });
    afterAll(() => device.dispose());

    test.each(stacks.map((stack, i) => [stack.name, i] as const))('%s', async (_, i) => {
      const before = tf.memory().numTensors;
      const actual = await runStack(kernelOf(device), stacks[i]!);
      expect(Object.keys(actual).sort()).toEqual(Object.keys(expected[i]!).sort());
      const [difference, where] = largestDifference(actual, expected[i]!);
      expect(difference, where).toBeLessThan(1e-4);
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
      await device.check();
    });
  },
);
