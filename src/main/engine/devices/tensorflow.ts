/**
 * TensorFlow's C library through tfjs-node-gpu (CUDA 11, cuDNN 8) or tfjs-node. Both are optional and
 * bring a native addon that often fails to download or to load; only one can live in a process.
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { TensorflowOps } from '../kernels/tensorflow/ops.js';
import { tensorflowRecurrent } from '../kernels/tensorflow/recurrent.js';
import { TrustedCudnn } from '../kernels/tensorflow/trusted-cudnn.js';
import { entryOf, requirePackage } from './packages.js';
import { firstLine, useBackend } from './provider.js';
import type { DeviceProvider, Probe } from './provider.js';

const gpuPackage = '@tensorflow/tfjs-node-gpu';
const cpuPackage = '@tensorflow/tfjs-node';

/** Said where the package, or the addon that its installation downloads, is missing. */
const howToGet = (name: string, verb: 'install' | 'rebuild'): string =>
  name === cpuPackage
    ? `Run node scripts/build-tensorflow.mjs (Linux), or npm ${verb} ${name}; for CUDA, install ${gpuPackage}.`
    : `Run npm ${verb} ${name}; it needs Linux or Windows with CUDA 11 and cuDNN 8.`;

type Loaded = { package: string; cuda: boolean };
interface Attempt {
  loaded: Loaded | null;
  /** Why each package that was tried didn't load. */
  reasons: Record<string, string>;
}

/** Loading is for the process' life, so it is tried once. */
let attempt: Promise<Attempt> | null = null;

/** Why the package can't be loaded, or null once it is. */
async function load(name: string): Promise<string | null> {
  const entry = entryOf(name);
  if (entry === null) return `${name} is not installed. ${howToGet(name, 'install')}`;
  const library = join(dirname(entry), '..', 'lib');
  const built =
    existsSync(library) &&
    readdirSync(library).some((folder) => existsSync(join(library, folder, 'tfjs_binding.node')));
  if (!built) {
    return `${name} is installed, but its addon was not downloaded or built. ${howToGet(name, 'rebuild')}`;
  }
  // tfjs-node 4.22 calls this function, which Node 23 removed.
  const util: object = requirePackage('node:util');
  if (!('isNullOrUndefined' in util)) {
    Object.assign(util, {
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    });
  }
  // TensorFlow tells of its CPU features at every start, and warns of odd batch sizes at every call of
  // BlockLSTMV2; errors stay.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Loading sets TF.js' backend; whatever runs now has to stay.
  const current = tf.engine().backendName;
  try {
    requirePackage(name);
  } catch (error) {
    return `${name} is installed, but its addon does not load: ${firstLine(error)}`;
  } finally {
    if (current) await tf.setBackend(current);
  }
  return null;
}

function usesCuda(): boolean {
  const backend: object | null = tf.findBackend('tensorflow');
  return backend !== null && 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true;
}

async function loadTensorflow(): Promise<Attempt> {
  const reasons: Record<string, string> = {};
  for (const name of [gpuPackage, cpuPackage]) {
    const reason = await load(name);
    if (reason === null) return { loaded: { package: name, cuda: usesCuda() }, reasons };
    reasons[name] = reason;
  }
  return { loaded: null, reasons };
}

async function probe(id: 'tensorflow-gpu' | 'tensorflow', name: string): Promise<Probe> {
  attempt ??= loadTensorflow();
  const { loaded, reasons } = await attempt;
  const wantsCuda = id === 'tensorflow-gpu';
  if (loaded?.cuda === wantsCuda) return { available: true, name, software: false };
  const unavailable = (reason: string): Probe => ({ available: false, name, reason });
  if (!wantsCuda) {
    return unavailable(
      loaded?.cuda
        ? 'TensorFlow runs on CUDA here: choose tensorflow-gpu.'
        : (reasons[cpuPackage] ?? `${cpuPackage} was not tried.`),
    );
  }
  return unavailable(
    reasons[gpuPackage] ??
      `${gpuPackage} loads, but finds no CUDA device. Install NVIDIA’s driver, CUDA 11 and cuDNN 8.`,
  );
}

/** What it has found out of cuDNN holds for the process. */
let cudnn: TrustedCudnn | null = null;

function provider(id: 'tensorflow-gpu' | 'tensorflow', name: string): DeviceProvider {
  return {
    id,
    probe: () => probe(id, name),
    open: async () => {
      await useBackend('tensorflow');
      const ops = new TensorflowOps(tf.findBackend('tensorflow'));
      if (id === 'tensorflow-gpu') cudnn ??= new TrustedCudnn(ops);
      return {
        name,
        recurrent: cudnn?.recurrent ?? tensorflowRecurrent(ops),
        fallback: (layer) => cudnn?.fallback(layer) ?? null,
        held: () => ({ tensors: ops.tensors() }),
        check: async () => {},
        dispose: async () => {},
      };
    },
  };
}

export const tensorflowGpu = provider('tensorflow-gpu', 'TensorFlow · CUDA');
export const tensorflow: DeviceProvider = {
  ...provider('tensorflow', 'TensorFlow · CPU'),
  // Two cores, forward + backward: B 64, T 128, H 256 in 122 against 178 ms; H 128 in 18 against 8 ms.
  passedOver:
    'Available; wasm is faster for most projects. Choose it for LSTMs of some 256 units and more.',
};
