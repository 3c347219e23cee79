/** A function of one tensor with a gradient of our own, under TF.js' tape. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param forward the value, and the tensors that `backward` needs (they are kept for it).
 * @param backward d(loss)/dx from d(loss)/dvalue.
 */
export function withGradient(
  x: tf.Tensor,
  forward: (x: tf.Tensor) => { value: tf.Tensor; saved: tf.Tensor[] },
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor,
): tf.Tensor {
  return tf.customGrad((...given) => {
    const [input, save] = given;
    if (!(input instanceof tf.Tensor) || typeof save !== 'function')
      throw new Error('unreachable: TF.js passes the tensor and the save function');
    const { value, saved } = forward(input);
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => backward(dy, kept) };
  })(x);
}
