/** What the Train and Runs views say about a run, as pure functions of its records. */
import type { Task } from '#shared/data/recipe';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord, EpochRecord, RunSummary } from '#shared/run/events';
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

export interface RunEventLine {
  /** Seconds of training. */
  at: number;
  text: string;
  kind: 'best' | 'plain' | 'end';
}

/** What happened, newest first: gains, epochs without one, changes of the learning rate, the end. */
export function eventLines(
  epochs: readonly EpochRecord[],
  summary: RunSummary | null,
  patience: number | null,
): RunEventLine[] {
  const lines: RunEventLine[] = [];
  let rate: number | null = null;
  /** First epoch of the unbroken row of gains that ends with the last line. */
  let gainsFrom: number | null = null;
  for (const record of epochs) {
    const at = record.elapsed;
    // Schedules that change the rate at every step would fill the list.
    if (rate !== null && record.learningRate < 0.95 * rate) {
      lines.push({ at, text: `Learning rate ${formatSmall(record.learningRate)}`, kind: 'plain' });
      gainsFrom = null;
    }
    rate = record.learningRate;
    if (record.bestEpoch !== record.epoch) {
      gainsFrom = null;
      const of = patience === null ? '' : ` of ${patience}`;
      lines.push({
        at,
        text: `Epoch ${record.epoch}: no gain, ${record.epochsWithoutGain}${of}`,
        kind: 'plain',
      });
    } else if (gainsFrom === null) {
      gainsFrom = record.epoch;
      lines.push({ at, text: `Epoch ${record.epoch}: best so far`, kind: 'best' });
    } else {
      const text = `Epochs ${gainsFrom} to ${record.epoch}: each the best so far`;
      lines.splice(-1, 1, { at, text, kind: 'best' });
    }
  }
  if (summary !== null) {
    const why = {
      completed: `All ${formatPlural(summary.epochs, 'epoch')} done`,
      'early-stopping': `Stopped early after ${formatPlural(summary.epochs, 'epoch')}`,
      stopped: `Stopped at step ${summary.step}`,
    }[summary.reason];
    lines.push({ at: summary.seconds, text: why, kind: 'end' });
  }
  return lines.reverse();
}
