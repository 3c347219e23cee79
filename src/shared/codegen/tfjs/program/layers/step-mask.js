import * as tf from '@tensorflow/tfjs';

/** [B,T]: 1 at steps that are not masked; all of them where there is no mask. */
export function stepMask(x, kwargs) {
  const [batch, steps] = x.shape;
  const mask = kwargs?.mask ?? null;
  return mask === null ? tf.ones([batch, steps]) : tf.cast(mask, 'float32');
}
