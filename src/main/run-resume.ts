/** Going on with a run that ended: what is checked and written before the engine gets it. */
import { StudioError } from '#shared/errors';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { Resume } from '#shared/run/resume';
import { isActive } from '#shared/run/state';
import { newestCheckpoint, ownProcess, readRecord, type RunRecord } from './run-record.js';

export interface ResumeOverrides {
  device?: DeviceChoice;
  /** In all, those that are done included. */
  epochs?: number;
}

/** @returns the record to write before the engine starts. Throws `run-active`, `no-checkpoint`. */
export async function recordToResume(
  folder: string,
  overrides: ResumeOverrides,
): Promise<{ record: RunRecord; resume: Resume }> {
  const earlier = await readRecord(folder);
  const { id, state } = earlier;
  if (isActive(state))
    throw new StudioError(
      'run-active',
      `Run ${id} is being trained by another process (${earlier.owner?.pid}).`,
      'Stop it there first.',
    );
  const step = await newestCheckpoint(folder);
  if (step === null)
    throw new StudioError(
      'no-checkpoint',
      `Run ${id} has no checkpoint to go on from.`,
      state.phase === 'done'
        ? 'Its checkpoints were deleted: train again from the start.'
        : 'It ended before its training began: start a new run.',
    );
  const record: RunRecord = {
    ...earlier,
    ...overrides,
    owner: ownProcess(),
    state: { phase: 'preparing', step: 'data', checkpointStep: step },
  };
  // A branch that ended before it saved anything of its own still has its parent's checkpoint.
  const { parent } = record;
  if (parent?.step === step) return { record, resume: { branchOf: parent.training } };
  return { record, resume: overrides.epochs === undefined ? 'same' : 'longer' };
}

/** All epochs of a run that is to train `more` of them. Throws `run-not-ended`. */
export function epochsWithMore({ id, state }: RunRecord, more: number): number {
  if (state.phase === 'done') return state.summary.epochs + more;
  throw new StudioError(
    'run-not-ended',
    `Run ${id} has not come to its end.`,
    state.phase === 'failed' ? 'Resume it first.' : 'Wait for its end or stop it first.',
  );
}
