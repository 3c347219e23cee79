/** Registration of our kernels beside or over TF.js' own, for the backend that is being opened. */
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';

/** Registers a kernel, replacing the stock one where the backend has it. Idempotent. */
export function registerOver(config: KernelConfig): void {
  const existing = getKernel(config.kernelName, config.backendName);
  if (existing?.kernelFunc === config.kernelFunc) return;
  if (existing) unregisterKernel(config.kernelName, config.backendName);
  registerKernel(config);
}
