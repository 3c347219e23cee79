/** All devices, best first. A new device is a file of its own and a line here. */
// TF.js' stock gradients. Its Node build leaves them out and they are ES modules without file endings,
// which Node cannot load, so the name bypasses the externalized package and they are bundled.
import '#tfjs-gradients';
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '#shared/errors';
import type { DeviceChoice, DeviceId, DeviceReport } from '#shared/ipc/devices';
import { recurrentFallback } from '#shared/run/fallbacks';
import { crossEntropyInOps } from '../kernels/cross-entropy.js';
import { layerNormInOps } from '../kernels/layer-norm.js';
import { cpu } from './cpu.js';
import { firstLine } from './provider.js';
import type { DeviceProvider, OpenedBackend, OpenOptions, Probe } from './provider.js';
import { tensorflow, tensorflowGpu } from './tensorflow.js';
import type { Device } from './types.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

// wasm before TensorFlow's CPU library: a training step of `sentiment-bilstm` takes a quarter of the time
// on it, of `char-language-model` a sixth (`npm run bench -- --case model-`, two cores).
const providers: DeviceProvider[] = [tensorflowGpu, webgpu, wasm, tensorflow, cpu];

// TF.js would write advice to install tfjs-node and notices of failed backends to stderr.
tf.enableProdMode();

interface Probed {
  provider: DeviceProvider;
  probe: Probe;
}

async function probeAll(): Promise<Probed[]> {
  return Promise.all(
    providers.map(async (provider) => ({ provider, probe: await provider.probe() })),
  );
}

/** Imitated GPUs are never taken by `auto`; the cpu always can be. */
function suitsAuto(probe: Probe): boolean {
  return probe.available && !probe.software;
}

function report({ provider, probe }: Probed, chosen: boolean): DeviceReport {
  const software = probe.available && probe.software;
  return {
    id: provider.id,
    name: probe.name,
    available: probe.available,
    chosen,
    reason: !probe.available
      ? probe.reason
      : chosen
        ? 'The best of the available devices.'
        : software
          ? 'Only a software renderer: no GPU was found. It runs when asked for, slower than wasm.'
          : (provider.passedOver ?? 'Available; a faster device comes first.'),
    software,
  };
}

/** Every device, best first, with why it is chosen or why it isn't available. */
export async function listDevices(): Promise<DeviceReport[]> {
  const probed = await probeAll();
  const chosen = probed.find(({ probe }) => suitsAuto(probe));
  return probed.map((one) => report(one, one === chosen));
}

/**
 * Opens the device asked for, or the best one that opens: registers our kernels and makes it TF.js'
 * backend.
 * @throws StudioError `device-unavailable` with the reason and the devices there are.
 */
export async function openDevice(
  choice: DeviceChoice,
  options: OpenOptions = { threads: null },
): Promise<Device> {
  const probed = await probeAll();
  const there = probed
    .filter(({ probe, provider }) => probe.available && provider.id !== choice)
    .map(({ provider }) => provider.id);
  const unavailable = (why: string): StudioError =>
    new StudioError(
      'device-unavailable',
      `The device "${choice}" is not available: ${why}`,
      `Available here: ${there.join(', ')}. Choose one of them, or auto.`,
    );

  const failures: string[] = [];
  for (const { provider, probe } of probed) {
    if (choice === 'auto' ? !suitsAuto(probe) : provider.id !== choice) continue;
    if (!probe.available) throw unavailable(probe.reason);
    try {
      const opened = await provider.open(options);
      const why = choice === 'auto' ? 'the best of the available devices' : 'chosen by you';
      return toDevice(provider.id, opened, [why, ...failures].join('; '));
    } catch (error) {
      failures.push(`${provider.id} did not open: ${firstLine(error)}`);
    }
  }
  throw unavailable(failures.join('; '));
}

function toDevice(id: DeviceId, opened: OpenedBackend, reason: string): Device {
  return {
    id,
    name: opened.name,
    reason,
    recurrent: opened.recurrent,
    fallback: (layer) => recurrentFallback(id, layer) ?? opened.fallback?.(layer) ?? null,
    crossEntropy: opened.crossEntropy ?? crossEntropyInOps,
    layerNorm: opened.layerNorm ?? layerNormInOps,
    memory: () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, tensorBytes: numBytes, held: opened.held?.() ?? {} };
    },
    check: opened.check,
    dispose: opened.dispose,
  };
}
