/** Export folders as the engine writes them, for a graph with random weights: nothing is trained. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodegenInput, GeneratedExport } from '#shared/codegen/types';
import type { IrProgram } from '#shared/ir/types';
import { lower } from '#shared/ir/lower';
import { greedy } from '#shared/run/prediction';
import { classWeightsOf } from '#shared/training/class-weights';
import { compile, initialWeights } from '../../../src/main/engine/compile/model.js';
import { decodeTokens } from '../../../src/main/engine/data/encode.js';
import { openDevice } from '../../../src/main/engine/devices/index.js';
import type { Device } from '../../../src/main/engine/devices/types.js';
import {
  generatedTokens,
  inputTensors,
  outputsOf,
  writeRecording,
} from '../../../src/main/engine/export/record.js';
import { encodeSafetensors } from '../../../src/main/engine/export/safetensors.js';
import type { Tensor } from '../../../src/main/engine/export/safetensors.js';
import {
  parameterValues,
  writeGenerated,
  writeWeights,
} from '../../../src/main/engine/export/write.js';
import { generateIds } from '../../../src/main/engine/predict/generate.js';
import type { Batch } from '../../../src/main/engine/data/types.js';
import { createOptimizer } from '../../../src/main/engine/train/optimizers.js';
import { Random } from '../../../src/main/engine/train/random.js';
import { trainStep } from '../../../src/main/engine/train/step.js';
import { writeJson, writeWhole } from '../../../src/main/engine/train/files.js';
import { preprocessingOf, randomRows } from './fixtures.js';
import type { Fixture } from './fixtures.js';

export type Generate = (input: CodegenInput) => GeneratedExport;

export interface FixtureOptions {
  rows?: number;
  seed?: number;
}

let opened: Promise<Device> | null = null;
/** Not disposed: it ends with the test file's process. */
const device = (): Promise<Device> => (opened ??= openDevice('wasm'));

/** Initial weights, but with noise in those that begin as constants (biases, gains). */
export function noisyWeights(program: IrProgram, seed: number): Float32Array {
  const weights = initialWeights(program, seed);
  const random = new Random(seed, 'noise');
  let offset = 0;
  for (const { shape, initializer } of program.parameters) {
    const end = offset + shape.reduce((size, n) => size * n, 1);
    if (['zeros', 'ones', 'forget-bias'].includes(initializer.kind))
      for (let i = offset; i < end; i++) weights[i] = (weights[i] ?? 0) + 0.1 * random.normal();
    offset = end;
  }
  return weights;
}

/** Writes code, weights, preprocessing.json and recorded.* (not data/). @returns what was generated. */
export async function exportFixture(
  fixture: Fixture,
  generate: Generate,
  folder: string,
  options: FixtureOptions = {},
): Promise<GeneratedExport> {
  const { document, facts } = fixture;
  const program = lower(document, facts);
  return writeFixture(fixture, program, generate({ document, program, facts }), folder, options);
}

async function writeFixture(
  fixture: Fixture,
  program: IrProgram,
  generated: GeneratedExport,
  folder: string,
  { rows = 32, seed = 5 }: FixtureOptions,
): Promise<GeneratedExport> {
  const weights = noisyWeights(program, seed);
  const preprocessing = preprocessingOf(fixture);
  await mkdir(folder, { recursive: true });
  await writeGenerated(folder, generated, parameterValues(program, weights));
  await writeJson(join(folder, 'preprocessing.json'), preprocessing);
  const model = compile(program, await device(), weights);
  try {
    const { batch, inputs } = randomRows(fixture, rows, seed);
    const run = { id: fixture.name, device: 'wasm', created: '2026-01-31', studio_version: 'test' };
    const outputs = await outputsOf(model, batch);
    let continuation = null;
    if (fixture.document.data.task === 'next-token' && batch.input.kind === 'tokens') {
      // Half a window: the text grows to a whole one and then moves on.
      const prompt = batch.input.ids.slice(0, batch.timeSteps / 2);
      const ids = await generateIds({ model, preprocessing }, prompt, {
        length: generatedTokens,
        ...greedy,
      });
      continuation = {
        prompt_ids: Array.from(prompt),
        ids,
        prompt: decodeTokens(preprocessing, prompt),
        text: decodeTokens(preprocessing, ids),
      };
    }
    await writeRecording(folder, { input: batch, inputs, outputs, generated: continuation, run });
  } finally {
    model.dispose();
  }
  return generated;
}

/**
 * An export folder, and beside it in `step/` one training step of ours on one batch, with the document's
 * optimizer, clipping and L2; dropout is taken out of the graph before anything is generated.
 *
 * - `step/batch.safetensors`: `ids` or `features`, `lengths`, and `targets`: classes I32 [B], ids a step
 *   I32 [B,T] (for a next-token head on the last step too), or scaled values F32 [B,O].
 * - `step/step.json`: `loss` (of the data), `penalty` (Σ l2·w², before the step), `learningRate`.
 * - the weight files after the step, as the target has them: `step/<path of the weight file>`.
 */
export async function gradientStepFixture(
  fixture: Fixture,
  generate: Generate,
  folder: string,
  options: FixtureOptions = {},
): Promise<GeneratedExport> {
  const { document, facts } = fixture;
  const { rows = 16, seed = 5 } = options;
  const program = withoutDropout(lower(document, facts));
  const generated = generate({ document, program, facts });
  await writeFixture(fixture, program, generated, folder, { rows, seed });

  const step = join(folder, 'step');
  await mkdir(step, { recursive: true });
  const { batch } = randomRows(fixture, rows, seed + 1);
  await writeWhole(
    join(step, 'batch.safetensors'),
    encodeSafetensors([...inputTensors(batch), ['targets', targetsOf(batch)]]),
  );
  const weights = noisyWeights(program, seed);
  const model = compile(program, await device(), weights);
  const optimizer = await createOptimizer(document.training, model, (await device()).id);
  try {
    const { learningRate } = document.training.optimizer;
    const random = new Random(0, 'no dropout');
    const { loss } = await trainStep(model, await device(), optimizer, batch, {
      learningRate,
      step: 1,
      dropout: random,
      classWeights: classWeightsOf(document.training, facts),
    });
    const penalty = penaltyOf(program, weights);
    await writeJson(join(step, 'step.json'), { loss, penalty, learningRate });
    await writeWeights(
      step,
      generated.weights,
      parameterValues(program, await optimizer.weights()),
    );
  } finally {
    optimizer.dispose();
    model.dispose();
  }
  return generated;
}

function targetsOf({ targets, size, timeSteps }: Batch): Tensor {
  switch (targets.kind) {
    case 'class':
      return { shape: [size], values: targets.ids };
    case 'steps':
      return { shape: [size, timeSteps], values: targets.ids };
    case 'values':
      return { shape: [size, targets.values.length / size], values: targets.values };
  }
}

function penaltyOf(program: IrProgram, weights: Float32Array): number {
  const values = parameterValues(program, weights);
  return program.parameters.reduce((sum, { id, l2 }) => {
    const squares = values.get(id)?.reduce((all, w) => all + w * w, 0) ?? 0;
    return sum + l2 * squares;
  }, 0);
}

/** The same weights and outputs; nothing is dropped in training. */
export const withoutDropout = (program: IrProgram): IrProgram => ({
  ...program,
  ops: program.ops.map((op) => {
    if (op.op === 'dropout') return { ...op, rate: 0 };
    return op.op === 'recurrent' ? { ...op, dropout: 0, recurrentDropout: 0 } : op;
  }),
});
