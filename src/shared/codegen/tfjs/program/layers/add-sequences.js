import * as tf from '@tensorflow/tfjs';

/** The sum of sequences with the same mask. `tf.layers.add` gives such a mask one axis too many. */
export class AddSequences extends tf.layers.Layer {
  static className = 'AddSequences';

  constructor(config) {
    super(config);
    this.supportsMasking = true;
  }

  computeOutputShape([first]) {
    return first;
  }

  computeMask(inputs, masks) {
    return Array.isArray(masks) ? masks[0] : masks;
  }

  call(inputs) {
    return tf.addN(inputs);
  }
}
tf.serialization.registerClass(AddSequences);
