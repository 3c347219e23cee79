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

/**
 * Copies rows [B, T, width] up to their lengths; what follows stays as it is.
 * @param lengths [B]; null for whole rows.
 */
export function copySteps(
  to: Float32Array,
  from: Float32Array,
  [, timeSteps, width]: readonly [number, number, number],
  lengths: Int32Array | null,
): void {
  if (lengths === null) to.set(from);
  lengths?.forEach((length, row) => {
    const start = row * timeSteps * width;
    to.set(from.subarray(start, start + length * width), start);
  });
}

/** A tensor of rows [B, T, width] that are zero behind their lengths. */
export function makeSequence(
  backend: BackendWasm,
  shape: [number, number, number],
  values: Float32Array,
  lengths: Int32Array | null,
): TensorInfo {
  const tensor = backend.makeOutput(shape, 'float32');
  const to = valuesOf(backend, tensor);
  const [, timeSteps, width] = shape;
  copySteps(to, values, shape, lengths);
  lengths?.forEach((length, row) =>
    to.fill(0, (row * timeSteps + length) * width, (row + 1) * timeSteps * width),
  );
  return tensor;
}
