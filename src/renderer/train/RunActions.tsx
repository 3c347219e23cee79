import { useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { isActive } from '#shared/run/state';
import { useExports } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { Button, Icon } from '../ui/index.js';
import { Branch } from './Branch.js';
import { canContinue, continuationBlocked } from './continuation.js';
import { KeepGoing } from './KeepGoing.js';
import { hasWeights, resumableStep } from './runFacts.js';
import { startTraining } from './startTraining.js';
import styles from './train.module.css';

/** The buttons that make sense in the run's phase. */
export function RunActions({
  run,
  document,
  batchesPerEpoch,
}: {
  run: RunEntry;
  /** null until it is read. */
  document: ProjectDocument | null;
  batchesPerEpoch: number | null;
}) {
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
  const { begin, pause, continueRun, stop, resume, keepGoing, branch } = useRuns.getState();
  const step = resumableStep(state);
  // A resumed run does the same steps again: only other settings lead elsewhere.
  const hopeless = state.phase === 'failed' && state.error.code === 'loss-not-finite';
  const blocked = busy || anotherActive || !ready;
  const why = continuationBlocked(anotherActive, ready);
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
          variant={hopeless ? 'default' : 'primary'}
          icon={<Icon name="run" />}
          disabled={blocked}
          tooltip={
            why === '' && hopeless
              ? 'With the same settings it would fail again: branch with others'
              : why
          }
          onClick={act(() => resume(id))}
        >
          Resume from step {step}
        </Button>
      )}
      {state.phase === 'done' && (
        <KeepGoing
          summary={state.summary}
          training={document?.training ?? null}
          plannedEpochs={run.epochs}
          batchesPerEpoch={batchesPerEpoch}
          blocked={blocked}
          why={why}
          onStart={(epochs) => act(() => keepGoing(id, epochs))()}
        />
      )}
      {canContinue(run, 'branch') && (
        <Branch
          key={id}
          run={run}
          document={document}
          blocked={blocked}
          why={why}
          primary={hopeless}
          onStart={(training) => act(() => branch(id, training))()}
        />
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
      {(state.phase === 'done' || state.phase === 'failed') && step === null && (
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
