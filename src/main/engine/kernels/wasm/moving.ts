/**
 * TF.js kernels that only move values. The wasm backend's stock `GatherV2` works out each element's
 * place from strides, some twenty times as long as copying rows, and its `Identity`, which the tape calls
 * for every value that it keeps, copies although no kernel ever writes to its input.
 */
import { GatherV2, Identity } from '@tensorflow/tfjs-core';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { tensorInput } from '../host-tensors.js';
import { idsOf, valuesOf, wasmBackend } from './tensors.js';

/** Rows of a matrix by their number; all else is left to the stock kernel, wrong ids too. */
export function wasmGather(stock: KernelFunc): KernelConfig {
  const kernelFunc: KernelFunc = (call) => {
    const { inputs, attrs } = call;
    const x = tensorInput(inputs, 'x');
    const indices = tensorInput(inputs, 'indices');
    const [rows = 0, ...rest] = x.shape;
    const backend = wasmBackend(call.backend);
    if (attrs?.['axis'] !== 0 || attrs['batchDims'] !== 0 || x.dtype !== 'float32')
      return stock(call);
    if (idsOf(backend, indices).some((id) => id < 0 || id >= rows)) return stock(call);
    const output = backend.makeOutput([...indices.shape, ...rest], 'float32');
    const width = rest.reduce((size, n) => size * n, 1);
    // After the allocation, which may move the memory.
    const to = valuesOf(backend, output);
    const from = valuesOf(backend, x).byteOffset / 4;
    const heap = new Float32Array(to.buffer);
    let at = to.byteOffset / 4;
    for (const id of idsOf(backend, indices)) {
      heap.copyWithin(at, from + id * width, from + (id + 1) * width);
      at += width;
    }
    return output;
  };
  return { kernelName: GatherV2, backendName: 'wasm', kernelFunc };
}

/** Shares the values; they go when the last tensor that has them goes. */
export function wasmIdentity(stock: KernelFunc): KernelConfig {
  const kernelFunc: KernelFunc = (call): TensorInfo | TensorInfo[] => {
    const { dataId, shape, dtype } = tensorInput(call.inputs, 'x');
    if (dtype === 'string') return stock(call);
    wasmBackend(call.backend).incRef(dataId);
    return { dataId, shape, dtype };
  };
  return { kernelName: Identity, backendName: 'wasm', kernelFunc };
}
