import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord } from '#shared/run/events';
import { epochOf } from '#shared/run/curves';
import { isActive } from '#shared/run/state';
import { formatClock, formatMoment, missing } from '#shared/format';
import { formatBytes, formatQuantity } from '../ui/index.js';
import { EpochProgress } from './EpochProgress.js';
import { RunActions } from './RunActions.js';
import { runName, stateText } from '#shared/run/names';
import styles from './train.module.css';

export interface RunNow {
  batch: BatchRecord | null;
  stepsPerSecond: number | null;
  /** null where nothing is validated: then every epoch is as good as its training loss. */
  bestEpoch: number | null;
  /** Bytes that the tensors hold; null before the first epoch. */
  tensorBytes: number | null;
  /** Rows are as long as each other and mean nothing as tokens: count examples. */
  countExamples: boolean;
}

/** Name, state, progress, speed and the buttons that make sense in the run's phase. */
export function RunHeader({
  run,
  document,
  now,
  plannedEpochs,
}: {
  run: RunEntry;
  document: ProjectDocument | null;
  now: RunNow;
  plannedEpochs: number | null;
}) {
  const { state } = run;
  const { batch } = now;
  const seed = state.phase === 'training' || state.phase === 'paused' ? state.seed : run.seed;
  const elapsed = state.phase === 'done' ? state.summary.seconds : (batch?.elapsed ?? null);
  const left =
    state.phase === 'training' || state.phase === 'paused' ? (batch?.remaining ?? null) : null;
  const done = batch === null ? 0 : epochOf(batch);
  const live = state.phase === 'training' || state.phase === 'paused';
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <h2>{runName(run)}</h2>
        <p>
          {seed !== null && `seed ${seed}, `}started {formatMoment(run.created)}
        </p>
      </div>
      <div className={styles.progress}>
        <div className={styles.progressText}>
          <b className={styles.phase} data-phase={state.phase} role="status">
            {stateText(state)}
          </b>
          {plannedEpochs !== null && batch !== null && (
            <span>
              <b>
                Epoch {batch.epoch} / {plannedEpochs}
              </b>
            </span>
          )}
          {live && batch !== null && (
            <span className={`${styles.mid} ${styles.roomy}`}>
              step {batch.batch} / {batch.batches}
            </span>
          )}
          <span className={styles.space} />
          {elapsed !== null && (
            <span className={styles.mid}>
              {formatClock(elapsed)}
              <span className={live ? '' : styles.roomy}> elapsed</span>
            </span>
          )}
          {left !== null && <b>{formatClock(left)} left</b>}
        </div>
        <EpochProgress
          epochs={plannedEpochs}
          done={done}
          best={now.bestEpoch}
          active={isActive(state)}
        />
      </div>
      <div className={`${styles.gauge} ${live ? '' : styles.roomy}`}>
        <b>{now.stepsPerSecond === null ? missing : formatQuantity(now.stepsPerSecond)}</b>
        <span>steps/s</span>
      </div>
      <div className={`${styles.gauge} ${styles.roomy}`}>
        <b>
          {batch === null
            ? missing
            : formatQuantity(now.countExamples ? batch.examplesPerSecond : batch.tokensPerSecond)}
        </b>
        <span>{now.countExamples ? 'examples/s' : 'tokens/s'}</span>
      </div>
      <div className={`${styles.gauge} ${styles.wideOnly}`}>
        <b>
          {state.phase === 'done'
            ? formatBytes(state.summary.peakTensorBytes)
            : now.tensorBytes === null
              ? missing
              : formatBytes(now.tensorBytes)}
        </b>
        <span>{state.phase === 'done' ? 'tensors, peak' : 'tensors'}</span>
      </div>
      <RunActions run={run} document={document} batchesPerEpoch={batch?.batches ?? null} />
    </header>
  );
}
