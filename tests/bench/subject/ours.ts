/** The studio's own devices, kernels, compiler and training step. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { deviceChoiceSchema } from '#shared/ipc/devices';
import { openDevice } from '../../../src/main/engine/devices/index.js';
import type { Device } from '../../../src/main/engine/devices/types.js';
import { attributesOf, gateCount } from '../../../src/main/engine/kernels/recurrent-cases.js';
import type { RecurrentInputs } from '../../../src/main/engine/kernels/recurrent.js';
import { floats } from '../arrays.js';
import type { Arrays } from '../arrays.js';
import type { RecurrentSpec } from '../cases.js';
import type { Prepared, Runtime } from './runtime.js';
import { stateNames } from './state-names.js';
import { prepareOperation } from './operation.js';
import { prepareTraining } from './training.js';
import { values } from './values.js';

export async function openOurs(id: string): Promise<Runtime> {
  const device = await openDevice(deviceChoiceSchema.parse(id));
  return {
    name: device.name,
    version: `unroll-studio, node ${process.version}`,
    prepare: async (spec, inputs) => {
      switch (spec.kind) {
        case 'training':
          return prepareTraining(device, spec, inputs);
        case 'operation':
          return prepareOperation(device.layerNorm, spec, inputs);
        case 'recurrent':
          return prepareRecurrent(device, spec, inputs);
      }
    },
    drain: () => device.check(),
  };
}

async function prepareRecurrent(
  device: Device,
  spec: RecurrentSpec,
  given: Arrays,
): Promise<Prepared> {
  const { batch: B, timeSteps: T, features: I, units: H } = spec;
  const attributes = attributesOf(spec.variant, H, false);
  const width = gateCount[attributes.cell] * H;
  const lengths = spec.lengths && Int32Array.from(spec.lengths);
  const input = tf.tensor3d(floats(given, 'input'), [B, T, I]);
  const kernel = tf.tensor2d(floats(given, 'kernel'), [I, width]);
  const recurrentKernel = tf.tensor2d(floats(given, 'recurrentKernel'), [H, width]);
  const biasValues = floats(given, 'bias');
  const bias: tf.Tensor1D | tf.Tensor2D = attributes.resetAfter
    ? tf.tensor2d(biasValues, [2, width])
    : tf.tensor1d(biasValues);
  const initialState =
    spec.pass === 'step'
      ? stateNames(spec).map((name) => tf.tensor2d(floats(given, `initial ${name}`), [B, H]))
      : null;

  const layer = (inputs: Pick<RecurrentInputs, 'input' | 'kernel' | 'recurrentKernel' | 'bias'>) =>
    device.recurrent(
      attributes,
      { ...inputs, lengths, initialState, inputMask: null, recurrentMask: null },
      { sequence: spec.pass !== 'step' },
    );
  const all = { input, kernel, recurrentKernel, bias };
  const dispose = (): void => {
    tf.dispose([input, kernel, recurrentKernel, bias, initialState ?? []]);
  };

  if (spec.pass !== 'train') {
    const compute = (): Tensor[] =>
      tf.tidy(() => {
        const { sequence, finalState } = layer(all);
        return spec.pass === 'step' ? finalState : [sequence, ...finalState];
      });
    const names = [...(spec.pass === 'step' ? [] : ['sequence']), ...stateNames(spec)];
    const run = async (): Promise<void> => {
      const outputs = compute();
      // In real time somebody waits for the numbers.
      await outputs[0]!.data();
      tf.dispose(outputs);
    };
    const outputs = compute();
    const results: Arrays = {};
    for (const [i, name] of names.entries()) results[name] = await values(outputs[i]!);
    tf.dispose(outputs);
    return { results, run, dispose };
  }

  const upstream = tf.tensor3d(floats(given, 'upstream'), [B, T, H]);
  const gradients = (): { value: Tensor; grads: Tensor[] } =>
    tf.valueAndGrads((...args) => {
      const [x, w, u, b] = args;
      return layer({
        input: tf.reshape<tf.Rank.R3>(x!, input.shape),
        kernel: tf.reshape<tf.Rank.R2>(w!, kernel.shape),
        recurrentKernel: tf.reshape<tf.Rank.R2>(u!, recurrentKernel.shape),
        bias: attributes.resetAfter
          ? tf.reshape<tf.Rank.R2>(b!, [2, width])
          : tf.reshape<tf.Rank.R1>(b!, [width]),
      }).sequence;
    })([input, kernel, recurrentKernel, bias], upstream);
  const { value, grads } = gradients();
  const results: Arrays = { sequence: await values(value) };
  for (const [i, name] of ['input', 'kernel', 'recurrentKernel', 'bias'].entries())
    results[`d ${name}`] = await values(grads[i]!);
  tf.dispose([value, grads]);
  return {
    results,
    run: async () => {
      tf.dispose(Object.values(gradients()).flat());
    },
    dispose: () => {
      dispose();
      upstream.dispose();
    },
  };
}
