import { describe, expect, it } from 'vitest';
import type { EpochRecord } from '#shared/run/events';
import { sampleScores } from '#shared/run/samples';
import { compareRuns, lineLooks, type ComparedRun } from './comparison.js';

/** A run that validates at the end of each epoch. */
function compared(id: string, losses: number[], secondsPerEpoch: number): ComparedRun {
  const [look] = lineLooks;
  if (look === undefined) throw new Error('a look');
  const epochs = losses.map((loss, index): EpochRecord => ({
    type: 'epoch',
    epoch: index + 1,
    step: 10 * (index + 1),
    train: sampleScores(),
    validation: sampleScores({ loss }),
    learningRate: 0.001,
    bestEpoch: index + 1,
    epochsWithoutGain: 0,
    elapsed: secondsPerEpoch * (index + 1),
    memory: { tensors: 1, tensorBytes: 1, processBytes: 1 },
  }));
  return {
    id,
    title: id,
    look,
    curves: { batches: [], epochs, complete: true, revision: 0 },
    parent: null,
  };
}
const xs = ({ loss }: ReturnType<typeof compareRuns>): number[][] =>
  loss.lanes.flatMap(({ series }) =>
    series.filter(({ style }) => style !== 'ghost').map(({ points }) => points.map(([x]) => x)),
  );

describe('compared runs', () => {
  const fast = compared('fast', [0.9, 0.8, 0.7], 4);
  const slow = compared('slow', [0.8, 0.6], 100);

  it('are drawn over epochs, steps or time, in a unit that suits the longest', () => {
    expect(xs(compareRuns([fast, slow]))).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
    expect(xs(compareRuns([fast, slow], 'step'))).toEqual([
      [10, 20, 30],
      [10, 20],
    ]);
    expect(xs(compareRuns([fast], 'time'))).toEqual([[4, 8, 12]]);
    const both = compareRuns([fast, slow], 'time');
    expect(xs(both)[1]).toEqual([100 / 60, 200 / 60]);
    expect(both.loss.formatX(2)).toBe('2 min');
    expect(both.summary).toBe(
      'fast: best validation loss 0.700 at 12 s. slow: best validation loss 0.600 at 3 min 20 s.',
    );
  });

  it('have no value under the crosshair before they began or after they ended', () => {
    const { loss } = compareRuns([fast, slow]);
    expect(loss.tooltip(2)).toMatch(/fast.*0\.800.*slow.*0\.600/);
    expect(loss.tooltip(3)).toMatch(/fast.*0\.700.*slow.*–/);
  });

  it('mark where a branch left a parent that is shown too, if there is one such place', () => {
    const branch = (id: string, epoch: number): ComparedRun => ({
      ...compared(id, [0.5], 1),
      parent: { runId: 'slow', epoch, step: 10 * epoch },
    });
    const mark = (runs: ComparedRun[], axis?: 'epoch' | 'step' | 'time') =>
      compareRuns(runs, axis).loss.branchX;
    expect(mark([slow, branch('b', 1.5)])).toBe(1.5);
    expect(mark([slow, branch('b', 1.5)], 'step')).toBe(15);
    expect(mark([slow, branch('b', 1.5)], 'time')).toBeNull();
    expect(mark([fast, branch('b', 1.5)])).toBeNull();
    expect(mark([slow, branch('b', 1.5), branch('c', 1)])).toBeNull();
  });
});
