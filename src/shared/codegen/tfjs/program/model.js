/** The trained network with its preprocessing, from the files of this folder. */
import * as tf from '@tensorflow/tfjs';
import { Preprocessor } from './preprocessing.js';

export { describe, predict } from './predictions.js';

/**
 * @param read gives a file of this folder as bytes: `(name) => Promise<Uint8Array>`.
 * @returns what `predict` needs; `model` is the `tf.LayersModel`.
 */
export async function load(read) {
  const [topology, weights, preprocessing] = await Promise.all([
    read('model.json'),
    read('weights.bin'),
    read('preprocessing.json'),
  ]);
  const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
  const { modelTopology, weightsManifest } = json(topology);
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: new Uint8Array(weights).buffer,
    }),
  );
  return {
    model,
    forward: (input) => forward(model, input),
    preprocessor: new Preprocessor(json(preprocessing)),
  };
}

/** Logits [B,C] or [B,T,C]. */
function forward(model, input) {
  const [rows] = input.shape;
  const tensor =
    input.ids === undefined
      ? tf.tensor3d(input.values, input.shape)
      : tf.tensor2d(input.ids, input.shape, 'int32');
  return model.predict(tensor, { batchSize: rows });
}
