/** The trainable weights of a network, by name. */
import * as tf from '@tensorflow/tfjs';
import type { FloatTensor } from '../safetensors.ts';
import type { Initializer } from './initializers.ts';
import { Random } from './random.ts';

export interface Parameter {
  variable: tf.Variable;
  initialize: Initializer;
  /** The loss has l2 · Σw² in addition. */
  l2: number;
}

/** They are zeros until they are initialized for training, or read from a file. */
export class Parameters {
  readonly byName = new Map<string, Parameter>();

  matrix(
    name: string,
    shape: [rows: number, columns: number],
    initialize: Initializer,
    l2 = 0,
  ): tf.Variable<tf.Rank.R2> {
    const variable = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R2>(shape)));
    this.byName.set(name, { variable, initialize, l2 });
    return variable;
  }

  vector(name: string, size: number, initialize: Initializer): tf.Variable<tf.Rank.R1> {
    const variable = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([size])));
    this.byName.set(name, { variable, initialize, l2: 0 });
    return variable;
  }

  get variables(): tf.Variable[] {
    return Array.from(this.byName.values(), ({ variable }) => variable);
  }

  /** Weights to begin training with. */
  initialize(seed: number): void {
    const random = new Random(seed);
    for (const { variable, initialize } of this.byName.values()) {
      const values = initialize(variable.shape, random);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
  }

  /** Copies of all weights. */
  async read(): Promise<Map<string, FloatTensor>> {
    const tensors = new Map<string, FloatTensor>();
    for (const [name, { variable }] of this.byName)
      tensors.set(name, {
        shape: variable.shape,
        values: Float32Array.from(await variable.data()),
      });
    return tensors;
  }

  /** @throws Error where a weight is missing or has another shape. */
  write(tensors: ReadonlyMap<string, { shape: number[]; values: ArrayLike<number> }>): void {
    for (const [name, { variable }] of this.byName) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`There is no weight "${name}".`);
      if (tensor.shape.join() !== variable.shape.join())
        throw new Error(`"${name}" is [${tensor.shape}], the model has [${variable.shape}].`);
      tf.tidy(() =>
        variable.assign(tf.tensor(Float32Array.from(tensor.values), tensor.shape, 'float32')),
      );
    }
  }
}
