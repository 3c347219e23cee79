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
  const sameWeights = branchOf.classWeights === recipe.classWeights;
  // Without a validation part it is the training loss that is monitored.
  const sameLoss = sameWeights || state.lastEpoch?.validation !== null;
  // A best score counts only among scores of its kind, and only with its weights where they are put back.
  const comparable =
    sameLoss &&
    monitorOf(branchOf) === monitorOf(recipe) &&
    (best !== null || recipe.earlyStopping?.restoreBest !== true);
  return {
    state: {
      ...state,
      optimizer: fresh.optimizer,
      batchSize: fresh.batchSize,
      classWeights: fresh.classWeights,
      batch: batchAfter(state, fresh.batchSize),
      // The mean of an epoch's losses is of one kind.
      tally: sameWeights || epochIsOver(state) ? state.tally : fresh.tally,
      // A learning rate that a person chose is not reduced by what its forerunner went through.
      plateau: sameLoss && sameRate(branchOf, recipe) ? state.plateau : fresh.plateau,
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

/** All of its batches are done; it may still have to be validated. */
const epochIsOver = ({ batch, batchSize, examples }: TrainingState): boolean =>
  batch === Math.ceil(examples / batchSize);

/** The batches that are done of the epoch, counted in another size: none or all of them. */
function batchAfter(state: TrainingState, size: number): number {
  const { batch, batchSize, examples } = state;
  if (size === batchSize || batch === 0) return batch;
  if (epochIsOver(state)) return Math.ceil(examples / size);
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
    saved.classWeights !== undefined &&
      now.classWeights !== undefined &&
      JSON.stringify(saved.classWeights) !== JSON.stringify(now.classWeights) &&
      'the classes of its training rows have other shares',
  ].filter((difference) => difference !== false);
  if (differences.length > 0)
    throw new StudioError(
      'checkpoint-mismatch',
      `The checkpoint at step ${saved.step} doesn't fit this project: ${differences.join('; ')}.`,
      'Undo the change to resume, or start a new run.',
      { file: join(folder, 'checkpoints', String(saved.step)) },
    );
}
