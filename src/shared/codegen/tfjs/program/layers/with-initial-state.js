import * as tf from '@tensorflow/tfjs';

/**
 * A recurrent layer that begins with given states: its inputs are the sequence, then h (and c), of both
 * directions in turn. The recurrent layers of TF.js can be given states too, but in a loaded model with
 * masks they hand them on to every recurrent layer that follows.
 */
export class WithInitialState extends tf.layers.Layer {
  static className = 'WithInitialState';

  /** @param config `layer` is the recurrent layer. */
  constructor(config) {
    super(config);
    this.layer = config.layer;
    this.supportsMasking = true;
  }

  build([sequence]) {
    this.layer.build(sequence);
    this.built = true;
  }

  computeOutputShape([sequence]) {
    return this.layer.computeOutputShape(sequence);
  }

  computeMask([sequence], masks) {
    return this.layer.computeMask(sequence, Array.isArray(masks) ? masks[0] : masks);
  }

  call([sequence, ...initialState], kwargs) {
    return this.layer.call(sequence, { ...kwargs, initialState });
  }

  get trainableWeights() {
    return this.layer.trainableWeights;
  }

  get nonTrainableWeights() {
    return this.layer.nonTrainableWeights;
  }

  getConfig() {
    const layer = { className: this.layer.getClassName(), config: this.layer.getConfig() };
    return { ...super.getConfig(), layer };
  }

  static fromConfig(cls, config) {
    const { className, config: inner } = config.layer;
    const [known, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[className];
    return new cls({ ...config, layer: fromConfig(known, inner) });
  }
}
tf.serialization.registerClass(WithInitialState);
