/** Our kernels in the place of the wasm backend's stock ones, while their runtime is open. */
import { BatchMatMul, getKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import { registerOver } from '../register.js';
import { wasmMatMul } from './matmul.js';
import type { KernelRuntime } from './runtime.js';

/** By name; they stay registered when a device is opened again. */
const stock = new Map<string, KernelConfig>();

function stockKernel(kernelName: string): KernelConfig {
  const config = stock.get(kernelName) ?? getKernel(kernelName, 'wasm');
  if (config === undefined) throw new Error(`the wasm backend has no kernel ${kernelName}`);
  stock.set(kernelName, config);
  return config;
}

/** Registers them. The function that comes back puts the stock kernels back. */
export function registerWasmOperations(runtime: KernelRuntime): () => void {
  const stockMatMul = stockKernel(BatchMatMul);
  const ours = wasmMatMul(runtime, stockMatMul.kernelFunc);
  registerOver(ours);
  return () => {
    // Another runtime may have been opened since.
    if (getKernel(BatchMatMul, 'wasm')?.kernelFunc === ours.kernelFunc) registerOver(stockMatMul);
  };
}
