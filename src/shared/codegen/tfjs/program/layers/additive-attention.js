import * as tf from '@tensorflow/tfjs';
import { Attention } from './attention.js';

/** Score v · tanh(q Wq + m Wm + b) (Bahdanau et al. 2015). */
export class AdditiveAttention extends Attention {
  static className = 'AdditiveAttention';

  /** @param config `units` is the size of the scoring network. */
  constructor(config) {
    super(config);
    this.units = config.units;
  }

  build(inputShape) {
    const [memory, query] = Array.isArray(inputShape[0]) ? inputShape : [inputShape];
    const { units } = this;
    const glorot = tf.initializers.glorotUniform({});
    const matrix = (name, shape) =>
      this.addWeight(name, [shape[shape.length - 1], units], 'float32', glorot);
    if (query !== undefined) this.queryKernel = matrix('query_kernel', query);
    this.memoryKernel = matrix('memory_kernel', memory);
    this.bias = this.addWeight('bias', [units], 'float32', tf.initializers.zeros());
    this.vector = this.addWeight('vector', [units], 'float32', tf.initializers.randomNormal({}));
    this.built = true;
  }

  /** [B,Q,T]. */
  scores(memory, queries) {
    const { units } = this;
    const [batch, steps] = memory.shape;
    const count = queries?.shape[1] ?? 1;
    // [B,1,T,units] and [B,Q,1,units] add up to [B,Q,T,units].
    let sum = tf.reshape(product(memory, this.memoryKernel.read()), [batch, 1, steps, units]);
    if (queries !== null) {
      const projected = product(queries, this.queryKernel.read());
      sum = tf.add(sum, tf.reshape(projected, [batch, count, 1, units]));
    }
    const hidden = tf.tanh(tf.add(sum, this.bias.read()));
    const scores = product(hidden, tf.reshape(this.vector.read(), [units, 1]));
    return tf.reshape(scores, [batch, count, steps]);
  }

  getConfig() {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(AdditiveAttention);

/** [...,I] · [I,O] → [rows,O]. */
function product(x, kernel) {
  const inputs = kernel.shape[0];
  return tf.matMul(tf.reshape(x, [x.size / inputs, inputs]), kernel);
}
