/** Small records of a run, for tests. */
import type { RunEntry } from '../ipc/studio.js';
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

/** A run that waits. */
export const sampleRun = (values: Partial<RunEntry> = {}): RunEntry => ({
  id: '20260131-235959-a1b2',
  projectId: 'project',
  projectName: 'Project',
  folder: '/runs/20260131-235959-a1b2',
  created: '2026-01-31T23:59:59Z',
  seed: null,
  epochs: null,
  tags: [],
  note: '',
  series: null,
  parent: null,
  state: { phase: 'idle' },
  ...values,
});
