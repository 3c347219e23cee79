import * as tf from '@tensorflow/tfjs';
import { only } from './only.js';
import { stepMask } from './step-mask.js';

/** [B,T,F] → [B,F] at the last step that is not masked; a row without such a step gives zeros. */
export class LastStep extends tf.layers.Layer {
  static className = 'LastStep';

  constructor(config) {
    super(config);
    this.supportsMasking = true;
  }

  computeOutputShape([batch, , features]) {
    return [batch, features];
  }

  computeMask() {
    return null;
  }

  call(inputs, kwargs) {
    return tf.tidy(() => {
      const x = only(inputs);
      const real = stepMask(x, kwargs);
      // The last real step is where the mask falls to 0 behind it.
      const padding = [
        [0, 0],
        [0, 1],
      ];
      const following = tf.slice(tf.pad(real, padding), [0, 1], real.shape);
      return tf.sum(tf.mul(x, tf.expandDims(tf.sub(real, following), 2)), 1);
    });
  }
}
tf.serialization.registerClass(LastStep);
