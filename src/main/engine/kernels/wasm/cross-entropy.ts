/** Softmax cross-entropy in WebAssembly (assembly/cross-entropy.ts). */
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../../compile/gradient.js';
import { crossEntropyInOps } from '../cross-entropy.js';
import type {
  CrossEntropyKernel,
  CrossEntropyOutputs,
  CrossEntropyTargets,
} from '../cross-entropy.js';
import { OutOfWasmMemory } from './arena.js';
import type { KernelRuntime } from './runtime.js';
import { makeTensor, valuesOf, wasmBackend } from './tensors.js';
import { Workspace } from './workspace.js';

/** Below so many scores one thread is done before a second has woken up. */
const threadedScores = 16384;

/** Scores too many for the kernels' memory go to TF.js' ops. */
export function wasmCrossEntropy(runtime: KernelRuntime): CrossEntropyKernel {
  return (logits, targets) => {
    try {
      return compute(runtime, logits, targets);
    } catch (error) {
      if (error instanceof OutOfWasmMemory) return crossEntropyInOps(logits, targets);
      throw error;
    }
  };
}

function compute(
  { arena, memory, team }: KernelRuntime,
  logits: tf.Tensor2D,
  { ids, weights }: CrossEntropyTargets,
): CrossEntropyOutputs {
  const [rows, classes] = logits.shape;
  const differentiable = tf.engine().state.gradientDepth > 0;
  let predicted: Int32Array = new Int32Array(0);

  const forward = (scores: tf.Tensor): { value: tf.Tensor; saved: tf.Tensor[] } => {
    const backend = wasmBackend(tf.engine().backend);
    const size = rows * classes;
    const space = new Workspace(arena, [
      9,
      size,
      rows,
      rows,
      differentiable ? size : 0,
      rows,
      rows,
      rows,
    ]);
    try {
      const [job = 0, scoresAt = 0, idsAt = 0, weightsAt = 0, gradientAt = 0] = space.at;
      const [sumsAt = 0, gapsAt = 0, predictedAt = 0] = space.at.slice(5);
      const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
      floats(scoresAt, size).set(valuesOf(backend, scores));
      new Int32Array(memory.buffer, idsAt, rows).set(ids);
      floats(weightsAt, rows).set(weights);
      // In the order in which assembly/cross-entropy.ts reads them.
      new Int32Array(memory.buffer, job, 9).set([
        rows,
        classes,
        scoresAt,
        idsAt,
        weightsAt,
        differentiable ? gradientAt : 0,
        sumsAt,
        gapsAt,
        predictedAt,
      ]);
      team.run('crossEntropy', job, size >= threadedScores ? team.size : 1);
      predicted = new Int32Array(memory.buffer, predictedAt, rows).slice();
      const [sums, gaps] = [floats(sumsAt, rows), floats(gapsAt, rows)];
      let loss = 0;
      for (let i = 0; i < rows; i++) loss += weights[i]! * (Math.log(sums[i]!) + gaps[i]!);
      const saved = differentiable
        ? [makeTensor(backend, [rows, classes], floats(gradientAt, size))]
        : [];
      return {
        value: tf.scalar(loss),
        saved: saved.map((info) => tf.engine().makeTensorFromTensorInfo(info)),
      };
    } finally {
      space.release();
    }
  };
  const loss = withGradient(logits, forward, (dy, [gradient]) => {
    if (gradient === undefined) throw new Error('unreachable: it was saved');
    return tf.mul(dy, gradient);
  });
  return { loss: tf.reshape<tf.Rank.R0>(loss, []), predicted };
}
