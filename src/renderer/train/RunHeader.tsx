import { useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord } from '#shared/run/events';
import { isActive } from '#shared/run/state';
import { formatClock, formatMoment, missing } from '#shared/format';
import { useExports } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { Button, formatBytes, formatQuantity, Icon } from '../ui/index.js';
import { EpochProgress } from './EpochProgress.js';
import { hasWeights, resumableStep, runName, stateText } from './runFacts.js';
import { startTraining } from './startTraining.js';
import styles from './train.module.css';

export interface RunNow {
  batch: BatchRecord | null;
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
  const seed =
    state.phase === 'training' || state.phase === 'paused'
      ? state.seed
      : (run.seed ?? document?.training.seed ?? null);
  const elapsed = state.phase === 'done' ? state.summary.seconds : (batch?.elapsed ?? null);
  const left =
    state.phase === 'training' || state.phase === 'paused' ? (batch?.remaining ?? null) : null;
  const done = batch === null ? 0 : batch.step / batch.batches;
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
            <span className={styles.mid}>
              step {batch.batch} / {batch.batches}
            </span>
          )}
          <span className={styles.space} />
          {elapsed !== null && <span className={styles.mid}>{formatClock(elapsed)} elapsed</span>}
          {left !== null && <b>{formatClock(left)} left</b>}
        </div>
        <EpochProgress
          epochs={plannedEpochs}
          done={done}
          best={now.bestEpoch}
          active={isActive(state)}
        />
      </div>
      <div className={styles.gauge}>
        <b>
          {batch === null
            ? missing
            : formatQuantity(now.countExamples ? batch.examplesPerSecond : batch.tokensPerSecond)}
        </b>
        <span>{now.countExamples ? 'examples/s' : 'tokens/s'}</span>
      </div>
      <div className={styles.gauge}>
        <b>
          {state.phase === 'done'
            ? formatBytes(state.summary.peakTensorBytes)
            : now.tensorBytes === null
              ? missing
              : formatBytes(now.tensorBytes)}
        </b>
        <span>{state.phase === 'done' ? 'tensors, peak' : 'tensors'}</span>
      </div>
      <RunActions run={run} />
    </header>
  );
}

function RunActions({ run }: { run: RunEntry }) {
  const { state, id } = run;
  const [busy, setBusy] = useState(false);
  const anotherActive = useRuns(({ activeRunId }) => activeRunId !== null && activeRunId !== id);
  const ready = useStudio((studio) => studio.engine.status === 'ready');
  const act = (work: () => Promise<unknown>) => (): void => {
    setBusy(true);
    work()
      .catch(reportError)
      .finally(() => setBusy(false));
  };
  const { begin, pause, continueRun, stop, resume } = useRuns.getState();
  const step = resumableStep(state);
  const blocked = busy || anotherActive || !ready;
  const why = anotherActive ? 'Another run is training.' : ready ? '' : 'The engine is not ready.';
  return (
    <div className={styles.actions}>
      {state.phase === 'idle' && (
        <Button
          variant="primary"
          icon={<Icon name="run" />}
          disabled={blocked}
          tooltip={why}
          onClick={act(() => begin(id))}
        >
          Start
        </Button>
      )}
      {state.phase === 'training' && (
        <Button icon={<Icon name="pause" />} disabled={busy} onClick={act(() => pause(id))}>
          Pause
        </Button>
      )}
      {state.phase === 'paused' && (
        <Button
          variant="primary"
          icon={<Icon name="run" />}
          disabled={busy}
          onClick={act(() => continueRun(id))}
        >
          Resume
        </Button>
      )}
      {isActive(state) && (
        <Button
          icon={<Icon name="stop" />}
          disabled={busy}
          tooltip="Ends after this batch and keeps a checkpoint"
          onClick={act(() => stop(id))}
        >
          Stop
        </Button>
      )}
      {step !== null && (
        <Button
          variant="primary"
          icon={<Icon name="run" />}
          disabled={blocked}
          tooltip={why}
          onClick={act(() => resume(id))}
        >
          Resume from step {step}
        </Button>
      )}
      {state.phase === 'done' && (
        <Button
          icon={<Icon name="playground" />}
          onClick={() => {
            useRuns.getState().select(id);
            useStudio.getState().setView('playground');
          }}
        >
          Try it
        </Button>
      )}
      {hasWeights(run) && (
        <Button
          icon={<Icon name="export" />}
          tooltip="Code and weights for PyTorch, Keras, TensorFlow.js, ONNX"
          onClick={() => useExports.getState().open(id)}
        >
          Export
        </Button>
      )}
      {(state.phase === 'done' || state.phase === 'failed') && (
        <Button
          icon={<Icon name="train" />}
          disabled={blocked}
          tooltip={why === '' ? 'A new run of the open project, as it is now' : why}
          onClick={act(startTraining)}
        >
          Train again
        </Button>
      )}
    </div>
  );
}
