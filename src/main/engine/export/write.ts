/** Puts what a code generator made into a folder: its text files, and its weight files in their formats. */
import { dirname, join } from 'node:path';
import type { IrProgram } from '#shared/ir/types';
import type {
  GeneratedExport,
  ParameterValues,
  TargetTensor,
  WeightFile,
} from '#shared/codegen/types';
import { bytesOf, fileError, makeFolder, writeWhole } from '../train/files.js';
import { encodeOnnx } from './onnx.js';
import { encodeSafetensors } from './safetensors.js';

/** @param weights all of a run's, in the program's parameter order. */
export function parameterValues(program: IrProgram, weights: Float32Array): ParameterValues {
  const values = new Map<string, Float32Array>();
  let offset = 0;
  for (const { id, shape } of program.parameters) {
    const size = shape.reduce((product, n) => product * n, 1);
    values.set(id, weights.subarray(offset, offset + size));
    offset += size;
  }
  if (offset !== weights.length)
    throw new Error(`${weights.length} weights for ${offset} parameters`);
  return values;
}

/** @throws StudioError `disk-full` or `folder-not-writable`. */
export async function writeGenerated(
  folder: string,
  generated: GeneratedExport,
  parameters: ParameterValues,
): Promise<void> {
  for (const { path, text } of generated.files) {
    const target = join(folder, path);
    await makeFolder(dirname(target));
    await writeWhole(target, text);
  }
  await writeWeights(folder, generated.weights, parameters);
  for (const { path, model } of generated.models ?? [])
    await writeWhole(join(folder, path), encodeOnnx(model, parameters));
}

/** The weight files alone. */
export async function writeWeights(
  folder: string,
  files: readonly WeightFile[],
  parameters: ParameterValues,
): Promise<void> {
  for (const { path, format, tensors } of files) {
    const target = join(folder, path);
    await makeFolder(dirname(target));
    const named = tensors.map((tensor) => [tensor.name, valuesOf(tensor, parameters)] as const);
    switch (format) {
      case 'safetensors':
        await writeWhole(target, encodeSafetensors(named));
        break;
      case 'raw':
        await writeWhole(target, Buffer.concat(named.map(([, { values }]) => bytesOf(values))));
        break;
      case 'h5':
        await writeHdf5(target, named);
    }
  }
}

interface FloatTensor {
  shape: number[];
  values: Float32Array;
}

function valuesOf(tensor: TargetTensor, parameters: ParameterValues): FloatTensor {
  const values = tensor.values(parameters);
  const size = tensor.shape.reduce((product, n) => product * n, 1);
  if (values.length !== size)
    throw new Error(`${tensor.name}: ${values.length} values, its shape has ${size}`);
  return { shape: tensor.shape, values };
}

/** Names are paths; their groups are made. h5wasm is the HDF5 C library, compiled to WebAssembly. */
async function writeHdf5(
  path: string,
  tensors: readonly (readonly [string, FloatTensor])[],
): Promise<void> {
  // 4 MB, for those who need them.
  const { default: h5wasm } = await import('h5wasm/node');
  await h5wasm.ready;
  // It writes through Node's own files, but its errors name no cause: this one does.
  await writeWhole(path, '');
  const file = new h5wasm.File(path, 'w');
  try {
    const made = new Set<string>();
    for (const [name, { shape, values }] of tensors) {
      const groups = name.split('/').slice(0, -1);
      groups.forEach((_, depth) => {
        const group = groups.slice(0, depth + 1).join('/');
        if (!made.has(group)) file.create_group(group);
        made.add(group);
      });
      file.create_dataset({ name, data: values, shape, dtype: '<f' });
    }
  } catch (error) {
    throw fileError(error, path);
  } finally {
    file.close();
  }
}
