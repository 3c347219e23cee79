/** Typed access to what TF.js hands a kernel, for backends whose tensors live in host memory. */
import { KernelBackend } from '@tensorflow/tfjs-core';
import type { DataType, NamedAttrMap, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';

/** The named input; a missing one is a defect of the caller. */
export function tensorInput(
  inputs: Record<string, TensorInfo | undefined>,
  name: string,
): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined) throw new Error(`kernel input "${name}" is missing`);
  return tensor;
}

export function numberAttribute(attrs: NamedAttrMap | undefined, name: string): number {
  const value = attrs?.[name];
  if (typeof value !== 'number') throw new Error(`kernel attribute "${name}" is not a number`);
  return value;
}

function kernelBackend(backend: object): KernelBackend {
  if (!(backend instanceof KernelBackend)) throw new Error('not a TF.js backend');
  return backend;
}

function isNumeric(values: unknown): values is TypedArray {
  return ArrayBuffer.isView(values) && !(values instanceof DataView);
}

/** The tensor's values. Read only: on the cpu backend this is the tensor's own memory. */
export function readHost(backend: object, tensor: TensorInfo): TypedArray {
  const values: unknown = kernelBackend(backend).readSync(tensor.dataId);
  if (!isNumeric(values)) throw new Error(`a ${tensor.dtype} tensor has no numeric values`);
  return values;
}

/** A new tensor that takes `values` over. */
export function writeHost(
  backend: object,
  values: TypedArray,
  shape: number[],
  dtype: DataType,
): TensorInfo {
  return { dataId: kernelBackend(backend).write(values, shape, dtype), shape, dtype };
}
