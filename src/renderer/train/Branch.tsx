import { useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { changeText, recipeChanges, type RunParent } from '#shared/run/branch';
import { hasClasses } from '#shared/training/class-weights';
import type { TrainingRecipe } from '#shared/training/recipe';
import { useRuns } from '../stores/runs.js';
import { Button } from '../ui/index.js';
import { BranchDialog } from './BranchDialog.js';
import { branchPlace, type BranchPlace } from './continuing.js';
import { runName, runTitle } from '#shared/run/names';
import styles from './continue.module.css';

/** The button that opens the dialog, and the dialog. */
export function Branch({
  run,
  document,
  blocked,
  why,
  onStart,
}: {
  run: RunEntry;
  /** null until it is read. */
  document: ProjectDocument | null;
  blocked: boolean;
  /** Why it is blocked. */
  why: string;
  onStart: (training: TrainingRecipe) => void;
}) {
  const [place, setPlace] = useState<BranchPlace | null>(null);
  const ready = useRuns(({ curves }) => branchPlace(run, curves[run.id]?.batches ?? []) !== null);
  const training = document && {
    ...document.training,
    epochs: run.epochs ?? document.training.epochs,
  };
  return (
    <>
      <Button
        disabled={blocked || !ready || training === null}
        tooltip={
          why !== ''
            ? why
            : ready
              ? 'Trains on from here as a new run, with other settings'
              : 'There is no checkpoint to branch from.'
        }
        onClick={() => setPlace(branchPlace(run, useRuns.getState().curves[run.id]?.batches ?? []))}
      >
        Branch…
      </Button>
      {place !== null && training !== null && (
        <BranchDialog
          run={run}
          place={place}
          training={training}
          classes={document !== null && hasClasses(document.data.task)}
          onClose={() => setPlace(null)}
          onStart={(wanted) => {
            setPlace(null);
            onStart(wanted);
          }}
        />
      )}
    </>
  );
}

/** Where a branch comes from and what was changed. */
export function BranchedFrom({
  parent,
  document,
}: {
  parent: RunParent;
  /** The branch's own; null until it is read. */
  document: ProjectDocument | null;
}) {
  const run = useRuns((state) => state.runs.find(({ id }) => id === parent.runId) ?? null);
  const changes = document === null ? [] : recipeChanges(parent.training, document.training);
  return (
    <p className={styles.from}>
      Branched from{' '}
      {run === null ? (
        `${runTitle(parent.runId)} (deleted)`
      ) : (
        <button type="button" onClick={() => useRuns.getState().select(run.id)}>
          {runName(run)}
        </button>
      )}{' '}
      at epoch {Number(parent.epoch.toFixed(2))}
      {document !== null &&
        (changes.length === 0 ? ', nothing changed' : `: ${changes.map(changeText).join(', ')}`)}
    </p>
  );
}
