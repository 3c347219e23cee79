import { expect } from 'vitest';
import type { Device } from '../../src/main/engine/devices/types.js';
import type { RecurrentKernel } from '../../src/main/engine/kernels/recurrent.js';
import {
  largestDifference,
  runKernel,
  runReference,
  type RecurrentCase,
} from '../../src/main/engine/kernels/recurrent-cases.js';

/**
 * Runs a layer with its gradients on `device`: outputs and every gradient are the float64 reference's to
 * 1e-5 of each array's largest magnitude (0.1 where that is less), and nothing stays behind on the device.
 */
export async function expectAgreement(
  device: Device,
  kernel: RecurrentKernel,
  one: RecurrentCase,
): Promise<void> {
  const { tensors, tensorBytes } = device.memory();
  const actual = await runKernel(kernel, one);
  const [difference, where] = largestDifference(actual, runReference(one), 0.1);
  expect(difference, where).toBeLessThan(1e-5);
  expect(device.memory(), 'tensors left behind').toMatchObject({ tensors, tensorBytes });
}
