/** Stock TF.js: its own backends and tf.layers, with none of our kernels registered. */
// tf.layers calls ops as methods, which TF.js' Node build leaves out, as it does the gradients.
import '#tfjs-chained-ops';
import '#tfjs-gradients';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { whyNoVulkan } from '../../../src/main/engine/devices/vulkan.js';
import { gateCount } from '../../../src/main/engine/kernels/recurrent-cases.js';
import { layerNormInOps } from '../../../src/main/engine/kernels/layer-norm.js';
import { floats } from '../arrays.js';
import type { Arrays } from '../arrays.js';
import type { RecurrentSpec } from '../cases.js';

import { Unsupported } from './runtime.js';
import type { Prepared, Runtime } from './runtime.js';
import { stateNames } from './state-names.js';
import { values } from './values.js';
import { prepareOperation } from './operation.js';
import { prepareStockTraining } from './stock-training.js';

type Layer = ReturnType<typeof layers.layers.lstm>;
type Drain = () => Promise<void>;
const nothingQueued: Drain = async () => {};

async function openBackend(id: string): Promise<Drain> {
  switch (id) {
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      return nothingQueued;
    case 'wasm': {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(dirname(entry) + sep);
      return nothingQueued;
    }
    case 'webgpu':
      return openWebgpu();
    case 'tensorflow':
      loadTensorflow();
      return nothingQueued;
    default:
      throw new Error(`no stock device "${id}"`);
  }
}

async function openWebgpu(): Promise<Drain> {
  // Makes Vulkan's loader known where it isn't in the linker's path.
  const reason = process.platform === 'linux' ? whyNoVulkan() : null;
  if (reason !== null) throw new Error(reason);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  Object.defineProperty(Reflect.get(globalThis, 'navigator'), 'gpu', {
    value: create([]),
    configurable: true,
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  return async () => {
    const backend = tf.backend();
    if (!(backend instanceof WebGPUBackend)) return;
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
    await backend.device.queue.onSubmittedWorkDone();
  };
}

function loadTensorflow(): void {
  const require = createRequire(import.meta.url);
  const util: object = require('node:util');
  // tfjs-node 4.22 calls this function, which Node 23 removed.
  if (!('isNullOrUndefined' in util)) {
    Object.assign(util, { isNullOrUndefined: (x: unknown) => x === null || x === undefined });
  }
  require('@tensorflow/tfjs-node');
}

export async function openStock(id: string): Promise<Runtime> {
  const drain = await openBackend(id);
  if (!(await tf.setBackend(id))) throw new Error(`TF.js could not initialise its ${id} backend`);
  await tf.ready();
  return {
    name: `tf.layers on ${id}`,
    version: `tfjs ${tf.version_core}, node ${process.version}`,
    prepare: async (spec, inputs) => {
      switch (spec.kind) {
        case 'training':
          return prepareStockTraining(spec, inputs);
        case 'operation':
          return prepareOperation(layerNormInOps, spec, inputs);
        case 'recurrent':
          return prepareRecurrent(spec, inputs);
      }
    },
    drain,
  };
}

function makeLayer({ variant, units, pass }: RecurrentSpec): Layer {
  const options = {
    units,
    returnSequences: pass !== 'step',
    returnState: pass !== 'train',
    // All are overwritten, and the default for the recurrent kernel takes minutes in plain JavaScript.
    kernelInitializer: 'zeros',
    recurrentInitializer: 'zeros',
  } as const;
  switch (variant) {
    case 'lstm':
      return layers.layers.lstm({
        ...options,
        recurrentActivation: 'sigmoid',
        unitForgetBias: false,
      });
    case 'gru-before':
      return layers.layers.gru({ ...options, recurrentActivation: 'sigmoid' });
    case 'rnn-tanh':
    case 'rnn-relu':
      return layers.layers.simpleRNN({
        ...options,
        activation: variant === 'rnn-relu' ? 'relu' : 'tanh',
      });
    case 'gru-after':
      throw new Unsupported('tf.layers.gru has no reset-after');
  }
}

function concrete(outputs: ReturnType<Layer['apply']>): Tensor[] {
  return [outputs].flat().map((one) => {
    if (one instanceof tf.Tensor) return one;
    throw new Error('tf.layers gave a symbolic tensor');
  });
}

async function prepareRecurrent(spec: RecurrentSpec, given: Arrays): Promise<Prepared> {
  const { batch: B, timeSteps: T, features: I, units: H } = spec;
  if (spec.lengths !== null) throw new Unsupported('tf.layers does not pack');
  const width = gateCount[spec.cell] * H;
  const layer = makeLayer(spec);
  const input = tf.variable(tf.tensor3d(floats(given, 'input'), [B, T, I]));
  // Builds it: a build of one's own would be followed by another.
  tf.tidy(() => concrete(layer.apply(tf.zeros([B, 1, I]))));
  layer.setWeights([
    tf.tensor2d(floats(given, 'kernel'), [I, width]),
    tf.tensor2d(floats(given, 'recurrentKernel'), [H, width]),
    tf.tensor1d(floats(given, 'bias')),
  ]);
  const initial = stateNames(spec).flatMap((name) => {
    const state = given[`initial ${name}`];
    return state ? [tf.tensor2d(state, [B, H])] : [];
  });
  const apply = (): Tensor[] => concrete(layer.apply([input, ...initial]));
  const dispose = (): void => {
    tf.dispose([input, initial]);
    layer.dispose();
  };

  if (spec.pass !== 'train') {
    // With returnState: the output, then the states.
    const compute = (): Tensor[] => tf.tidy(apply);
    const [output, ...states] = compute();
    const results: Arrays = spec.pass === 'forward' ? { sequence: await values(output!) } : {};
    for (const [i, name] of stateNames(spec).entries()) results[name] = await values(states[i]!);
    tf.dispose([output!, states]);
    return {
      results,
      run: async () => {
        const outputs = compute();
        await outputs[0]!.data();
        tf.dispose(outputs);
      },
      dispose,
    };
  }

  const upstream = tf.tensor3d(floats(given, 'upstream'), [B, T, H]);
  const variables = [
    input,
    ...layer.trainableWeights.map((weight) => {
      const value = weight.read();
      if (value instanceof tf.Variable) return value;
      throw new Error(`${weight.name} is no variable`);
    }),
  ];
  const gradients = (kept: Tensor[] | null): { value: Tensor; grads: tf.NamedTensorMap } =>
    tf.tidy(() =>
      tf.variableGrads(() => {
        const sequence = apply()[0]!;
        kept?.push(tf.keep(tf.clone(sequence)));
        return tf.sum(tf.mul(sequence, upstream));
      }, variables),
    );
  const kept: Tensor[] = [];
  const { value, grads } = gradients(kept);
  const results: Arrays = { sequence: await values(kept[0]!) };
  for (const [i, name] of ['input', 'kernel', 'recurrentKernel', 'bias'].entries())
    results[`d ${name}`] = await values(grads[variables[i]!.name]!);
  tf.dispose([value, grads, kept]);
  return {
    results,
    run: async () => {
      tf.dispose(Object.values(gradients(null)));
    },
    dispose: () => {
      dispose();
      upstream.dispose();
    },
  };
}
