/** How the network is trained. */
import type * as tf from '@tensorflow/tfjs';
import type { Recipe } from './training/fit.ts';
import { Adam } from './training/optimizers/adam.ts';
import type { Optimizer } from './training/optimizers/optimizer.ts';
import { constant } from './training/schedules/constant.ts';

export const recipe: Recipe = {
  epochs: 12,
  batchSize: 32,
  clip: { norm: 1, value: null },
  earlyStopping: {
    monitor: 'loss',
    patience: 3,
    minimumChange: 0,
    restoreBest: true,
  },
  bucketing: true,
  shuffle: true,
  seed: 42,
};

export const schedule = constant(0.002);

export const createOptimizer = (variables: tf.Variable[]): Optimizer =>
  new Adam(variables, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
