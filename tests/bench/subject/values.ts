import type { Tensor } from '@tensorflow/tfjs-core';

/** The tensor's values, in memory of their own. */
export async function values(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}
