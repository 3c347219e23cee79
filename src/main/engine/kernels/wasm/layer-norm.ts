/** Layer normalisation in WebAssembly (assembly/layer-norm.ts). */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { withGradients } from '../../compile/gradient.js';
import { layerNormGradientsInOps, layerNormInOps } from '../layer-norm.js';
import type { LayerNormKernel } from '../layer-norm.js';
import { OutOfWasmMemory } from './arena.js';
import type { KernelRuntime } from './runtime.js';
import { makeTensor, valuesOf, wasmBackend } from './tensors.js';
import { Workspace } from './workspace.js';

/** Below so many values one thread is done before a second has woken up. */
const threadedValues = 32768;
const fieldCount = 10;
/** Mean, its correction and the scale of each row. */
const statistics = 3;
/** Rows are summed in at most so many chunks, so that no sum depends on the threads. */
const mostChunks = 32;
const fewestChunkRows = 8;

/** Rows too many for the kernels' memory go to TF.js' ops. */
export function wasmLayerNorm(runtime: KernelRuntime): LayerNormKernel {
  return (input, gamma, beta, epsilon) => {
    const given = { input, gamma, epsilon };
    try {
      return withGradients(
        [input, gamma, beta],
        () => forward(runtime, given, beta),
        (dy, [x, g, kept]) => {
          if (!x || !g || !kept) throw new Error('unreachable: they were saved');
          return backward(runtime, dy, { input: x, gamma: g, epsilon }, kept);
        },
      );
    } catch (error) {
      if (error instanceof OutOfWasmMemory) return layerNormInOps(input, gamma, beta, epsilon);
      throw error;
    }
  };
}

interface Given {
  input: Tensor;
  gamma: Tensor;
  epsilon: number;
}

function forward(
  { arena, memory, team }: KernelRuntime,
  { input, gamma, epsilon }: Given,
  beta: Tensor,
): { value: Tensor; saved: Tensor[] } {
  const [size, columns] = [input.size, gamma.size];
  const rows = size / columns;
  const backend = wasmBackend(tf.engine().backend);
  const space = new Workspace(arena, [fieldCount, size, columns, columns, rows * statistics, size]);
  try {
    const [job = 0, inputAt = 0, gammaAt = 0, betaAt = 0, keptAt = 0, outputAt = 0] = space.at;
    const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
    floats(inputAt, size).set(valuesOf(backend, input));
    floats(gammaAt, columns).set(valuesOf(backend, gamma));
    floats(betaAt, columns).set(valuesOf(backend, beta));
    // In the order in which assembly/layer-norm.ts reads them.
    const fields = [rows, columns, inputAt, gammaAt, keptAt, betaAt, outputAt];
    new Int32Array(memory.buffer, job, fieldCount).set(fields);
    floats(job, fieldCount)[fields.length] = epsilon;
    team.run('layerNorm', job, size >= threadedValues ? team.size : 1);
    const tensor = (shape: number[], at: number, length: number): Tensor =>
      tf.engine().makeTensorFromTensorInfo(makeTensor(backend, shape, floats(at, length)));
    const value = tensor(input.shape, outputAt, size);
    if (tf.engine().state.gradientDepth === 0) return { value, saved: [] };
    const kept = tensor([rows, statistics], keptAt, rows * statistics);
    return { value, saved: [input, gamma, kept] };
  } finally {
    space.release();
  }
}

function backward(
  { arena, memory, team }: KernelRuntime,
  dy: Tensor,
  { input, gamma, epsilon }: Given,
  kept: Tensor,
): Tensor[] {
  const [size, columns] = [input.size, gamma.size];
  const rows = size / columns;
  const chunkRows = Math.max(fewestChunkRows, Math.ceil(rows / mostChunks));
  const chunks = Math.ceil(rows / chunkRows);
  let space: Workspace;
  try {
    space = new Workspace(arena, [
      ...[fieldCount, size, columns, rows * statistics],
      ...[size, size, chunks * 2 * columns],
    ]);
  } catch (error) {
    if (error instanceof OutOfWasmMemory) return layerNormGradientsInOps(dy, input, gamma, epsilon);
    throw error;
  }
  try {
    const backend = wasmBackend(tf.engine().backend);
    const [job = 0, inputAt = 0, gammaAt = 0, keptAt = 0] = space.at;
    const [upstreamAt = 0, gradientAt = 0, partialsAt = 0] = space.at.slice(4);
    const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
    floats(inputAt, size).set(valuesOf(backend, input));
    floats(gammaAt, columns).set(valuesOf(backend, gamma));
    floats(keptAt, rows * statistics).set(valuesOf(backend, kept));
    floats(upstreamAt, size).set(valuesOf(backend, dy));
    const fields = [rows, columns, inputAt, gammaAt, keptAt];
    fields.push(upstreamAt, gradientAt, partialsAt, chunkRows);
    new Int32Array(memory.buffer, job, fieldCount).set(fields);
    team.run('layerNormBackward', job, size >= threadedValues ? Math.min(team.size, chunks) : 1);
    const sums = new Float64Array(2 * columns);
    const partials = floats(partialsAt, chunks * 2 * columns);
    for (let chunk = 0; chunk < partials.length; chunk += 2 * columns) {
      for (let j = 0; j < 2 * columns; j++) sums[j]! += partials[chunk + j]!;
    }
    const tensor = (shape: number[], values: Float32Array): Tensor =>
      tf.engine().makeTensorFromTensorInfo(makeTensor(backend, shape, values));
    return [
      tensor(input.shape, floats(gradientAt, size)),
      tensor(gamma.shape, Float32Array.from(sums.subarray(0, columns))),
      tensor(gamma.shape, Float32Array.from(sums.subarray(columns))),
    ];
  } finally {
    space.release();
  }
}
