/** WebGPU under Node: Dawn (npm `webgpu`) on Vulkan, Metal or D3D12. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '#shared/errors';
import { registerOver } from '../kernels/register.js';
import { webgpuCastConfig } from '../kernels/webgpu-cast.js';
import { openCommandStream } from '../kernels/webgpu/commands.js';
import { webgpuRecurrent } from '../kernels/webgpu/recurrent.js';
import { entryOf } from './packages.js';
import { firstLine, useBackend, within } from './provider.js';
import type { DeviceProvider, OpenedBackend, Probe } from './provider.js';
import { whyNoVulkan } from './vulkan.js';

const unnamed = 'WebGPU';
const adapterTimeout = 10_000;

/** One Dawn instance for the process' life: adapters and devices die with it. */
let dawn: Promise<GPU> | null = null;

function startDawn(): Promise<GPU> {
  dawn ??= import('webgpu').then(({ create, globals }) => {
    // TF.js reads GPUBufferUsage and its like from the global scope, and navigator.gpu to see whether
    // there is WebGPU at all. Node 20 has no navigator.
    Object.assign(globalThis, globals);
    const gpu = create([]);
    if (!('navigator' in globalThis)) {
      Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    }
    Object.defineProperty(Reflect.get(globalThis, 'navigator'), 'gpu', {
      value: gpu,
      configurable: true,
    });
    return gpu;
  });
  return dawn;
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  const gpu = await startDawn();
  return gpu.requestAdapter({ powerPreference: 'high-performance' });
}

/** SwiftShader, llvmpipe and Windows' basic renderer imitate a GPU on the CPU. */
function isSoftware({ info }: GPUAdapter): boolean {
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info.device} ${info.description}`)
  );
}

function nameOf(adapter: GPUAdapter): string {
  const { info } = adapter;
  const name = isSoftware(adapter)
    ? info.description || info.device
    : info.device || info.description;
  return `${unnamed} · ${name || info.vendor || 'unnamed GPU'}`;
}

async function probe(): Promise<Probe> {
  const unavailable = (reason: string): Probe => ({ available: false, name: unnamed, reason });
  if (entryOf('webgpu') === null) {
    return unavailable('The package webgpu is not installed. Run npm install webgpu.');
  }
  if (process.platform === 'linux') {
    const reason = whyNoVulkan();
    if (reason !== null) return unavailable(reason);
  }
  try {
    const adapter = await within(adapterTimeout, 'Dawn', requestAdapter());
    if (adapter === null) return unavailable('Dawn found no GPU with a driver that it can use.');
    return { available: true, name: nameOf(adapter), software: isSoftware(adapter) };
  } catch (error) {
    return unavailable(`The package webgpu is installed but does not run: ${firstLine(error)}`);
  }
}

async function open(): Promise<OpenedBackend> {
  const adapter = await within(adapterTimeout, 'Dawn', requestAdapter());
  if (adapter === null) throw new Error('the GPU is gone');
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  const problems: string[] = [];
  device.addEventListener('uncapturederror', (event) => problems.push(firstLine(event.error)));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') problems.push(`the GPU device was lost: ${message}`);
  });

  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // The package registers a device of its own making when it finds navigator.gpu.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  const backend = new WebGPUBackend(device, adapter.info);
  tf.registerBackend('webgpu', () => backend);
  // A submit costs more than encoding a dispatch; TF.js' default is 15. More holds freed buffers longer.
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 64);
  registerOver(webgpuCastConfig(WebGPUBackend));
  await useBackend('webgpu');

  return {
    name: nameOf(adapter),
    recurrent: webgpuRecurrent(openCommandStream(backend)),
    held: () => ({
      buffersInUse: backend.bufferManager.getNumUsedBuffers(),
      buffersFree: backend.bufferManager.getNumFreeBuffers(),
      bytes: backend.bufferManager.numBytesAllocated,
    }),
    check: async () => {
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
      await device.queue.onSubmittedWorkDone();
      // Dawn reports errors from its event loop, one turn after the work is done.
      await new Promise((resolve) => setImmediate(resolve));
      const [first] = problems.splice(0);
      if (first === undefined) return;
      throw new StudioError(
        'device-error',
        `The GPU reported an error: ${first}`,
        'Try again, with a smaller batch where memory ran out, or choose another device.',
      );
    },
    dispose: async () => {
      tf.removeBackend('webgpu');
      device.destroy();
    },
  };
}

export const webgpu: DeviceProvider = { id: 'webgpu', probe, open };
