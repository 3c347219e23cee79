import * as tf from '@tensorflow/tfjs';

/** One step of `ResetAfterGRU`. Gates in the order z r h; the bias has a row for x W and one for h U. */
class ResetAfterGRUCell extends tf.layers.RNNCell {
  static className = 'ResetAfterGRUCell';

  constructor(config) {
    super(config);
    this.units = config.units;
    this.stateSize = config.units;
  }

  build(inputShape) {
    const { units } = this;
    const inputs = inputShape[inputShape.length - 1];
    const glorot = tf.initializers.glorotUniform({});
    const zeros = tf.initializers.zeros();
    this.kernel = this.addWeight('kernel', [inputs, 3 * units], 'float32', glorot);
    this.recurrentKernel = this.addWeight(
      'recurrent_kernel',
      [units, 3 * units],
      'float32',
      glorot,
    );
    this.bias = this.addWeight('bias', [2, 3 * units], 'float32', zeros);
    this.built = true;
  }

  /** x [B,inputs] and h [B,units] → output and next state, which are the same. */
  call([x, h]) {
    return tf.tidy(() => {
      const [inputBias, recurrentBias] = tf.unstack(this.bias.read());
      const [xz, xr, xh] = tf.split(tf.add(tf.matMul(x, this.kernel.read()), inputBias), 3, 1);
      const product = tf.add(tf.matMul(h, this.recurrentKernel.read()), recurrentBias);
      const [hz, hr, hh] = tf.split(product, 3, 1);
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const candidate = tf.tanh(tf.add(xh, tf.mul(r, hh)));
      const next = tf.add(candidate, tf.mul(z, tf.sub(h, candidate)));
      return [next, next];
    });
  }

  getConfig() {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(ResetAfterGRUCell);

/**
 * A GRU whose reset gate multiplies after the recurrent product (cuDNN, PyTorch, Keras 3; Cho et al.
 * 2014): h~ = tanh(x Wh + b + r ⊙ (h Uh + b')). `tf.layers.gru` has the other kind only.
 */
export class ResetAfterGRU extends tf.layers.RNN {
  static className = 'ResetAfterGRU';

  constructor(config) {
    super({ ...config, cell: new ResetAfterGRUCell({ units: config.units }) });
  }

  static fromConfig(cls, config) {
    return new cls(config);
  }
}
tf.serialization.registerClass(ResetAfterGRU);
