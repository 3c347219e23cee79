import { useEffect, useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { changeText, recipeChanges, type RunParent } from '#shared/run/branch';
import { hasClasses } from '#shared/training/class-weights';
import type { TrainingRecipe } from '#shared/training/recipe';
import { useRuns } from '../stores/runs.js';
import { Button } from '../ui/index.js';
import { BranchDialog } from './BranchDialog.js';
import { setContinuation, useContinuation } from './continuation.js';
import { branchPlace } from './continuing.js';
import { runName, runTitle } from '#shared/run/names';
import styles from './continue.module.css';

/** The button that opens the dialog, and the dialog. */
export function Branch({
  run,
  document,
  blocked,
  why,
  primary,
  onStart,
}: {
  run: RunEntry;
  /** null until it is read. */
  document: ProjectDocument | null;
  blocked: boolean;
  /** Why it is blocked. */
  why: string;
  /** It is what a person should do now. */
  primary: boolean;
  onStart: (training: TrainingRecipe) => void;
}) {
  const open = useContinuation((state) => state.open === 'branch');
  const ready = useRuns(({ curves }) => branchPlace(run, curves[run.id]?.batches ?? []) !== null);
  useEffect(() => () => setContinuation(null), []);
  return (
    <>
      <Button
        variant={primary && ready ? 'primary' : 'default'}
        disabled={blocked || !ready || document === null}
        tooltip={
          why !== ''
            ? why
            : ready
              ? 'Trains on from here as a new run, with other settings'
              : 'There is no checkpoint to branch from.'
        }
        onClick={() => setContinuation('branch')}
      >
        Branch…
      </Button>
      {open && ready && document !== null && (
        <FromHere
          run={run}
          document={document}
          onStart={(wanted) => {
            setContinuation(null);
            onStart(wanted);
          }}
        />
      )}
    </>
  );
}

/** The dialog, about the place where the run was when it was opened. */
function FromHere({
  run,
  document,
  onStart,
}: {
  run: RunEntry;
  document: ProjectDocument;
  onStart: (training: TrainingRecipe) => void;
}) {
  const [place] = useState(() =>
    branchPlace(run, useRuns.getState().curves[run.id]?.batches ?? []),
  );
  if (place === null) return null;
  return (
    <BranchDialog
      run={run}
      place={place}
      training={{ ...document.training, epochs: run.epochs ?? document.training.epochs }}
      classes={hasClasses(document.data.task)}
      onClose={() => setContinuation(null)}
      onStart={onStart}
    />
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
