import { useState } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { useStudio } from '../stores/studio.js';
import { startTraining } from '../train/startTraining.js';
import { Button, Icon } from '../ui/index.js';
import styles from './shell.module.css';

/** Share of all batches that are done, 0 to 1; null before the first one. */
function progressOf(run: RunEntry): number | null {
  const { state } = run;
  if ((state.phase !== 'training' && state.phase !== 'paused') || state.lastBatch === null)
    return null;
  const { epoch, batch, batches } = state.lastBatch;
  return Math.min(1, (epoch - 1 + batch / batches) / state.epochs);
}

function runText(run: RunEntry): string {
  if (run.state.phase === 'preparing') return 'Preparing…';
  const progress = progressOf(run);
  const verb = run.state.phase === 'paused' ? 'Paused' : 'Training';
  return progress === null ? verb : `${verb} ${Math.floor(progress * 100)} %`;
}

/** Starts a run, or says what stands in the way, or leads to the run that is going on. */
export function TrainButton() {
  const errors = useProject(
    (state) => state.problems.filter((problem) => problem.severity === 'error').length,
  );
  const checking = useProject((state) => state.preview.phase === 'loading');
  const setView = useStudio((state) => state.setView);
  const setProblemsOpen = useDesign((state) => state.setProblemsOpen);
  const liveText = useRuns((state) => {
    const run = state.runs.find((candidate) => candidate.id === state.activeRunId);
    return run === undefined ? null : runText(run);
  });
  const [starting, setStarting] = useState(false);
  const waitingFor = useStudio((state) => {
    if (state.connection.phase !== 'open') return 'The studio is not connected.';
    if (state.engine.status !== 'ready') return 'The engine is not running yet.';
    return null;
  });

  const start = async (): Promise<void> => {
    setStarting(true);
    await startTraining();
    setStarting(false);
  };

  if (liveText !== null)
    return (
      <Button
        variant="live"
        icon={<span className={styles.led} data-state="live" />}
        tooltip="Show the run"
        onClick={() => {
          useRuns.getState().select(useRuns.getState().activeRunId);
          setView('train');
        }}
      >
        {liveText}
      </Button>
    );
  if (errors > 0)
    return (
      <Button
        variant="warn"
        icon={<Icon name="warn" />}
        tooltip="These must be solved before the network can train. Click to see them."
        onClick={() => {
          setView('design');
          setProblemsOpen(true);
        }}
      >
        {errors === 1 ? '1 problem to solve' : `${errors} problems to solve`}
      </Button>
    );
  return (
    <Button
      variant="primary"
      icon={<Icon name="run" />}
      disabled={starting || checking || waitingFor !== null}
      tooltip={
        waitingFor ?? (checking ? 'The data is being prepared.' : 'Start a new run of this network')
      }
      onClick={() => void start()}
    >
      Train
    </Button>
  );
}
