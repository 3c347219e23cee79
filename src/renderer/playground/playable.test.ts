import { describe, expect, it } from 'vitest';
import { sampleRun, sampleSummary } from '#shared/run/samples';
import { playable, weightsStep, whyNot } from './playable.js';

const error = { code: 'x', message: '', hint: '', place: {} };
const stoppedAt = (step: number) =>
  sampleRun({
    state: {
      phase: 'done',
      summary: sampleSummary({ step, reason: 'stopped' }),
      checkpointStep: step,
    },
  });
const failedAt = (checkpointStep: number | null) =>
  sampleRun({ state: { phase: 'failed', error, checkpointStep } });
const preparing = (checkpointStep: number | null) =>
  sampleRun({ state: { phase: 'preparing', step: 'model', checkpointStep } });

describe('a run', () => {
  it('can be asked as soon as it has weights that learned something', () => {
    expect([0, 20].map((step) => weightsStep(stoppedAt(step)))).toEqual([null, 20]);
    expect([null, 0, 30].map((step) => weightsStep(failedAt(step)))).toEqual([null, null, 30]);
    // It goes on from a checkpoint.
    expect([null, 0, 40].map((step) => playable(preparing(step)))).toEqual([false, false, true]);
    expect(playable(sampleRun())).toBe(false);
  });

  it('says why it can not be asked', () => {
    expect(whyNot(sampleRun())).toMatch(/^Run a1b2 waits/);
    expect(whyNot(preparing(null))).toMatch(/opens then by itself/);
    expect(whyNot(failedAt(0))).toMatch(/before its first checkpoint/);
    expect(whyNot(stoppedAt(0))).toMatch(/before its first step/);
  });
});
