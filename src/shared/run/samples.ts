/** Small records of a run, for tests. */
import type { RunSummary, Scores } from './events.js';

export const sampleScores = (values: Partial<Scores> = {}): Scores => ({
  loss: 0.5,
  accuracy: null,
  perplexity: null,
  meanAbsoluteError: null,
  rootMeanSquaredError: null,
  persistenceMeanAbsoluteError: null,
  ...values,
});

export const sampleSummary = (values: Partial<RunSummary> = {}): RunSummary => ({
  reason: 'completed',
  epochs: 2,
  bestEpoch: 1,
  step: 20,
  train: sampleScores(),
  validation: sampleScores(),
  test: null,
  seconds: 11,
  device: 'cpu',
  parameters: 10,
  peakTensorBytes: 1,
  ...values,
});
