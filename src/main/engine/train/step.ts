/** One optimizer step and one evaluation of a dataset. Neither leaves a tensor behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../compile/model.js';
import type { Batch, Dataset } from '../data/types.js';
import type { Device } from '../devices/types.js';
import { yieldToEventLoop } from './control.js';
import { judge, lossTargets } from './loss.js';
import type { LossTargets, Verdict } from './loss.js';
import { addBatch, emptyTally } from './metrics.js';
import type { Tally } from './metrics.js';
import type { Optimizer } from './optimizers.js';
import { evaluationBatches } from './order.js';
import type { Random } from './random.js';

export interface StepResult {
  /** Mean data loss of the batch before the update, with class weights, without weight penalties. */
  loss: number;
  /** Global norm before clipping, weight penalties included. */
  gradientNorm: number;
  /** Predicted ids, or values for a forecast. */
  predicted: ArrayLike<number>;
  targets: LossTargets;
  /** Bytes held when the forward pass was done: the activations kept for the backward pass. */
  tensorBytes: number;
}

export interface StepOptions {
  learningRate: number;
  /** Of this optimizer, 1-based. */
  step: number;
  dropout: Random;
  /** By class id; null or left out: all count the same. */
  classWeights?: readonly number[] | null;
}

export async function trainStep(
  model: Model,
  device: Device,
  optimizer: Optimizer,
  batch: Batch,
  { learningRate, step, dropout, classWeights = null }: StepOptions,
): Promise<StepResult> {
  const targets = lossTargets(model.program.head, batch);
  let tensorBytes = 0;
  // Kept: what the loss function computes on the side would go with its scope.
  let predicted: Verdict['predicted'] = new Int32Array(0);
  const { value: loss, grads } = tf.tidy(() =>
    tf.variableGrads(
      () => {
        const { logits } = model.forward(batch, dropout);
        tensorBytes = device.memory().tensorBytes;
        const verdict = judge(device, model.program.head, logits, targets, classWeights);
        predicted = keep(verdict.predicted);
        return verdict.loss;
      },
      model.parameters.map((p) => p.variable),
    ),
  );
  const gradients = model.parameters.map((p) => grads[p.variable.name] ?? null);
  try {
    const [gradientNorm, lossValues, predictedValues] = await Promise.all([
      optimizer.step(gradients, learningRate, step),
      loss.data(),
      read(predicted),
    ]);
    return {
      loss: lossValues[0] ?? NaN,
      gradientNorm,
      predicted: predictedValues,
      targets,
      tensorBytes,
    };
  } finally {
    tf.dispose([loss, grads, predicted]);
  }
}

/** Past the end of the scope in which it was computed. */
const keep = (predicted: Verdict['predicted']): Verdict['predicted'] =>
  predicted instanceof tf.Tensor ? tf.keep(tf.clone(predicted)) : predicted;

const read = async (predicted: Verdict['predicted']): Promise<ArrayLike<number>> =>
  predicted instanceof tf.Tensor ? predicted.data() : predicted;

/**
 * Sums over the whole dataset, without dropout and class weights.
 * @param aborted asked between batches; true gives up and returns null.
 */
export async function evaluate(
  model: Model,
  device: Device,
  dataset: Dataset,
  batchSize: number,
  scales: readonly number[],
  aborted: () => boolean = () => false,
): Promise<Tally | null> {
  const { head } = model.program;
  let tally = emptyTally();
  for (const indices of evaluationBatches(dataset.lengths, batchSize)) {
    await yieldToEventLoop();
    if (aborted()) return null;
    const batch = dataset.batch(indices);
    const targets = lossTargets(head, batch);
    const { loss, predicted } = tf.tidy(() => {
      const { logits } = model.forward(batch, null);
      const verdict = judge(device, head, logits, targets);
      return { loss: verdict.loss, predicted: keep(verdict.predicted) };
    });
    const [lossValues, predictedValues] = await Promise.all([loss.data(), read(predicted)]);
    tf.dispose([loss, predicted]);
    tally = addBatch(tally, lossValues[0] ?? NaN, predictedValues, targets, scales);
  }
  return tally;
}
