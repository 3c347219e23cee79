/** Functions of tensors with a gradient of our own, under TF.js' tape. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param forward the value, and the tensors that `backward` needs (they are kept for it).
 * @param backward d(loss)/dinput for each input, from d(loss)/dvalue.
 */
export function withGradients(
  inputs: tf.Tensor[],
  forward: () => { value: tf.Tensor; saved: tf.Tensor[] },
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...given) => {
    const save = given.at(-1);
    if (typeof save !== 'function')
      throw new Error('unreachable: TF.js passes the save function last');
    const { value, saved } = forward();
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, kept) };
  })(...inputs);
}

/** The same for a function of one tensor. */
export function withGradient(
  x: tf.Tensor,
  forward: (x: tf.Tensor) => { value: tf.Tensor; saved: tf.Tensor[] },
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor,
): tf.Tensor {
  return withGradients(
    [x],
    () => forward(x),
    (dy, saved) => [backward(dy, saved)],
  );
}
