/** The training loop: epochs, validation, early stopping. */
import * as tf from '@tensorflow/tfjs';
import { Random } from '../layers/random.ts';
import type { FloatTensor } from '../safetensors.ts';
import type { Batch } from './data.ts';
import { countOf, meanLoss, metric, metricSum } from './objective.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { epochBatches, evaluationBatches } from './order.ts';
import type { Dataset, Parts } from './parts.ts';
import type { Schedule } from './schedules/schedule.ts';
import { trainStep } from './step.ts';
import type { Clip, Trainable, TrainLoss } from './step.ts';

export interface Recipe {
  epochs: number;
  batchSize: number;
  clip: Clip;
  /** What is minimized, where that isn't the mean loss. */
  trainLoss?: TrainLoss;
  earlyStopping: {
    monitor: 'loss' | 'metric';
    /** Epochs without gain after which training ends. */
    patience: number;
    minimumChange: number;
    /** Puts the best epoch's weights back at the end. */
    restoreBest: boolean;
  } | null;
  /** Rows of similar length in a batch, so that little is padded. */
  bucketing: boolean;
  shuffle: boolean;
  seed: number;
}

export interface Scores {
  loss: number;
  /** Accuracy, or the mean absolute error in own units. */
  metric: number;
}

export interface Epoch {
  epoch: number;
  /** Mean of the batches' losses, without weight penalties. */
  trainLoss: number;
  validation: Scores | null;
  seconds: number;
}

export interface Training {
  model: Trainable;
  optimizer: Optimizer;
  schedule: Schedule;
  recipe: Recipe;
  data: Parts<Batch>;
  onEpoch(epoch: Epoch): void;
}

/** @returns the scores of the test part; null where it is empty. */
export async function fit(training: Training): Promise<Scores | null> {
  const { model, optimizer, schedule, recipe, data, onEpoch } = training;
  const { batchSize, earlyStopping } = recipe;
  const random = new Random(recipe.seed);
  const totalSteps = recipe.epochs * Math.ceil(data.train.size / batchSize);
  let step = 0;
  let best = Infinity;
  let bestWeights: Map<string, FloatTensor> | null = null;
  let epochsWithoutGain = 0;
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    const began = performance.now();
    let lossSum = 0;
    let count = 0;
    for (const examples of epochBatches(data.train.lengths, recipe, random)) {
      const batch = data.train.batch(examples);
      const learningRate = schedule.learningRate({ step, totalSteps, epoch });
      step += 1;
      const { clip, trainLoss } = recipe;
      const options = { learningRate, step, clip, random, trainLoss };
      const loss = await trainStep(model, optimizer, batch, options);
      if (!Number.isFinite(loss))
        throw new Error(`The loss is ${loss} at step ${step}: lower the learning rate.`);
      lossSum += loss * countOf(batch);
      count += countOf(batch);
    }
    const trainLoss = lossSum / count;
    const validation = await evaluate(model, data.validation, batchSize);
    const seconds = (performance.now() - began) / 1000;
    onEpoch({ epoch: epoch + 1, trainLoss, validation, seconds });

    schedule.afterEpoch?.(validation?.loss ?? trainLoss);
    const value = monitored(validation, trainLoss, earlyStopping?.monitor ?? 'loss');
    if (value < best - (earlyStopping?.minimumChange ?? 0)) {
      best = value;
      epochsWithoutGain = 0;
      if (earlyStopping?.restoreBest === true) bestWeights = await model.parameters.read();
    } else {
      epochsWithoutGain += 1;
    }
    if (earlyStopping !== null && epochsWithoutGain >= Math.max(1, earlyStopping.patience)) break;
  }
  if (bestWeights !== null) model.parameters.write(bestWeights);
  return evaluate(model, data.test, batchSize);
}

/** Lower is better. Without a validation part, the training loss is all there is to go by. */
function monitored(validation: Scores | null, trainLoss: number, what: 'loss' | 'metric'): number {
  if (validation === null) return trainLoss;
  if (what === 'loss') return validation.loss;
  return metric.higherIsBetter ? -validation.metric : validation.metric;
}

/** Without dropout, over the whole dataset; null for an empty one. */
export async function evaluate(
  model: Trainable,
  dataset: Dataset<Batch>,
  batchSize: number,
): Promise<Scores | null> {
  if (dataset.size === 0) return null;
  let loss = 0;
  let sum = 0;
  let count = 0;
  for (const examples of evaluationBatches(dataset.lengths, batchSize)) {
    const batch = dataset.batch(examples);
    const [mean, logits] = tf.tidy(() => {
      const output = model.forward(batch.input, null);
      return [meanLoss(output, batch), output];
    });
    const [[value], outputs] = await Promise.all([mean.data(), logits.data()]);
    tf.dispose([mean, logits]);
    loss += value * countOf(batch);
    sum += metricSum(Float32Array.from(outputs), batch);
    count += countOf(batch);
  }
  return { loss: loss / count, metric: sum / count };
}
