/** Values of TF.js' wasm backend, where they lie in its memory. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

export function wasmBackend(backend: object): BackendWasm {
  if (!(backend instanceof BackendWasm)) throw new Error('not the wasm backend');
  return backend;
}

/** The tensor's values; the view is valid until TF.js allocates again. */
export function valuesOf(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  const values = backend.typedArrayFromHeap(tensor);
  if (!(values instanceof Float32Array)) throw new Error('expected a float32 tensor');
  return values;
}

export function idsOf(backend: BackendWasm, tensor: TensorInfo): Int32Array {
  const values = backend.typedArrayFromHeap(tensor);
  if (!(values instanceof Int32Array)) throw new Error('expected an int32 tensor');
  return values;
}

export function makeTensor(
  backend: BackendWasm,
  shape: number[],
  values: Float32Array,
): TensorInfo {
  const tensor = backend.makeOutput(shape, 'float32');
  valuesOf(backend, tensor).set(values);
  return tensor;
}
