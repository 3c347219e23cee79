/**
 * Checkpoints: `checkpoints/<step>/` with `weights.bin`, `slots.bin`, `best.bin` (the best epoch's weights,
 * where they are to be restored; all float32, little endian, in the program's parameter order) and
 * `state.json`. A checkpoint is written beside its place and renamed, and carries a checksum, so that a
 * crash or a full disk leaves the earlier ones as they were and a damaged one is skipped. Data order and
 * dropout are functions of seed, epoch and step (see random.ts): the state holds no generator.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { epochRecordSchema, scoresSchema } from '#shared/run/events';
import { bytesOf, fileError, floatsOf, makeFolder } from './files.js';
import { tallySchema } from './metrics.js';

const bestSchema = z.object({
  /** The monitored score; lower is better. */
  value: z.number(),
  epoch: z.number().int(),
  step: z.number().int(),
  train: scoresSchema,
  validation: scoresSchema.nullable(),
});

const trainingStateSchema = z.object({
  seed: z.number().int(),
  optimizer: z.string(),
  /** Parameters that the weights belong to, in order. */
  parameters: z.array(z.object({ id: z.string(), shape: z.array(z.number()) })),
  batchSize: z.number().int(),
  examples: z.number().int(),
  /** Optimizer steps done. */
  step: z.number().int(),
  /** The epoch in progress, 1-based, and the batches of it that are done. */
  epoch: z.number().int(),
  batch: z.number().int(),
  /** Of the batches done in this epoch. */
  tally: tallySchema,
  plateau: z.object({
    best: z.number().nullable(),
    epochsWithoutGain: z.number().int(),
    reductions: z.number().int(),
  }),
  best: bestSchema.nullable(),
  epochsWithoutGain: z.number().int(),
  lastEpoch: epochRecordSchema.nullable(),
  /** Seconds of training, pauses not counted. */
  elapsed: z.number(),
  peakTensorBytes: z.number(),
  /** Length of `log.jsonl` at this point. */
  logBytes: z.number().int(),
  /**
   * The step after which the optimizer began anew, in a branch with another one; left out where it never
   * did. A default would change the checksum of the checkpoints that lack it.
   */
  optimizerFrom: z.number().int().optional(),
  /** By class id; left out where all count the same. */
  classWeights: z.array(z.number()).optional(),
});
export type TrainingState = z.infer<typeof trainingStateSchema>;

const fileSchema = z.object({ checksum: z.string(), state: trainingStateSchema });

export interface Checkpoint {
  state: TrainingState;
  weights: Float32Array;
  slots: Float32Array;
  /** Weights of `state.best`; null where they are not restored at the end. */
  best: Float32Array | null;
}

/** How many of the newest are kept: one to go on from, one in case that is damaged. */
const kept = 2;

const folderOf = (runFolder: string): string => join(runFolder, 'checkpoints');

function checksum({ weights, slots, best, state }: Checkpoint): string {
  const hash = createHash('sha256');
  for (const values of [weights, slots, best ?? new Float32Array(0)]) hash.update(bytesOf(values));
  return hash.update(JSON.stringify(state)).digest('hex');
}

/** @throws StudioError `disk-full` or `folder-not-writable`; the earlier checkpoints stay as they were. */
export async function saveCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, slots, best } = checkpoint;
  // Its keys in the order in which a reader has them, for the checksum.
  const state = trainingStateSchema.parse(checkpoint.state);
  const folder = folderOf(runFolder);
  const place = join(folder, String(state.step));
  const partial = `${place}.tmp`;
  await makeFolder(folder);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const file: z.infer<typeof fileSchema> = {
      checksum: checksum({ ...checkpoint, state }),
      state,
    };
    const write = (name: string, data: string | Uint8Array): Promise<void> =>
      writeFile(join(partial, name), data, { flush: true });
    await write('weights.bin', bytesOf(weights));
    await write('slots.bin', bytesOf(slots));
    if (best !== null) await write('best.bin', bytesOf(best));
    await write('state.json', JSON.stringify(file));
    // A folder can't be renamed onto another one: the same step's earlier checkpoint goes first.
    await rm(place, { recursive: true, force: true });
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw fileError(error, place);
  }
  for (const step of (await checkpointSteps(runFolder)).slice(kept))
    await rm(join(folder, String(step)), { recursive: true, force: true });
}

/** Steps of the checkpoints in the folder, newest first; whether they are whole is not known yet. */
export async function checkpointSteps(runFolder: string): Promise<number[]> {
  const names = await readdir(folderOf(runFolder)).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

/** The checkpoint of this step, or null if it is missing or damaged. */
async function loadCheckpoint(runFolder: string, step: number): Promise<Checkpoint | null> {
  const place = join(folderOf(runFolder), String(step));
  try {
    const read = async (name: string): Promise<Float32Array> =>
      floatsOf(await readFile(join(place, name)));
    const text = await readFile(join(place, 'state.json'), 'utf8');
    const file = fileSchema.parse(JSON.parse(text));
    const checkpoint = {
      state: file.state,
      weights: await read('weights.bin'),
      slots: await read('slots.bin'),
      best: await read('best.bin').catch(() => null),
    };
    return checksum(checkpoint) === file.checksum ? checkpoint : null;
  } catch {
    return null;
  }
}

/** The newest whole checkpoint; `damaged` lists the newer ones that were skipped. */
export async function newestCheckpoint(
  runFolder: string,
): Promise<{ checkpoint: Checkpoint | null; damaged: number[] }> {
  const damaged: number[] = [];
  for (const step of await checkpointSteps(runFolder)) {
    const checkpoint = await loadCheckpoint(runFolder, step);
    if (checkpoint !== null) return { checkpoint, damaged };
    damaged.push(step);
  }
  return { checkpoint: null, damaged };
}
