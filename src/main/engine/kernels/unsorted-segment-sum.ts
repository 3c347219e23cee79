/**
 * `UnsortedSegmentSum` by direct scatter-add: the gradient of every embedding lookup. The wasm backend
 * has none, and the cpu backend's stock kernel takes one pass over all rows for each word of the
 * vocabulary; this one takes O(rows · features) whatever the vocabulary.
 */
import { UnsortedSegmentSum, util } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { numberAttribute, readHost, tensorInput, writeHost } from './host-tensors.js';

/**
 * x [...ids, ...features], segmentIds [...ids] int32 → [numSegments, ...features].
 * Negative ids and ids ≥ numSegments are dropped, as in TensorFlow.
 */
const unsortedSegmentSum: KernelFunc = ({ inputs, attrs, backend }) => {
  const x = tensorInput(inputs, 'x');
  const segmentIds = tensorInput(inputs, 'segmentIds');
  const numSegments = numberAttribute(attrs, 'numSegments');
  const featureShape = x.shape.slice(segmentIds.shape.length);
  const features = util.sizeFromShape(featureShape);
  const values = readHost(backend, x);
  const ids = readHost(backend, segmentIds);
  const sums =
    x.dtype === 'float32'
      ? new Float32Array(numSegments * features)
      : new Int32Array(numSegments * features);

  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row]!;
    if (segment < 0 || segment >= numSegments) continue;
    const from = row * features;
    const to = segment * features;
    for (let i = 0; i < features; i++) sums[to + i]! += values[from + i]!;
  }
  return writeHost(backend, sums, [numSegments, ...featureShape], x.dtype);
};

/** @param backendName one whose tensors live in host memory: `cpu` or `wasm`. */
export function unsortedSegmentSumConfig(backendName: 'cpu' | 'wasm'): KernelConfig {
  return { kernelName: UnsortedSegmentSum, backendName, kernelFunc: unsortedSegmentSum };
}
