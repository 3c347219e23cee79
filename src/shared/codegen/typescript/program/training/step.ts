/** One update of the weights. */
import * as tf from '@tensorflow/tfjs';
import type { Parameters } from '../layers/parameters.ts';
import type { Random } from '../layers/random.ts';
import type { ModelInput } from '../preprocessing.ts';
import type { Batch } from './data.ts';
import { meanLoss } from './objective.ts';
import type { Optimizer } from './optimizers/optimizer.ts';

/** What can be trained. */
export interface Trainable {
  parameters: Parameters;
  /** @param random source of dropout; null for inference. */
  forward(input: ModelInput, random: Random | null): tf.Tensor;
}

export interface Clip {
  /** Limit of the gradient's norm over all weights (Pascanu et al. 2013); null is none. */
  norm: number | null;
  /** Limit of each element of the gradient, before the norm; null is none. */
  value: number | null;
}

/** A scalar, from the network's output. */
export type TrainLoss = (output: tf.Tensor, batch: Batch) => tf.Scalar;

export interface StepOptions {
  learningRate: number;
  /** 1-based. */
  step: number;
  clip: Clip;
  random: Random | null;
  /** The mean loss where it is left out. */
  trainLoss?: TrainLoss;
}

/** @returns the loss before the update, without weight penalties. */
export async function trainStep(
  model: Trainable,
  optimizer: Optimizer,
  batch: Batch,
  { learningRate, step, clip, random, trainLoss = meanLoss }: StepOptions,
): Promise<number> {
  const parameters = Array.from(model.parameters.byName.values());
  const loss = tf.tidy(() => {
    const { value, grads } = tf.variableGrads(
      () => trainLoss(model.forward(batch.input, random), batch),
      parameters.map(({ variable }) => variable),
    );
    // l2 · Σw² is part of the loss: its derivative is 2 · l2 · w.
    const gradients = parameters.map(({ variable, l2 }) => {
      const gradient = grads[variable.name] ?? tf.zeros(variable.shape);
      return l2 === 0 ? gradient : tf.add(gradient, tf.mul(variable, 2 * l2));
    });
    optimizer.apply(clipped(gradients, clip), learningRate, step);
    return value;
  });
  const [value] = await loss.data();
  loss.dispose();
  return value;
}

function clipped(gradients: tf.Tensor[], { norm, value }: Clip): tf.Tensor[] {
  if (value !== null) gradients = gradients.map((g) => tf.clipByValue(g, -value, value));
  if (norm === null) return gradients;
  const squares = gradients.map((g) => tf.sum(tf.square(g)));
  const present = tf.sqrt(tf.addN(squares));
  // As PyTorch's clip_grad_norm_: 1e-6 keeps a zero gradient from dividing by zero.
  const factor = tf.minimum(1, tf.div(norm, tf.add(present, 1e-6)));
  return gradients.map((g) => tf.mul(g, factor));
}
