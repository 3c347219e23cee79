/** TF.js' WebAssembly backend (XNNPACK): runs everywhere Node does. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { packedRecurrent } from '../kernels/packed.js';
import { registerOver } from '../kernels/register.js';
import { unsortedSegmentSumConfig } from '../kernels/unsorted-segment-sum.js';
import { wasmCrossEntropy } from '../kernels/wasm/cross-entropy.js';
import { wasmLayerNorm } from '../kernels/wasm/layer-norm.js';
import { registerWasmOperations } from '../kernels/wasm/operations.js';
import { wasmRecurrent } from '../kernels/wasm/recurrent.js';
import { openKernelRuntime } from '../kernels/wasm/runtime.js';
import { windowGradientConfigs } from '../kernels/window-gradients.js';
import { firstLine, useBackend } from './provider.js';
import type { DeviceProvider } from './provider.js';

async function describe(): Promise<string> {
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return simd ? 'WebAssembly · SIMD' : 'WebAssembly';
}

/**
 * The .wasm files lie beside the package's entry. Its loader reads a plain path with `fs` under Node,
 * from the source tree and from the bundle alike, since packages stay external to the bundle.
 */
function locateBinaries(): void {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(entry) + sep);
}

export const wasm: DeviceProvider = {
  id: 'wasm',
  probe: async () => {
    if (!('WebAssembly' in globalThis)) {
      return { available: false, name: 'WebAssembly', reason: 'This runtime has no WebAssembly.' };
    }
    try {
      return { available: true, name: await describe(), software: false };
    } catch (error) {
      return { available: false, name: 'WebAssembly', reason: `${firstLine(error)}.` };
    }
  },
  open: async ({ threads }) => {
    if (tf.findBackend('wasm') === null) locateBinaries();
    registerOver(unsortedSegmentSumConfig('wasm'));
    windowGradientConfigs.forEach(registerOver);
    await useBackend('wasm');
    const runtime = await openKernelRuntime(threads);
    const restoreStock = runtime && registerWasmOperations(runtime);
    const size = runtime?.team.size ?? 1;
    return {
      name: `${await describe()} · ${size} ${size === 1 ? 'thread' : 'threads'}`,
      recurrent: runtime === null ? packedRecurrent : wasmRecurrent(runtime),
      ...(runtime && {
        crossEntropy: wasmCrossEntropy(runtime),
        layerNorm: wasmLayerNorm(runtime),
        held: () => ({
          kernelBytes: runtime.arena.used,
          kernelMemoryBytes: runtime.memory.buffer.byteLength,
          threads: size,
        }),
      }),
      check: async () => {},
      dispose: async () => {
        restoreStock?.();
        await runtime?.dispose();
      },
    };
  },
};
