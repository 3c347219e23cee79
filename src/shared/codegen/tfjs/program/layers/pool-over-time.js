import * as tf from '@tensorflow/tfjs';
import { only } from './only.js';
import { stepMask } from './step-mask.js';

/** [B,T,F] → [B,F] over the steps that are not masked; a row without such a step gives zeros. */
export class PoolOverTime extends tf.layers.Layer {
  static className = 'PoolOverTime';

  /** @param config `mode` is mean, max or sum. */
  constructor(config) {
    super(config);
    this.mode = config.mode;
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
      const real = tf.expandDims(stepMask(x, kwargs), 2);
      if (this.mode === 'max') {
        const padding = tf.mul(tf.sub(1, real), -1e30);
        return tf.mul(tf.max(tf.add(x, padding), 1), tf.max(real, 1));
      }
      const sum = tf.sum(tf.mul(x, real), 1);
      return this.mode === 'sum' ? sum : tf.div(sum, tf.maximum(tf.sum(real, 1), 1));
    });
  }

  getConfig() {
    return { ...super.getConfig(), mode: this.mode };
  }
}
tf.serialization.registerClass(PoolOverTime);
