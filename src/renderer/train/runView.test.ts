import { describe, expect, it } from 'vitest';
import { sampleRun, sampleSummary } from '#shared/run/samples';
import { nextSmoothing, runTabs, shownTab } from './runView.js';

describe('the tabs of a run', () => {
  it('come with what there is to see', () => {
    const failed = (checkpointStep: number | null) =>
      sampleRun({
        state: {
          phase: 'failed',
          error: { code: 'x', message: '', hint: '', place: {} },
          checkpointStep,
        },
      });
    expect(runTabs(sampleRun())).toEqual(['curves']);
    expect(
      runTabs(sampleRun({ state: { phase: 'preparing', step: 'data', checkpointStep: 0 } })),
    ).toEqual(['curves']);
    expect(
      runTabs(sampleRun({ state: { phase: 'preparing', step: 'data', checkpointStep: 5 } })),
    ).toEqual(['curves', 'gradients']);
    expect(runTabs(failed(0))).toEqual(['curves']);
    expect(runTabs(failed(20))).toEqual(['curves', 'results', 'gradients']);
    expect(
      runTabs(
        sampleRun({ state: { phase: 'done', summary: sampleSummary(), checkpointStep: 20 } }),
      ),
    ).toEqual(['curves', 'results', 'gradients']);
  });

  it('fall back to the curves', () => {
    expect(shownTab('results', ['curves', 'gradients'])).toBe('curves');
    expect(shownTab('gradients', ['curves', 'gradients'])).toBe('gradients');
  });
});

it('smoothing goes up and down by steps, from between them too, and ends at 0 and 0.99', () => {
  expect(nextSmoothing(0.9, 1)).toBe(0.95);
  expect(nextSmoothing(0.92, -1)).toBe(0.9);
  expect(nextSmoothing(0, -1)).toBe(0);
  expect(nextSmoothing(0.99, 1)).toBe(0.99);
});
