/**
 * Adam and AdamW in place on all threads (assembly/updates.ts), over all weights as one vector in the
 * kernels' memory. Moments below 1e-30 become 0.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { adamConstants } from '../adam-constants.js';
import type { AdamVectors } from '../adam-vectors.js';
import { OutOfWasmMemory } from './arena.js';
import type { KernelRuntime } from './runtime.js';
import { makeTensor, valuesOf, wasmBackend } from './tensors.js';
import { Workspace } from './workspace.js';

/** Below so many weights one thread is done before a second has woken up. */
const threadedWeights = 32768;
const fieldCount = 16;
const noLimit = 3e38;
/** 512 MiB of vectors: the rest of the memory is for what layers keep. */
const mostWeights = 2 ** 25;

/** @throws OutOfWasmMemory */
export function wasmAdam(runtime: KernelRuntime, size: number): AdamVectors {
  if (size > mostWeights)
    throw new OutOfWasmMemory(`${size} weights are too many for Adam's vectors`);
  const { memory, team, arena } = runtime;
  const partialCount = 2 * runtime.squareChunks(size);
  const whole = 4 * Math.ceil(size / 4);
  const space = new Workspace(arena, [
    fieldCount,
    ...[whole, whole, whole, whole],
    2 * partialCount,
  ]);
  const [job = 0, weightsAt = 0, gradientAt = 0, firstAt = 0, secondAt = 0, partialsAt = 0] =
    space.at;
  // Anew each time: the memory may have grown.
  const vector = (at: number): Float32Array => new Float32Array(memory.buffer, at, size);
  for (const at of [weightsAt, gradientAt, firstAt, secondAt])
    new Float32Array(memory.buffer, at, whole).fill(0);
  const shares = size >= threadedWeights ? team.size : 1;
  const backend = () => wasmBackend(tf.engine().backend);

  return {
    weights: () => vector(weightsAt),
    gradient: () => vector(gradientAt),
    slots: () => [vector(firstAt), vector(secondAt)],
    take(gradient: Tensor, offset: number) {
      vector(gradientAt).set(valuesOf(backend(), gradient), offset);
    },
    give(variable, offset) {
      const values = vector(weightsAt).subarray(offset, offset + variable.size);
      // Not in place: XNNPACK's operators keep packed weights by tensor.
      const info = makeTensor(backend(), variable.shape, values);
      const next = tf.engine().makeTensorFromTensorInfo(info);
      variable.assign(next);
      next.dispose();
    },
    norms(clipValue) {
      const fields = new DataView(memory.buffer, job, 4 * fieldCount);
      [size, gradientAt, partialsAt].forEach((value, i) => fields.setInt32(4 * i, value, true));
      fields.setFloat32(12, clipValue ?? noLimit, true);
      team.run('squares', job, shares);
      const partials = new Float64Array(memory.buffer, partialsAt, partialCount);
      let [raw, clipped] = [0, 0];
      for (let i = 0; i < partialCount; i += 2) {
        raw += partials[i]!;
        clipped += partials[i + 1]!;
      }
      return { raw: Math.sqrt(raw), clipped: Math.sqrt(clipped) };
    },
    update(recipe, weightDecay, factor, learningRate, t) {
      const fields = new DataView(memory.buffer, job, 4 * fieldCount);
      [weightsAt, firstAt, secondAt].forEach((value, i) =>
        fields.setInt32(16 + 4 * i, value, true),
      );
      const constants = [factor, ...adamConstants(recipe, weightDecay, learningRate, t)];
      constants.forEach((value, i) => fields.setFloat32(28 + 4 * i, value, true));
      team.run('adam', job, shares);
    },
    dispose: () => space.release(),
  };
}
