/** A function of one tensor with a gradient of its own. */
import * as tf from '@tensorflow/tfjs';

/**
 * @param forward the value, and a tensor that is kept for the gradient.
 * @param backward d(loss)/dx from d(loss)/dvalue and what was kept.
 */
export function withGradient(
  x: tf.Tensor,
  forward: (x: tf.Tensor) => { value: tf.Tensor; kept: tf.Tensor },
  backward: (dy: tf.Tensor, kept: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  return tf.customGrad((...given) => {
    const [input, save] = given;
    if (!(input instanceof tf.Tensor) || typeof save !== 'function')
      throw new Error('TF.js passes the tensor and a function that keeps tensors');
    const { value, kept } = forward(input);
    save([kept]);
    return { value, gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => backward(dy, saved) };
  })(x);
}
