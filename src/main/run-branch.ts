/** Branching: a new run from the newest state of another one, with another recipe. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { branchTag, type RunParent } from '#shared/run/branch';
import type { TrainingRecipe } from '#shared/training/recipe';
import { fileError, readText } from './files.js';
import { newRun } from './run-folders.js';
import {
  checkpointsFolder,
  newestCheckpoint,
  readRunDocument,
  writeRecord,
  type RunRecord,
} from './run-record.js';

/** What a branch has to know of a checkpoint's `state.json`, which is the engine's. */
const placeSchema = z.object({
  state: z.object({
    /** The epoch in progress, 1-based, and the batches of it that are done. */
    epoch: z.number().int(),
    batch: z.number().int(),
    batchSize: z.number().int(),
    examples: z.number().int(),
  }),
});

/**
 * Makes the branch as a run that waits, with a checkpoint of its own; the parent's folder stays as it is.
 *
 * @throws StudioError `no-checkpoint`, `no-epoch-left`, `batch-size-inside-epoch`, `disk-full`.
 */
export async function newBranch(
  runsFolder: string,
  parent: { record: RunRecord; folder: string },
  wanted: TrainingRecipe,
): Promise<{ record: RunRecord; folder: string }> {
  const { baseFolder, device, seed, epochs, tags } = parent.record;
  const document = await readRunDocument(parent.folder);
  const before: TrainingRecipe = {
    ...document.training,
    epochs: epochs ?? document.training.epochs,
  };
  // The order of the examples is a function of these: in mid-epoch another one would repeat some of them.
  const { seed: documentSeed, shuffle, bucketing } = before;
  const training = { ...wanted, seed: documentSeed, shuffle, bucketing };
  const point = await branchPoint(parent.record.id, parent.folder);
  refuseRecipe(point, training);

  const { record, folder } = await newRun(
    runsFolder,
    {
      document: { ...document, training },
      baseFolder,
      device,
      seed,
      epochs: null,
      tags: [branchTag(tags)],
    },
    new Date(),
    null,
  );
  const step = String(point.step);
  try {
    await mkdir(checkpointsFolder(folder));
    await cp(join(checkpointsFolder(parent.folder), step), join(checkpointsFolder(folder), step), {
      recursive: true,
    });
  } catch (error) {
    throw fileError(error, folder, 'write');
  }
  const origin: RunParent = {
    runId: parent.record.id,
    step: point.step,
    epoch: point.epoch,
    training: before,
  };
  const branch: RunRecord = { ...record, parent: origin };
  await writeRecord(folder, branch);
  return { record: branch, folder };
}

interface BranchPoint {
  step: number;
  /** Epochs done, with their fraction. */
  epoch: number;
  /** Of the checkpoint, where it lies inside an epoch; null where any will do. */
  batchSize: number | null;
}

async function branchPoint(runId: string, folder: string): Promise<BranchPoint> {
  const step = await newestCheckpoint(folder);
  const place = step === null || step === 0 ? null : await placeOf(folder, step);
  if (step === null || place === null)
    throw new StudioError(
      'no-checkpoint',
      `Run ${runId} has no checkpoint to branch from.`,
      'Its checkpoints were deleted or damaged, or nothing was trained yet: start a new run.',
      { file: folder },
    );
  const { epoch, batch, batchSize, examples } = place;
  const batches = Math.ceil(examples / batchSize);
  return {
    step,
    epoch: epoch - 1 + batch / batches,
    batchSize: batch === 0 || batch === batches ? null : batchSize,
  };
}

/** Null where the checkpoint is not whole. */
async function placeOf(
  folder: string,
  step: number,
): Promise<z.infer<typeof placeSchema>['state'] | null> {
  try {
    const text = await readText(join(checkpointsFolder(folder), String(step), 'state.json'));
    return placeSchema.parse(JSON.parse(text)).state;
  } catch {
    return null;
  }
}

function refuseRecipe({ epoch, batchSize }: BranchPoint, training: TrainingRecipe): void {
  if (training.epochs <= epoch)
    throw new StudioError(
      'no-epoch-left',
      `The branch begins after ${Number(epoch.toFixed(2))} epochs and would end with epoch ${training.epochs}.`,
      'Give it more epochs.',
      { field: 'training.epochs' },
    );
  if (batchSize !== null && training.batchSize !== batchSize)
    throw new StudioError(
      'batch-size-inside-epoch',
      `The batch size can’t change from ${batchSize} to ${training.batchSize} inside an epoch.`,
      'Pause at the end of an epoch, or keep the batch size.',
      { field: 'training.batchSize' },
    );
}
