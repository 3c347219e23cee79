import * as tf from '@tensorflow/tfjs';
import { Attention } from './attention.js';

/** Score q · m (Luong et al. 2015), over √F where it is scaled. Without a query, q is learned. */
export class DotAttention extends Attention {
  static className = 'DotAttention';

  constructor(config) {
    super(config);
    this.scaled = config.scaled;
  }

  build(inputShape) {
    const [memory, query] = Array.isArray(inputShape[0]) ? inputShape : [inputShape];
    const normal = tf.initializers.randomNormal({});
    if (query === undefined) this.vector = this.addWeight('vector', [memory[2]], 'float32', normal);
    this.built = true;
  }

  /** [B,Q,T]. */
  scores(memory, queries) {
    const [batch, , features] = memory.shape;
    const learned = () => tf.reshape(this.vector.read(), [1, 1, features]);
    const query = queries ?? tf.tile(learned(), [batch, 1, 1]);
    const scale = this.scaled ? 1 / Math.sqrt(features) : 1;
    return tf.mul(tf.matMul(query, memory, false, true), scale);
  }

  getConfig() {
    return { ...super.getConfig(), scaled: this.scaled };
  }
}
tf.serialization.registerClass(DotAttention);
