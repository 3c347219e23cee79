/**
 * `weights/model.bin` and `model.json`: the weights that a run stands for, for prediction and export. The
 * best epoch's so far where early stopping restores the best, otherwise those of the newest checkpoint.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bytesOf, floatsOf, makeFolder, writeJson, writeWhole } from './files.js';
import { newestCheckpoint } from './checkpoint.js';

const noteSchema = z.object({
  step: z.number().int(),
  sha256: z.string(),
});

const sha256 = (weights: Float32Array): string =>
  createHash('sha256').update(bytesOf(weights)).digest('hex');

export async function saveWeights(
  folder: string,
  /** The optimizer step after which they were. */
  step: number,
  weights: Float32Array,
): Promise<void> {
  const place = join(folder, 'weights');
  await makeFolder(place);
  await writeWhole(join(place, 'model.bin'), bytesOf(weights));
  await writeJson(join(place, 'model.json'), { step, sha256: sha256(weights) });
}

/** The run's weights; null before its first step was trained and saved. */
export async function loadWeights(folder: string): Promise<Float32Array | null> {
  try {
    const [bytes, text] = await Promise.all([
      readFile(join(folder, 'weights', 'model.bin')),
      readFile(join(folder, 'weights', 'model.json'), 'utf8'),
    ]);
    const weights = floatsOf(bytes);
    if (noteSchema.parse(JSON.parse(text)).sha256 === sha256(weights)) return weights;
  } catch {
    // Missing, damaged, or just being replaced: a checkpoint has weights too.
  }
  const { checkpoint } = await newestCheckpoint(folder);
  // The checkpoint at the start is there to begin from: nothing was learned yet.
  if (checkpoint === null || checkpoint.state.step === 0) return null;
  return checkpoint.best ?? checkpoint.weights;
}
