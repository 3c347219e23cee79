/** Our kernels in the place of the wasm backend's stock ones, while their runtime is open. */
import { BatchMatMul, GatherV2, Identity, getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { registerOver } from '../register.js';
import { wasmMatMul } from './matmul.js';
import { wasmGather, wasmIdentity } from './moving.js';
import type { KernelRuntime } from './runtime.js';

/** By name; they stay registered when a device is opened again. */
const stock = new Map<string, KernelConfig>();

function stockKernel(kernelName: string): KernelConfig {
  const config = stock.get(kernelName) ?? getKernel(kernelName, 'wasm');
  if (config === undefined) throw new Error(`the wasm backend has no kernel ${kernelName}`);
  stock.set(kernelName, config);
  return config;
}

let open: KernelRuntime | null = null;

/** Of the wasm device that is open; null where it has none. */
export const currentKernelRuntime = (): KernelRuntime | null => open;

/** Registers them. The function that comes back puts the stock kernels back. */
export function registerWasmOperations(runtime: KernelRuntime): () => void {
  const ours: [string, (stock: KernelFunc) => KernelConfig][] = [
    [BatchMatMul, (stock) => wasmMatMul(runtime, stock)],
    [GatherV2, wasmGather],
    [Identity, wasmIdentity],
  ];
  const replaced = ours.map(([name, make]) => {
    const stock = stockKernel(name);
    const config = make(stock.kernelFunc);
    registerOver(config);
    return { stock, config };
  });
  open = runtime;
  return () => {
    if (open === runtime) open = null;
    for (const { stock, config } of replaced) {
      // Another runtime may have been opened since.
      const current = getKernel(config.kernelName, 'wasm');
      if (current?.kernelFunc === config.kernelFunc) registerOver(stock);
    }
  };
}
