import * as tf from '@tensorflow/tfjs';
import { only } from './only.js';

/** [B,T,F] with its time steps in the opposite order: a layer with `goBackwards` gives them so. */
export class ReverseTime extends tf.layers.Layer {
  static className = 'ReverseTime';

  constructor(config) {
    super(config);
    this.supportsMasking = true;
  }

  computeOutputShape(inputShape) {
    return inputShape;
  }

  call(inputs) {
    return tf.reverse(only(inputs), 1);
  }
}
tf.serialization.registerClass(ReverseTime);
