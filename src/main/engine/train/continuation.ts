/** From a checkpoint to what a run goes on with: as it was, for longer, or as a branch with another recipe. */
import { join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { Resume } from '#shared/run/resume';
import type { TrainingRecipe } from '#shared/training/recipe';
import type { Checkpoint, TrainingState } from './checkpoint.js';

export type Continuation = Pick<Checkpoint, 'state' | 'slots' | 'best'>;

/**
 * @param fresh what the run would begin with if it began anew.
 * @throws StudioError `checkpoint-mismatch`, `batch-size-inside-epoch`
 */
export function continuation(
  folder: string,
  checkpoint: Checkpoint,
  fresh: TrainingState,
  recipe: TrainingRecipe,
  resume: Resume,
): Continuation {
  const { state } = checkpoint;
  const branch = typeof resume === 'object';
  requireSameRun(folder, state, fresh, branch);
  const best = recipe.earlyStopping?.restoreBest === true ? checkpoint.best : null;
  const { slots } = checkpoint;
  if (resume === 'same') return { state, slots, best };
  if (resume === 'longer') return { state: { ...state, epochsWithoutGain: 0 }, slots, best };

  const { branchOf } = resume;
  const another = state.optimizer !== fresh.optimizer;
  // A best score counts only among scores of its kind, and only with its weights where they are put back.
  const comparable =
    monitorOf(branchOf) === monitorOf(recipe) &&
    (best !== null || recipe.earlyStopping?.restoreBest !== true);
  return {
    state: {
      ...state,
      optimizer: fresh.optimizer,
      batchSize: fresh.batchSize,
      batch: batchAfter(state, fresh.batchSize),
      // A learning rate that a person chose is not reduced by what its forerunner went through.
      plateau: sameRate(branchOf, recipe) ? state.plateau : fresh.plateau,
      best: comparable ? state.best : null,
      epochsWithoutGain: 0,
      ...(another ? { optimizerFrom: state.step } : {}),
    },
    slots: another ? new Float32Array(0) : slots,
    best: comparable ? best : null,
  };
}

const monitorOf = ({ earlyStopping }: TrainingRecipe): string => earlyStopping?.monitor ?? 'loss';

const sameRate = (a: TrainingRecipe, b: TrainingRecipe): boolean =>
  a.optimizer.learningRate === b.optimizer.learningRate &&
  JSON.stringify(a.schedule) === JSON.stringify(b.schedule);

/** The batches that are done of the epoch, counted in another size: none or all of them. */
function batchAfter({ batch, batchSize, examples }: TrainingState, size: number): number {
  if (size === batchSize || batch === 0) return batch;
  if (batch === Math.ceil(examples / batchSize)) return Math.ceil(examples / size);
  throw new StudioError(
    'batch-size-inside-epoch',
    `The batch size can’t change from ${batchSize} to ${size} inside an epoch.`,
    'Pause at the end of an epoch, or keep the batch size.',
    { field: 'training.batchSize' },
  );
}

/** A checkpoint goes on only with the network and data it was made with; only a branch changes the rest. */
function requireSameRun(
  folder: string,
  saved: TrainingState,
  now: TrainingState,
  branch: boolean,
): void {
  const differences = [
    !branch &&
      saved.optimizer !== now.optimizer &&
      `its optimizer is ${saved.optimizer}, not ${now.optimizer}`,
    JSON.stringify(saved.parameters) !== JSON.stringify(now.parameters) &&
      'its network has other parameters',
    !branch &&
      saved.batchSize !== now.batchSize &&
      `its batch size is ${saved.batchSize}, not ${now.batchSize}`,
    saved.examples !== now.examples &&
      `it trained on ${saved.examples} rows, now there are ${now.examples}`,
  ].filter((difference) => difference !== false);
  if (differences.length > 0)
    throw new StudioError(
      'checkpoint-mismatch',
      `The checkpoint at step ${saved.step} doesn't fit this project: ${differences.join('; ')}.`,
      'Undo the change to resume, or start a new run.',
      { file: join(folder, 'checkpoints', String(saved.step)) },
    );
}
