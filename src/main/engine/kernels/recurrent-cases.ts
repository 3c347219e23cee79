/**
 * Random layers, and one way to run them on the reference and on a kernel under TF.js, so that both give
 * the same record of outputs and gradients: for tests, and for devices that are tried before they are
 * trusted.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RecurrentAttributes, RecurrentKernel } from './recurrent.js';
import { referenceBackward, referenceForward } from './reference.js';
import type { ReferenceInputs, ReferenceUpstream } from './reference.js';

export const variants = ['rnn-tanh', 'rnn-relu', 'lstm', 'gru-after', 'gru-before'] as const;
export type Variant = (typeof variants)[number];

/** Gate blocks in the kernels: G of [I, G·H]. */
export const gateCount = { rnn: 1, lstm: 4, gru: 3 } as const;

export interface CaseOptions {
  variant: Variant;
  batch: number;
  timeSteps: number;
  features: number;
  units: number;
  reverse: boolean;
  lengths: number[] | null;
  bias: boolean;
  initialState: boolean;
  masks: boolean;
  /** Which outputs the loss depends on. */
  upstream: { sequence: boolean; last: boolean; finalState: boolean };
  seed: number;
}

export interface RecurrentCase {
  attributes: RecurrentAttributes;
  inputs: ReferenceInputs;
  /** Weights of the loss Σ output ⊙ weight; `last` is h again. */
  upstream: ReferenceUpstream & { last: Float64Array | null };
}

/** Everything a kernel gives, by name. */
export type Results = Record<string, ArrayLike<number>>;

/** Uniform numbers in [−1, 1) by Mulberry32. */
export function randomArray(seed: number): (size: number, scale?: number) => Float64Array {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
  // Rounded to float32, so that the reference and a float32 kernel read the same numbers.
  return (size, scale = 1) =>
    Float64Array.from({ length: size }, () => Math.fround(next() * scale));
}

export function attributesOf(
  variant: Variant,
  units: number,
  reverse: boolean,
): RecurrentAttributes {
  return {
    cell: variant === 'lstm' ? 'lstm' : variant.startsWith('gru') ? 'gru' : 'rnn',
    activation: variant === 'rnn-relu' ? 'relu' : 'tanh',
    resetAfter: variant === 'gru-after',
    units,
    reverse,
  };
}

export function makeCase(options: CaseOptions): RecurrentCase {
  const { batch, timeSteps, features, units } = options;
  const attributes = attributesOf(options.variant, units, options.reverse);
  const random = randomArray(options.seed);
  const width = gateCount[attributes.cell] * units;
  const states = attributes.cell === 'lstm' ? 2 : 1;
  const mask = (size: number): Float64Array => random(size).map((value) => (value > 0 ? 1.25 : 0));
  const inputs: ReferenceInputs = {
    batch,
    timeSteps,
    features,
    input: random(batch * timeSteps * features),
    lengths: options.lengths && Int32Array.from(options.lengths),
    kernel: random(features * width, 0.8),
    recurrentKernel: random(units * width, 0.8),
    bias: options.bias ? random(width * (options.variant === 'gru-after' ? 2 : 1), 0.5) : null,
    initialState: options.initialState
      ? Array.from({ length: states }, () => random(batch * units))
      : null,
    inputMask: options.masks ? mask(batch * features) : null,
    recurrentMask: options.masks ? mask(batch * units) : null,
  };
  const wanted = options.upstream;
  return {
    attributes,
    inputs,
    upstream: {
      sequence: wanted.sequence ? random(batch * timeSteps * units) : null,
      last: wanted.last ? random(batch * units) : null,
      finalState: Array.from({ length: states }, () =>
        wanted.finalState ? random(batch * units) : null,
      ),
    },
  };
}

export function runReference({ attributes, inputs, upstream }: RecurrentCase): Results {
  const { sequence, finalState } = referenceForward(attributes, inputs);
  const [h, c] = upstream.finalState;
  const last = upstream.last;
  const dh = last && h ? h.map((value, i) => value + last[i]!) : (last ?? h ?? null);
  const gradients = referenceBackward(attributes, inputs, {
    sequence: upstream.sequence,
    finalState: c === undefined ? [dh] : [dh, c],
  });
  return named(attributes, inputs, sequence, finalState, [
    gradients.input,
    gradients.kernel,
    gradients.recurrentKernel,
    ...(inputs.bias ? [gradients.bias] : []),
    ...(inputs.initialState ? gradients.initialState : []),
  ]);
}

function named(
  attributes: RecurrentAttributes,
  inputs: ReferenceInputs,
  sequence: ArrayLike<number>,
  finalState: ArrayLike<number>[],
  gradients: ArrayLike<number>[],
): Results {
  const states = attributes.cell === 'lstm' ? ['h', 'c'] : ['h'];
  const names = [
    'd input',
    'd kernel',
    'd recurrentKernel',
    ...(inputs.bias ? ['d bias'] : []),
    ...(inputs.initialState ? states.map((name) => `d initial ${name}`) : []),
  ];
  return {
    sequence,
    ...Object.fromEntries(states.map((name, i) => [name, finalState[i]!])),
    ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])),
  };
}

/** The same on a kernel and the current TF.js backend. Asserts nothing; leaves no tensor behind. */
export async function runKernel(kernel: RecurrentKernel, one: RecurrentCase): Promise<Results> {
  const kept = computeCase(kernel, one);
  const values = await Promise.all(kept.map((tensor) => tensor.data()));
  tf.dispose(kept);
  return kernelResults(one, values);
}

/** As `runKernel`, on backends that can be read while JavaScript waits. */
export function runKernelSync(kernel: RecurrentKernel, one: RecurrentCase): Results {
  const kept = computeCase(kernel, one);
  const values = kept.map((tensor) => tensor.dataSync());
  tf.dispose(kept);
  return kernelResults(one, values);
}

/** Sequence, final states, then the gradients. */
function computeCase(
  kernel: RecurrentKernel,
  { attributes, inputs, upstream }: RecurrentCase,
): Tensor[] {
  const { batch: B, timeSteps: T, features: I } = inputs;
  const H = attributes.units;
  const width = gateCount[attributes.cell] * H;
  const tensor = (values: Float64Array, shape: number[]): Tensor =>
    tf.tensor(Float32Array.from(values), shape, 'float32');

  return tf.tidy(() => {
    const biasShape = inputs.bias?.length === width ? [width] : [2, width];
    const variables = [
      tensor(inputs.input, [B, T, I]),
      tensor(inputs.kernel, [I, width]),
      tensor(inputs.recurrentKernel, [H, width]),
      ...(inputs.bias ? [tensor(inputs.bias, biasShape)] : []),
      ...(inputs.initialState ?? []).map((values) => tensor(values, [B, H])),
    ];
    const inputMask = inputs.inputMask && tensor(inputs.inputMask, [B, I]);
    const recurrentMask = inputs.recurrentMask && tensor(inputs.recurrentMask, [B, H]);
    const forward = (given: Tensor[]) => {
      const [input, w, u, ...rest] = given;
      return kernel(
        attributes,
        {
          input: tf.reshape<tf.Rank.R3>(input!, [B, T, I]),
          lengths: inputs.lengths,
          kernel: tf.reshape<tf.Rank.R2>(w!, [I, width]),
          recurrentKernel: tf.reshape<tf.Rank.R2>(u!, [H, width]),
          bias:
            inputs.bias === null
              ? null
              : biasShape.length === 1
                ? tf.reshape<tf.Rank.R1>(rest.shift()!, [width])
                : tf.reshape<tf.Rank.R2>(rest.shift()!, [2, width]),
          initialState:
            inputs.initialState && rest.map((state) => tf.reshape<tf.Rank.R2>(state, [B, H])),
          inputMask: inputMask && tf.reshape<tf.Rank.R2>(inputMask, [B, I]),
          recurrentMask: recurrentMask && tf.reshape<tf.Rank.R2>(recurrentMask, [B, H]),
        },
        { sequence: upstream.sequence !== null },
      );
    };
    const loss = (...given: Tensor[]): tf.Scalar => {
      const outputs = forward(given);
      const terms = [
        upstream.sequence && tf.mul(outputs.sequence, tensor(upstream.sequence, [B, T, H])),
        upstream.last && tf.mul(outputs.last, tensor(upstream.last, [B, H])),
        ...upstream.finalState.map(
          (values, i) => values && tf.mul(outputs.finalState[i]!, tensor(values, [B, H])),
        ),
      ];
      const sums = terms.filter((term) => term !== null).map((term) => tf.sum(term));
      return tf.reshape<tf.Rank.R0>(tf.addN(sums), []);
    };
    const outputs = forward(variables);
    return [outputs.sequence, ...outputs.finalState, ...tf.grads(loss)(variables)];
  });
}

function kernelResults(
  { attributes, inputs, upstream }: RecurrentCase,
  values: ArrayLike<number>[],
): Results {
  const states = attributes.cell === 'lstm' ? 2 : 1;
  const results = named(
    attributes,
    inputs,
    values[0]!,
    values.slice(1, 1 + states),
    values.slice(1 + states),
  );
  // A kernel may leave the sequence out where nobody needs it.
  if (upstream.sequence === null) delete results['sequence'];
  return results;
}

/**
 * The largest relative difference, max|a − b| / max|b| for each array, and the array it is in.
 * Only names that `actual` has count.
 * @param floor max|b| is taken to be at least this: where sums cancel, what is left is rounding.
 */
export function largestDifference(
  actual: Results,
  expected: Results,
  floor = 1e-12,
): [number, string] {
  let largest: [number, string] = [0, ''];
  for (const [name, values] of Object.entries(actual)) {
    const reference = expected[name];
    if (reference?.length !== values.length) return [Infinity, `${name} (size)`];
    let difference = 0;
    let scale = floor;
    for (let i = 0; i < values.length; i++) {
      difference = Math.max(difference, Math.abs(values[i]! - reference[i]!));
      scale = Math.max(scale, Math.abs(reference[i]!));
      if (Number.isNaN(values[i])) return [Infinity, `${name} (NaN)`];
    }
    if (difference / scale > largest[0]) largest = [difference / scale, name];
  }
  return largest;
}
