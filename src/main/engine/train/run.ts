/**
 * A whole run: prepare data, device and model, find the checkpoint, train, and leave in the run's folder
 * everything that prediction and export need: `program.json`, `preprocessing.json`, `facts.json`,
 * `samples.json`, `weights/`, `checkpoints/`, `log.jsonl`, `result.json`. Main keeps `run.json` and `document.json` there.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, toWireError } from '#shared/errors';
import type { DataRecipe } from '#shared/data/recipe';
import type { DataFacts } from '#shared/data/facts';
import type { ProjectDocument } from '#shared/graph/document';
import type { IrProgram } from '#shared/ir/types';
import type { RunEvent, RunSummary } from '#shared/run/events';
import { programFallbacks } from '#shared/run/fallbacks';
import type { Resume } from '#shared/run/resume';
import { classWeightsOf, namedWeights } from '#shared/training/class-weights';
import type { TrainingRecipe } from '#shared/training/recipe';
import { compile, initialWeights } from '../compile/model.js';
import { sampleInputs } from '../data/samples.js';
import type { PreparedData } from '../data/types.js';
import type { Device } from '../devices/types.js';
import { checkpointSteps, newestCheckpoint } from './checkpoint.js';
import type { Checkpoint, TrainingState } from './checkpoint.js';
import { continuation } from './continuation.js';
import type { RunControl } from './control.js';
import { makeFolder, writeJson } from './files.js';
import { RunLog } from './log.js';
import { TrainingLoop } from './loop.js';
import type { CheckpointSeconds } from './loop.js';
import { emptyTally } from './metrics.js';
import { createOptimizer } from './optimizers.js';
import { Reporter } from './reporter.js';

export interface RunOptions {
  folder: string;
  document: ProjectDocument;
  /** Overrides of the document's training recipe; null keeps them. */
  seed: number | null;
  epochs: number | null;
  /**
   * How to go on from the newest whole checkpoint; null begins anew. Without one, `same` begins anew too
   * (the curve is the same), the others fail.
   */
  resume: Resume | null;
  control: RunControl;
  emit: (event: RunEvent) => void;
  /** What the run takes from its surroundings. */
  prepareData: (recipe: DataRecipe) => Promise<PreparedData>;
  openDevice: () => Promise<Device>;
  lower: (document: ProjectDocument, facts: DataFacts) => IrProgram;
  /** Things that the run survives but somebody should know, for the engine's log. */
  warn?: (text: string) => void;
  checkpointSeconds?: CheckpointSeconds;
}

/**
 * Never throws: what goes wrong is the last event, `failed`.
 * @returns the summary, or null if it failed.
 */
export async function runTraining(options: RunOptions): Promise<RunSummary | null> {
  let reporter: Reporter | null = null;
  let log: RunLog | null = null;
  try {
    await makeFolder(options.folder);
    const checkpoint = await openCheckpoint(options);
    // A branch's log begins where it does.
    const logged = typeof options.resume === 'string' ? (checkpoint?.state.logBytes ?? 0) : 0;
    log = RunLog.open(join(options.folder, 'log.jsonl'), logged);
    reporter = new Reporter(log, options.emit);
    const summary = await prepareAndTrain(options, log, reporter, checkpoint);
    reporter.report({ type: 'done', summary });
    return summary;
  } catch (error) {
    const event: RunEvent = { type: 'failed', error: toWireError(error) };
    try {
      if (reporter === null) throw error;
      reporter.report(event);
    } catch {
      // The log can't be written, which may be what failed: the person hears of it all the same.
      options.emit(event);
    }
    if (!(error instanceof StudioError))
      options.warn?.(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return null;
  } finally {
    log?.close();
  }
}

async function prepareAndTrain(
  options: RunOptions,
  log: RunLog,
  reporter: Reporter,
  checkpoint: Checkpoint | null,
): Promise<RunSummary> {
  const { folder } = options;
  const recipe: TrainingRecipe = {
    ...options.document.training,
    epochs: options.epochs ?? options.document.training.epochs,
    seed: checkpoint?.state.seed ?? options.seed ?? options.document.training.seed,
  };
  const { document } = options;

  reporter.report({ type: 'preparing', step: 'data' });
  const data = await options.prepareData(document.data);
  if (data.train.size === 0)
    throw new StudioError(
      'no-training-rows',
      'There are no rows to train on.',
      'Lower the validation and test shares, or bring more data.',
      { field: 'data.split' },
    );
  const program = options.lower(document, data.facts);
  await writeJson(join(folder, 'preprocessing.json'), data.preprocessing);
  await writeJson(join(folder, 'program.json'), program);
  await writeJson(join(folder, 'facts.json'), data.facts);
  await writeJson(join(folder, 'samples.json'), sampleInputs(data));

  reporter.report({ type: 'preparing', step: 'device' });
  const device = await options.openDevice();

  reporter.report({ type: 'preparing', step: 'model' });
  const classWeights = namedWeights(recipe, data.facts);
  const fresh = freshState(program, recipe, data);
  if (checkpoint !== null) reporter.report({ type: 'preparing', step: 'checkpoint' });
  const goOn =
    checkpoint === null || options.resume === null
      ? null
      : continuation(folder, checkpoint, fresh, recipe, options.resume);
  const weights = checkpoint?.weights ?? initialWeights(program, recipe.seed);
  const model = compile(program, device, weights);
  try {
    const optimizer = await createOptimizer(recipe, model, device.id);
    try {
      // Those of another optimizer mean nothing to this one; fresh ones are zeros.
      if (goOn !== null && goOn.slots.length === (await optimizer.slots()).length)
        optimizer.load(weights, goOn.slots);
      await rm(join(folder, 'result.json'), { force: true });
      const state = goOn?.state ?? fresh;
      reporter.report({
        type: 'started',
        device: device.id,
        deviceName: device.name,
        deviceReason: device.reason,
        parameters: model.parameterCount,
        seed: recipe.seed,
        epochs: recipe.epochs,
        batchesPerEpoch: Math.ceil(data.train.size / recipe.batchSize),
        fromStep: state.step,
        fallbacks: programFallbacks(device.fallback, program),
        ...(classWeights === null ? {} : { classWeights }),
      });
      const { control, checkpointSeconds } = options;
      const summary = await new TrainingLoop({
        folder,
        model,
        device,
        data,
        recipe,
        optimizer,
        control,
        log,
        reporter,
        state,
        saved: state === checkpoint?.state,
        best: goOn?.best ?? null,
        ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      }).run();
      await writeJson(join(folder, 'result.json'), summary);
      return summary;
    } finally {
      optimizer.dispose();
    }
  } finally {
    model.dispose();
  }
}

/** The checkpoint to go on from. What lies in the folder beyond it is removed: it will be made again. */
async function openCheckpoint({ folder, resume, warn }: RunOptions): Promise<Checkpoint | null> {
  const { checkpoint, damaged } =
    resume === null ? { checkpoint: null, damaged: [] } : await newestCheckpoint(folder);
  if (checkpoint === null && resume !== null && resume !== 'same')
    throw new StudioError(
      'no-checkpoint',
      `No checkpoint in "${folder}" is whole.`,
      'Nothing was changed there. Train again from the start.',
    );
  for (const step of damaged) warn?.(`checkpoint ${step} of ${folder} is damaged and was skipped`);
  const newest = checkpoint?.state.step ?? -1;
  const stale = (await checkpointSteps(folder)).filter((step) => step > newest).map(String);
  const partial = (await readdir(join(folder, 'checkpoints')).catch(() => [])).filter((name) =>
    name.endsWith('.tmp'),
  );
  for (const name of [...stale, ...partial])
    await rm(join(folder, 'checkpoints', name), { recursive: true, force: true });
  if (checkpoint === null) await rm(join(folder, 'weights'), { recursive: true, force: true });
  return checkpoint;
}

function freshState(program: IrProgram, recipe: TrainingRecipe, data: PreparedData): TrainingState {
  return {
    seed: recipe.seed,
    optimizer: recipe.optimizer.kind,
    parameters: program.parameters.map(({ id, shape }) => ({ id, shape })),
    batchSize: recipe.batchSize,
    examples: data.train.size,
    step: 0,
    epoch: 1,
    batch: 0,
    tally: emptyTally(),
    plateau: { best: null, epochsWithoutGain: 0, reductions: 0 },
    best: null,
    epochsWithoutGain: 0,
    lastEpoch: null,
    elapsed: 0,
    peakTensorBytes: 0,
    logBytes: 0,
    classWeights: classWeightsOf(recipe, data.facts) ?? undefined,
  };
}
