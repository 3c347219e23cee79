/** Which runs can be asked, and what to say of one that can't be yet. */
import type { RunEntry } from '#shared/ipc/studio';
import { isActive } from '#shared/run/state';
import { runTitle } from '#shared/run/names';

/**
 * The step of the weights that a run has, also while it trains: then they are those of its newest
 * checkpoint. Null where it has none; those of step 0 have learned nothing.
 */
export function weightsStep({ state }: RunEntry): number | null {
  if (state.phase === 'idle') return null;
  const step = state.phase === 'done' ? state.summary.step : state.checkpointStep;
  return step === null || step === 0 ? null : step;
}

export const playable = (run: RunEntry): boolean => weightsStep(run) !== null;

/** Why a run can't be asked, and what becomes of that. */
export function whyNot({ id, state }: RunEntry): string {
  const title = runTitle(id);
  if (isActive(state))
    return `${title} is training and has no weights yet. They come with its first checkpoint, at the latest after its first epoch; the playground opens then by itself.`;
  switch (state.phase) {
    case 'idle':
      return `${title} waits for its turn: there is nothing to try before it has trained.`;
    case 'failed':
      return `${title} failed before its first checkpoint, so no weights were kept.`;
    default:
      return `${title} was stopped before its first step, so it has learned nothing yet.`;
  }
}
