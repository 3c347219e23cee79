/**
 * Checkpoints: `checkpoints/<step>/` with `weights.bin`, `slots.bin` (float32, little endian, in the
 * program's parameter order) and `state.json`. A checkpoint is written beside its place and renamed, and
 * carries a checksum, so that a crash or a full disk leaves the earlier ones as they were and a damaged one
 * is skipped. Data order and dropout are functions of seed, epoch and step (see random.ts): the state
 * holds no generator.
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
  /** The checkpoint that holds its weights. */
  step: z.number().int(),
  train: scoresSchema,
  validation: scoresSchema.nullable(),
});

export const trainingStateSchema = z.object({
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
});
export type TrainingState = z.infer<typeof trainingStateSchema>;

const fileSchema = z.object({ checksum: z.string(), state: trainingStateSchema });

export interface Checkpoint {
  state: TrainingState;
  weights: Float32Array;
  slots: Float32Array;
}

/** How many of the newest are kept, besides the best. */
const keptNewest = 2;

const folderOf = (runFolder: string): string => join(runFolder, 'checkpoints');

function checksum(weights: Float32Array, slots: Float32Array, state: TrainingState): string {
  return createHash('sha256')
    .update(bytesOf(weights))
    .update(bytesOf(slots))
    .update(JSON.stringify(state))
    .digest('hex');
}

/** @throws StudioError `disk-full` or `folder-not-writable`; the earlier checkpoints stay as they were. */
export async function saveCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<void> {
  const { state, weights, slots } = checkpoint;
  const folder = folderOf(runFolder);
  const place = join(folder, String(state.step));
  const partial = `${place}.tmp`;
  await makeFolder(folder);
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const file: z.infer<typeof fileSchema> = { checksum: checksum(weights, slots, state), state };
    await writeFile(join(partial, 'weights.bin'), bytesOf(weights), { flush: true });
    await writeFile(join(partial, 'slots.bin'), bytesOf(slots), { flush: true });
    await writeFile(join(partial, 'state.json'), JSON.stringify(file), { flush: true });
    // A folder can't be renamed onto another one: the same step's earlier checkpoint goes first.
    await rm(place, { recursive: true, force: true });
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw fileError(error, place);
  }
  await removeOld(folder, state);
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
export async function loadCheckpoint(runFolder: string, step: number): Promise<Checkpoint | null> {
  const place = join(folderOf(runFolder), String(step));
  try {
    const [text, weightBytes, slotBytes] = await Promise.all([
      readFile(join(place, 'state.json'), 'utf8'),
      readFile(join(place, 'weights.bin')),
      readFile(join(place, 'slots.bin')),
    ]);
    const file = fileSchema.parse(JSON.parse(text));
    const weights = floatsOf(weightBytes);
    const slots = floatsOf(slotBytes);
    return checksum(weights, slots, file.state) === file.checksum
      ? { state: file.state, weights, slots }
      : null;
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

/** Removes all but the newest and the best ones that those refer to. */
async function removeOld(folder: string, newest: TrainingState): Promise<void> {
  const steps = await checkpointSteps(join(folder, '..'));
  const kept = new Set(steps.slice(0, keptNewest));
  const bests = await Promise.all(
    [...kept]
      .filter((step) => step !== newest.step)
      .map(async (step) => {
        const text = await readFile(join(folder, String(step), 'state.json'), 'utf8');
        return fileSchema.parse(JSON.parse(text)).state.best?.step;
      })
      .map((best) => best.catch(() => undefined)),
  );
  for (const best of [newest.best?.step, ...bests]) if (best !== undefined) kept.add(best);
  for (const step of steps)
    if (!kept.has(step))
      await rm(join(folder, String(step)), { recursive: true, force: true }).catch(() => {});
}
