/** A finished or running training, read from its folder: its program, preprocessing and weights. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { IrProgram } from '#shared/ir/types';
import { verify } from '#shared/ir/verify';
import { compile } from '../compile/model.js';
import type { Model } from '../compile/model.js';
import { preprocessingSchema } from '#shared/data/preprocessing';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { Device } from '../devices/types.js';
import { loadWeights } from '../train/weights.js';

export interface TrainedRun {
  model: Model;
  preprocessing: Preprocessing;
}

/**
 * The caller disposes the model.
 * @throws StudioError `run-not-found` or `run-has-no-weights`.
 */
export async function loadRun(folder: string, device: Device): Promise<TrainedRun> {
  const { program, preprocessing, weights } = await readRun(folder);
  return { model: compile(program, device, weights), preprocessing };
}

export interface StoredRun {
  program: IrProgram;
  preprocessing: Preprocessing;
  /** In the program's parameter order. */
  weights: Float32Array;
}

/** @throws StudioError as `loadRun`. */
export async function readRun(folder: string): Promise<StoredRun> {
  const [programText, preprocessingText] = await Promise.all([
    read(folder, 'program.json'),
    read(folder, 'preprocessing.json'),
  ]);
  const weights = await loadWeights(folder);
  if (programText === null || preprocessingText === null || weights === null) {
    const exists = (await read(folder, 'log.jsonl')) !== null;
    throw exists
      ? new StudioError(
          'run-has-no-weights',
          `The run in ${folder} has no weights yet.`,
          'Wait for its first epoch or checkpoint, or train it again.',
          { file: folder },
        )
      : new StudioError(
          'run-not-found',
          `There is no run in ${folder}.`,
          'Give the folder of a run, the one with log.jsonl in it.',
          { file: folder },
        );
  }
  const preprocessing = preprocessingSchema.parse(JSON.parse(preprocessingText));
  const program: IrProgram = JSON.parse(programText);
  verify(program);
  return { program, preprocessing, weights };
}

const read = (folder: string, name: string): Promise<string | null> =>
  readFile(join(folder, name), 'utf8').catch(() => null);
