/** The trained network with its preprocessing, from the files of this folder. */
import type * as tf from '@tensorflow/tfjs';
import { Model } from './model.ts';
import { Preprocessor } from './preprocessing.ts';
import type { ModelInput } from './preprocessing.ts';
import { readSafetensors } from './safetensors.ts';

/** Gives a file of this folder. */
export type Read = (name: string) => Promise<Uint8Array>;

export interface Network {
  /** Logits of rows; call it inside `tf.tidy`. */
  forward(input: ModelInput): tf.Tensor;
  preprocessor: Preprocessor;
}

export async function load(read: Read): Promise<Network> {
  const [weights, preprocessing] = await Promise.all([
    read('model.safetensors'),
    read('preprocessing.json'),
  ]);
  const model = new Model();
  model.parameters.write(readSafetensors(weights));
  return {
    forward: (input) => model.forward(input),
    preprocessor: new Preprocessor(JSON.parse(new TextDecoder().decode(preprocessing))),
  };
}
