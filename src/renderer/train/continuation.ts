/** Training the shown run on, for longer or as a branch: asked for by its buttons, the menus and the palette. */
import { create } from 'zustand';
import type { RunEntry } from '#shared/ipc/studio';
import { checkpointOf } from '#shared/run/state';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { useStudio } from '../stores/studio.js';
import { resumableStep, runToShow } from './runFacts.js';

export type Continuation = 'keep-going' | 'branch';

/** What is open over the training view. */
export const useContinuation = create<{ open: Continuation | null }>(() => ({ open: null }));

export const setContinuation = (open: Continuation | null): void =>
  useContinuation.setState({ open });

export function canContinue({ state }: RunEntry, how: Continuation): boolean {
  if (state.phase === 'done') return true;
  return how === 'branch' && (state.phase === 'paused' || state.phase === 'failed');
}

/** Why a run can't train on now, whatever its own state; empty where it can. */
export function continuationBlocked(anotherActive: boolean, engineReady: boolean): string {
  if (anotherActive) return 'Another run is training.';
  return engineReady ? '' : 'The engine is not ready.';
}

/** The run that the training view shows. */
export function shownRun(): RunEntry | null {
  const { runs, selectedRunId } = useRuns.getState();
  return runToShow(runs, selectedRunId, useProject.getState().document?.id ?? null);
}

/** Why the run that the training view shows can't train on in this way; null where it can. */
export function continuationObstacle(how: Continuation): string | null {
  const run = shownRun();
  if (run === null) return 'There is no run yet.';
  if (!canContinue(run, how))
    return how === 'branch' ? 'The run neither rests nor has ended.' : 'The run has not ended.';
  if (how === 'branch' && (checkpointOf(run.state) ?? 0) === 0)
    return 'There is no checkpoint to branch from.';
  return trainingOnObstacle(run);
}

/** Why this run can't train on now, whatever its own state; null where it can. */
function trainingOnObstacle({ id }: RunEntry): string | null {
  const { activeRunId } = useRuns.getState();
  const { engine } = useStudio.getState();
  const another = activeRunId !== null && activeRunId !== id;
  return continuationBlocked(another, engine.status === 'ready') || null;
}

/** Why the run that the training view shows can't be resumed; null where it can. */
export function resumeObstacle(): string | null {
  const run = shownRun();
  if (run === null) return 'There is no run yet.';
  if (resumableStep(run.state) === null)
    return 'The run is not one that was stopped or failed after a checkpoint.';
  return trainingOnObstacle(run);
}

export function showContinuation(how: Continuation): void {
  useStudio.getState().setView('train');
  setContinuation(how);
}
