import { describe, expect, it } from 'vitest';
import type { BatchRecord, EpochRecord, RunSummary } from '#shared/run/events';
import type { RunState } from '#shared/run/state';
import type { RunEntry } from '#shared/ipc/studio';
import { sampleRun, sampleScores as scores, sampleSummary as summary } from '#shared/run/samples';
import { endOf, eventLines, resumableStep, runToShow, stepsPerSecond } from './runFacts.js';

const epoch = (number: number, bestEpoch: number, learningRate = 0.001): EpochRecord => ({
  type: 'epoch',
  epoch: number,
  step: number * 10,
  train: scores(),
  validation: scores(),
  learningRate,
  bestEpoch,
  epochsWithoutGain: number - bestEpoch,
  elapsed: number * 5,
  memory: { tensors: 1, tensorBytes: 1, processBytes: 1 },
});

const entry = (id: string, projectId: string, state: RunState): RunEntry =>
  sampleRun({ id, projectId, state });

describe('runToShow', () => {
  const done: RunState = { phase: 'done', checkpointStep: 1, summary: summary() };
  const runs = [
    entry('d', 'mine', { phase: 'idle' }),
    entry('c', 'other', done),
    entry('b', 'mine', done),
    entry('a', 'mine', done),
  ];
  it('takes the chosen run, else the newest of the project that has begun, else none', () => {
    expect(runToShow(runs, 'a', 'mine')?.id).toBe('a');
    expect(runToShow(runs, 'c', 'mine')?.id).toBe('c');
    expect(runToShow(runs, null, 'mine')?.id).toBe('b');
    expect(runToShow(runs, 'deleted', 'mine')?.id).toBe('b');
    expect(runToShow(runs, null, 'new')).toBeNull();
  });
});

describe('resumableStep', () => {
  const error = { code: 'interrupted', message: '', hint: '', place: {} };
  it('offers to go on from a checkpoint after a failure or a stop, not after the end', () => {
    const done = (reason: RunSummary['reason']): RunState => ({
      phase: 'done',
      summary: summary({ reason }),
      checkpointStep: 20,
    });
    expect(resumableStep({ phase: 'failed', error, checkpointStep: 12 })).toBe(12);
    expect(resumableStep({ phase: 'failed', error, checkpointStep: null })).toBeNull();
    expect(resumableStep(done('stopped'))).toBe(20);
    expect(resumableStep(done('completed'))).toBeNull();
    expect(resumableStep({ phase: 'idle' })).toBeNull();
  });
});

describe('eventLines', () => {
  it('lists gains, epochs without one and drops of the learning rate, newest first', () => {
    const lines = eventLines([epoch(1, 1), epoch(2, 1), epoch(3, 1, 0.0005)], 5);
    expect(lines.map((line) => line.text)).toEqual([
      'Epoch 3: no gain, 2 of 5',
      'Learning rate 5e-4',
      'Epoch 2: no gain, 1 of 5',
      'Epoch 1: best so far',
    ]);
    expect(lines[0]?.at).toBe(15);
  });

  it('puts rows of gains and rows without one into a line each', () => {
    const lines = eventLines([epoch(1, 1), epoch(2, 2), epoch(3, 2), epoch(4, 2), epoch(5, 5)], 5);
    expect(lines.map((line) => line.text)).toEqual([
      'Epoch 5: best so far',
      'Epochs 3 to 4: no gain, 2 of 5',
      'Epochs 1 to 2: each the best so far',
    ]);
    expect(lines[1]?.at).toBe(20);
  });

  it('does not list the small steps of a cosine', () => {
    const lines = eventLines([epoch(1, 1), epoch(2, 2, 0.00098)], null);
    expect(lines.map((line) => line.text)).toEqual(['Epochs 1 to 2: each the best so far']);
  });

  it('ends with why the run ended', () => {
    const done = (values: Partial<RunSummary>): RunState => ({
      phase: 'done',
      checkpointStep: null,
      summary: summary(values),
    });
    const end = endOf(done({ reason: 'early-stopping' }), null);
    expect(end).toEqual({ at: 11, text: 'Stopped early after 2 epochs', kind: 'end' });
    expect(endOf(done({ reason: 'stopped' }), null)?.text).toBe('Stopped at step 20');
    expect(endOf(done({ epochs: 1 }), null)?.text).toBe('The epoch is done');
    const error = { code: 'interrupted', message: '', hint: '', place: {} };
    expect(endOf({ phase: 'failed', error, checkpointStep: null }, null)?.text).toBe(
      'Failed before the first step',
    );
    expect(endOf({ phase: 'idle' }, null)).toBeNull();
  });
});

describe('stepsPerSecond', () => {
  const batches = (...at: [step: number, elapsed: number][]): BatchRecord[] =>
    at.map(([step, elapsed]) => ({
      type: 'batch',
      step,
      epoch: 1,
      batch: step,
      batches: 100,
      loss: 1,
      accuracy: null,
      meanAbsoluteError: null,
      gradientNorm: 1,
      learningRate: 0.001,
      examplesPerSecond: 1,
      tokensPerSecond: 1,
      elapsed,
      remaining: null,
    }));

  it('is the usual speed, whatever a validation between two steps took', () => {
    const usual = batches([1, 0.1], [2, 0.2], [4, 0.4], [5, 9.4], [6, 9.5], [7, 9.6]);
    expect(stepsPerSecond(usual)).toBeCloseTo(10, 6);
  });

  it('is not known before the second step', () => {
    expect(stepsPerSecond([])).toBeNull();
    expect(stepsPerSecond(batches([1, 0.1]))).toBeNull();
    expect(stepsPerSecond(batches([1, 0.1], [2, 0.1]))).toBeNull();
  });
});
