/** One optimizer step and one evaluation of a dataset. Neither leaves a tensor behind. */
import * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../compile/model.js';
import type { Batch, Dataset } from '../data/types.js';
import type { Device } from '../devices/types.js';
import { yieldToEventLoop } from './control.js';
import { lossTargets, meanLoss, predictions } from './loss.js';
import type { LossTargets } from './loss.js';
import { addBatch, emptyTally } from './metrics.js';
import type { Tally } from './metrics.js';
import type { Optimizer } from './optimizers.js';
import { evaluationBatches } from './order.js';
import type { Random } from './random.js';

export interface StepResult {
  /** Mean data loss of the batch before the update, without weight penalties. */
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
  /** 1-based. */
  step: number;
  dropout: Random;
}

export async function trainStep(
  model: Model,
  device: Device,
  optimizer: Optimizer,
  batch: Batch,
  { learningRate, step, dropout }: StepOptions,
): Promise<StepResult> {
  const targets = lossTargets(model.program.head, batch);
  let tensorBytes = 0;
  // Kept: what the loss function computes on the side would go with its scope.
  const kept: tf.Tensor[] = [];
  const { value: loss, grads } = tf.tidy(() =>
    tf.variableGrads(
      () => {
        const { logits } = model.forward(batch, dropout);
        kept.push(tf.keep(tf.clone(predictions(model.program.head, logits))));
        tensorBytes = device.memory().tensorBytes;
        return meanLoss(model.program.head, logits, targets);
      },
      model.parameters.map((p) => p.variable),
    ),
  );
  const gradients = model.parameters.map((p) => grads[p.variable.name] ?? null);
  try {
    const [gradientNorm, lossValues, predictedValues] = await Promise.all([
      optimizer.step(gradients, learningRate, step),
      loss.data(),
      kept[0]?.data() ?? [],
    ]);
    return {
      loss: lossValues[0] ?? NaN,
      gradientNorm,
      predicted: predictedValues,
      targets,
      tensorBytes,
    };
  } finally {
    tf.dispose([loss, grads, kept]);
  }
}

/**
 * Sums over the whole dataset, without dropout.
 * @param aborted asked between batches; true gives up and returns null.
 */
export async function evaluate(
  model: Model,
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
      return {
        loss: meanLoss(head, logits, targets),
        predicted: tf.clone(predictions(head, logits)),
      };
    });
    const [lossValues, predictedValues] = await Promise.all([loss.data(), predicted.data()]);
    tf.dispose([loss, predicted]);
    tally = addBatch(tally, lossValues[0] ?? NaN, predictedValues, targets, scales);
  }
  return tally;
}
