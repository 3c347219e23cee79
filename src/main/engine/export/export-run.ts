/**
 * A trained run as a folder for another framework: the target's code and weights, how to treat new input,
 * recorded rows with our outputs, and for targets that train the data.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { toWireError } from '#shared/errors';
import { generators } from '#shared/codegen/index';
import type { ModelTarget } from '#shared/codegen/index';
import { dataFactsSchema } from '#shared/data/facts';
import type { DataFacts } from '#shared/data/facts';
import type { Preprocessing } from '#shared/data/preprocessing';
import type { ProjectDocument } from '#shared/graph/document';
import type { IrHead } from '#shared/ir/types';
import { greedy } from '#shared/run/prediction';
import { compile } from '../compile/model.js';
import type { Model, ModelInput } from '../compile/model.js';
import { decodeTokens } from '../data/encode.js';
import { encodeInputs, sampleInputs, sampleInputSchema } from '../data/samples.js';
import type { PreparedData } from '../data/types.js';
import type { Device } from '../devices/types.js';
import { generateIds } from '../predict/generate.js';
import { readRun } from '../predict/load.js';
import { writeJson } from '../train/files.js';
import { writeData } from './data-files.js';
import { generatedTokens, outputsOf, writeRecording } from './record.js';
import type { Generated, RunOrigin } from './record.js';
import { parameterValues, writeGenerated } from './write.js';

export interface ExportRunOptions {
  /** The run's. */
  folder: string;
  /** Is there and empty. */
  out: string;
  target: ModelTarget;
  /** With the seed and the epochs that the run was started with. */
  document: ProjectDocument;
  run: Pick<RunOrigin, 'id' | 'created' | 'studio_version'>;
  device: Device;
  /** The run's data; may throw where they are gone. */
  data: () => Promise<PreparedData>;
}

const trains: Readonly<Record<ModelTarget, boolean>> = {
  pytorch: true,
  keras: true,
  typescript: true,
  tfjs: false,
  onnx: false,
};

/**
 * @returns what the export lacks and why.
 * @throws StudioError `run-not-found`, `run-has-no-weights`, `disk-full`, `folder-not-writable`, and those
 * of reading the data where an older run kept no samples.
 */
export async function exportRun(options: ExportRunOptions): Promise<string[]> {
  const { folder, out, target, document, device } = options;
  const { program, preprocessing, weights } = await readRun(folder);
  const warnings: string[] = [];
  const facts =
    (await stored(folder, 'facts.json', dataFactsSchema)) ?? (await options.data()).facts;
  const stock =
    (await stored(folder, 'samples.json', z.array(sampleInputSchema))) ??
    sampleInputs(await options.data());
  const samples = stock.slice(0, rowLimit(program.head, facts));

  const generated = generators[target]({ document, program, facts });
  await writeGenerated(out, generated, parameterValues(program, weights));
  await writeJson(join(out, 'preprocessing.json'), withoutPlace(preprocessing));

  const input = encodeInputs(preprocessing, samples);
  const model = compile(program, device, weights);
  try {
    await writeRecording(out, {
      input,
      inputs: samples,
      outputs: await outputsOf(model, input),
      generated: await continuation(model, preprocessing, input),
      run: { ...options.run, device: device.id },
    });
  } finally {
    model.dispose();
  }

  if (trains[target]) {
    try {
      const data = await options.data();
      if (JSON.stringify(data.preprocessing) !== JSON.stringify(preprocessing))
        warnings.push(
          'The data changed since the run was trained: data/ holds them as they are now.',
        );
      await writeData(join(out, 'data'), data);
    } catch (error) {
      const { code, message } = toWireError(error);
      if (code === 'internal') throw error;
      warnings.push(`There is no data/ to train on: the run's data can't be read. ${message}`);
    }
  }
  return warnings;
}

/** Where the person keeps the data is nobody else's business. */
function withoutPlace(preprocessing: Preprocessing): Preprocessing {
  const { source } = preprocessing.recipe;
  if (source.kind !== 'file') return preprocessing;
  const path = basename(source.path);
  return { ...preprocessing, recipe: { ...preprocessing.recipe, source: { kind: 'file', path } } };
}

/** Rows whose outputs are 16 million numbers, 64 MB: fewer than all of them for a large vocabulary. */
function rowLimit({ perStep, outputs }: IrHead, { input }: DataFacts): number {
  return Math.max(1, Math.floor(16e6 / (outputs * (perStep ? input.timeSteps : 1))));
}

/** A file of the run's folder; null where the run is older than it. */
export async function stored<T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null);
  return text === null ? null : schema.parse(JSON.parse(text));
}

/** What a next-token network goes on with after half a window; null for the other tasks. */
async function continuation(
  model: Model,
  preprocessing: Preprocessing,
  { input, timeSteps }: ModelInput,
): Promise<Generated | null> {
  if (preprocessing.recipe.task !== 'next-token' || input.kind !== 'tokens') return null;
  const prompt = input.ids.slice(0, Math.ceil(timeSteps / 2));
  const ids = await generateIds({ model, preprocessing }, prompt, {
    length: generatedTokens,
    ...greedy,
  });
  return {
    prompt_ids: Array.from(prompt),
    ids,
    prompt: decodeTokens(preprocessing, prompt),
    text: decodeTokens(preprocessing, ids),
  };
}
