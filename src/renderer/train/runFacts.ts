/** What the Train and Runs views say about a run, as pure functions of its records. */
import type { Task } from '#shared/data/recipe';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord, EpochRecord } from '#shared/run/events';
import type { Metric } from '#shared/run/curves';
import type { RunState } from '#shared/run/state';
import { formatPlural, formatSmall } from '#shared/format';

/** The run that the Train view shows: the chosen one, else the newest of the project that has begun. */
export const runToShow = (
  runs: readonly RunEntry[],
  selectedRunId: string | null,
  projectId: string | null,
): RunEntry | null =>
  runs.find((run) => run.id === selectedRunId) ??
  runs.find((run) => run.projectId === projectId && run.state.phase !== 'idle') ??
  null;

/** The step that a run can go on from; null where nothing is left to do or nothing was kept. */
export function resumableStep(state: RunState): number | null {
  if (state.phase === 'failed') return state.checkpointStep;
  if (state.phase === 'done' && state.summary.reason === 'stopped') return state.checkpointStep;
  return null;
}

/** Whether there is something trained to predict with and to export. */
export const hasWeights = ({ state }: RunEntry): boolean =>
  state.phase === 'done' || (state.phase === 'failed' && (state.checkpointStep ?? 0) > 0);

/** Steps that the speed is taken from. */
const recentSteps = 40;

/**
 * Training steps a second: the median over the newest records, so that a validation or a checkpoint
 * between two of them does not show. null before the second one.
 */
export function stepsPerSecond(batches: readonly BatchRecord[]): number | null {
  const recent = batches.slice(-recentSteps);
  const speeds = recent
    .slice(1)
    .map(({ step, elapsed }, index) => {
      const before = recent[index];
      return before === undefined ? 0 : (step - before.step) / (elapsed - before.elapsed);
    })
    .filter((speed) => speed > 0 && Number.isFinite(speed))
    .sort((a, b) => a - b);
  return speeds[speeds.length >> 1] ?? null;
}

export const lossName = (task: Task | null): string =>
  task === null ? '' : task === 'forecast' ? 'mean squared error, scaled' : 'cross-entropy';

/** What a run of the task measures from its first batch on. */
export const expectedMetric = (task: Task): Metric =>
  task === 'forecast' ? 'meanAbsoluteError' : 'accuracy';

export interface RunEventLine {
  /** Seconds of training. */
  at: number;
  text: string;
  kind: 'best' | 'plain' | 'end';
}

/** What happened, newest first: rows of gains and of epochs without one, changes of the learning rate. */
export function eventLines(
  epochs: readonly EpochRecord[],
  patience: number | null,
): RunEventLine[] {
  const lines: RunEventLine[] = [];
  let rate: number | null = null;
  /** Whether the last line is about gains, and the first epoch of their unbroken row, or of that without. */
  let gained: boolean | null = null;
  let from = 0;
  for (const record of epochs) {
    const at = record.elapsed;
    // Schedules that change the rate at every step would fill the list.
    if (rate !== null && record.learningRate < 0.95 * rate) {
      lines.push({ at, text: `Learning rate ${formatSmall(record.learningRate)}`, kind: 'plain' });
      gained = null;
    }
    rate = record.learningRate;
    const gain = record.bestEpoch === record.epoch;
    if (gained === gain) lines.pop();
    else from = record.epoch;
    gained = gain;
    const several = from < record.epoch;
    const which = several ? `Epochs ${from} to ${record.epoch}` : `Epoch ${record.epoch}`;
    const of = patience === null ? '' : `, ${record.epochsWithoutGain} of ${patience}`;
    lines.push(
      gain
        ? { at, text: `${which}: ${several ? 'each the ' : ''}best so far`, kind: 'best' }
        : { at, text: `${which}: no gain${of}`, kind: 'plain' },
    );
  }
  return lines.reverse();
}

/** How a run ended; null while it has not. @param last its newest record */
export function endOf(state: RunState, last: BatchRecord | null): RunEventLine | null {
  if (state.phase === 'failed') {
    const text = last === null ? 'Failed before the first step' : `Failed after step ${last.step}`;
    return { at: last?.elapsed ?? 0, text, kind: 'end' };
  }
  if (state.phase !== 'done') return null;
  const { summary } = state;
  const text = {
    completed: summary.epochs === 1 ? 'The epoch is done' : `All ${summary.epochs} epochs done`,
    'early-stopping': `Stopped early after ${formatPlural(summary.epochs, 'epoch')}`,
    stopped: `Stopped at step ${summary.step}`,
  }[summary.reason];
  return { at: summary.seconds, text, kind: 'end' };
}
