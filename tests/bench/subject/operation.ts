/** An operation as the compiler runs it, on whatever backend is open. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dotAttention } from '../../../src/main/engine/compile/attention.js';
import type { LayerNormKernel } from '../../../src/main/engine/kernels/layer-norm.js';
import { floats } from '../arrays.js';
import type { Arrays } from '../arrays.js';
import type { OperationSpec } from '../cases.js';
import type { Prepared } from './runtime.js';
import { values } from './values.js';

/** As in the layer norm block, and PyTorch's. */
const epsilon = 1e-5;

export async function prepareOperation(
  layerNorm: LayerNormKernel,
  spec: OperationSpec,
  given: Arrays,
): Promise<Prepared> {
  const { batch, timeSteps, features } = spec;
  const shape: [number, number, number] = [batch, timeSteps, features];
  const names = Object.keys(given).filter((name) => name !== 'upstream');
  const upstream = tf.tensor3d(floats(given, 'upstream'), shape);
  const inputs = names.map((name) => {
    const array = floats(given, name);
    return array.length === features ? tf.tensor1d(array) : tf.tensor3d(array, shape);
  });
  const cube = (tensor: Tensor | undefined): tf.Tensor3D => tf.reshape(tensor!, shape);
  const operation = (...[first, second, third]: Tensor[]): Tensor =>
    spec.operation === 'attention'
      ? dotAttention(cube(first), cube(second), cube(third), null).context
      : layerNorm(first!, second!, third!, epsilon);
  const gradients = (): { value: Tensor; grads: Tensor[] } =>
    tf.valueAndGrads(operation)(inputs, upstream);
  const { value, grads } = gradients();
  const results: Arrays = { output: await values(value) };
  for (const [i, name] of names.entries()) results[`d ${name}`] = await values(grads[i]!);
  tf.dispose([value, grads]);
  return {
    results,
    run: async () => {
      tf.dispose(Object.values(gradients()).flat());
    },
    dispose: () => tf.dispose([inputs, upstream]),
  };
}
