/**
 * The training loop. Everything that it does next is a function of `TrainingState`, the weights and the
 * optimizer's slots, so that a checkpoint is those three, and a resumed run gives the same curve.
 */
import { StudioError } from '#shared/errors';
import type { BatchRecord, RunSummary, Scores } from '#shared/run/events';
import type { TrainingRecipe } from '#shared/training/recipe';
import { learningRateAt, plateauAfter } from '#shared/training/schedules';
import type { Model } from '../compile/model.js';
import type { PreparedData } from '../data/types.js';
import type { Device } from '../devices/types.js';
import { saveCheckpoint } from './checkpoint.js';
import type { TrainingState } from './checkpoint.js';
import type { RunControl } from './control.js';
import { yieldToEventLoop } from './control.js';
import { RunLog } from './log.js';
import { addBatch, emptyTally, finite, scoresOf, targetScales } from './metrics.js';
import type { Optimizer } from './optimizers.js';
import { epochBatches } from './order.js';
import { Pace } from './pace.js';
import { Random } from './random.js';
import type { Reporter } from './reporter.js';
import { evaluate, trainStep } from './step.js';
import { saveWeights } from './weights.js';

export interface LoopOptions {
  folder: string;
  model: Model;
  device: Device;
  data: PreparedData;
  recipe: TrainingRecipe;
  optimizer: Optimizer;
  control: RunControl;
  log: RunLog;
  reporter: Reporter;
  /** Where to begin; the model and the optimizer hold the weights and slots that go with it. */
  state: TrainingState;
  /** The folder's newest checkpoint is of this very state. */
  saved: boolean;
  /** Weights of `state.best`, where they are restored at the end. */
  best: Float32Array | null;
  /** Overrides the default, and the limit on the share of time that saving takes. */
  checkpointSeconds?: CheckpointSeconds;
}

/** The least time between two checkpoints. The start, the end, a pause and a stop always write one. */
export interface CheckpointSeconds {
  insideEpoch: number;
  /** Epochs can take milliseconds. */
  betweenEpochs: number;
}

const defaultCheckpointSeconds: CheckpointSeconds = { insideEpoch: 10, betweenEpochs: 1 };
/** Saving may take at most this share of the time. */
const checkpointShare = 0.05;

export class TrainingLoop {
  private state: TrainingState;
  private readonly pace: Pace;
  private readonly scales: number[];
  private batches: number[][];
  private readonly batchesPerEpoch: number;
  private best: Float32Array | null;
  /** The step after which the weights in `weights/` were. */
  private exportedStep = 0;
  /** The place of the newest checkpoint, so that none is written twice; null before the first one. */
  private saved: string | null;
  private savedAt = performance.now();
  private saveSeconds = 0;

  constructor(private readonly options: LoopOptions) {
    const { recipe, data, state } = options;
    this.state = state;
    this.best = options.best;
    this.pace = new Pace(state.elapsed);
    this.scales = targetScales(data.preprocessing);
    this.batchesPerEpoch = Math.ceil(data.train.size / recipe.batchSize);
    this.batches = this.order();
    this.saved = options.saved ? this.place() : null;
  }

  /** Trains to the end, to a stop, or throws. */
  async run(): Promise<RunSummary> {
    const { control, recipe } = this.options;
    // A run that dies in its first seconds can be resumed too, and as what it is from now on.
    if (this.saved === null) await this.save();
    for (;;) {
      await yieldToEventLoop();
      if (control.paused) await this.waitWhilePaused();
      if (control.stopped) {
        await this.save();
        return this.summary('stopped', null);
      }
      if (this.patienceIsOver()) return this.finish('early-stopping');
      if (this.state.epoch > recipe.epochs) return this.finish('completed');
      if (this.state.batch < this.batches.length) {
        await this.trainBatch(this.batches[this.state.batch] ?? []);
        // The end of the epoch is a better place for one.
        if (this.state.batch < this.batches.length) await this.saveIfDue('insideEpoch');
      } else {
        await this.closeEpoch();
        await this.saveIfDue('betweenEpochs');
      }
    }
  }

  private order(): number[][] {
    const { recipe, data } = this.options;
    const { epoch, seed } = this.state;
    return epochBatches({ ...recipe, lengths: data.train.lengths, seed, epoch });
  }

  /** Steps done as if all of them had been of this batch size: what schedules and the time left count. */
  private plannedStep(): number {
    return (this.state.epoch - 1) * this.batchesPerEpoch + this.state.batch;
  }

  private learningRate(): number {
    const { recipe } = this.options;
    return learningRateAt(recipe.schedule, recipe.optimizer, {
      step: this.plannedStep(),
      totalSteps: recipe.epochs * this.batchesPerEpoch,
      epoch: this.state.epoch - 1,
      reductions: this.state.plateau.reductions,
    });
  }

  private async trainBatch(indices: number[]): Promise<void> {
    const { model, device, data, optimizer, recipe, reporter } = this.options;
    const began = performance.now();
    const { state } = this;
    const step = state.step + 1;
    const learningRate = this.learningRate();
    const batch = data.train.batch(indices);
    const result = await trainStep(model, device, optimizer, batch, {
      learningRate,
      step: step - (state.optimizerFrom ?? 0),
      dropout: new Random(state.seed, 'dropout', step),
      classWeights: state.classWeights ?? null,
    });
    const { loss, gradientNorm } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      await device.check();
      throw notFinite(step, state.epoch, loss, gradientNorm, learningRate);
    }
    const alone = addBatch(emptyTally(), loss, result.predicted, result.targets, this.scales);
    this.state = {
      ...state,
      step,
      batch: state.batch + 1,
      tally: addBatch(state.tally, loss, result.predicted, result.targets, this.scales),
      peakTensorBytes: Math.max(state.peakTensorBytes, result.tensorBytes),
    };
    const tokens = batch.lengths?.reduce((sum, n) => sum + n, 0) ?? batch.size * batch.timeSteps;
    this.pace.batch(batch.size, tokens, (performance.now() - began) / 1000);
    const scores = scoresOf(alone, model.program.head);
    const record: BatchRecord = {
      type: 'batch',
      step,
      epoch: state.epoch,
      batch: this.state.batch,
      batches: this.batches.length,
      loss: finite(loss),
      accuracy: scores.accuracy,
      meanAbsoluteError: scores.meanAbsoluteError,
      gradientNorm: finite(gradientNorm),
      learningRate,
      examplesPerSecond: this.pace.examplesPerSecond,
      tokensPerSecond: this.pace.tokensPerSecond,
      elapsed: this.pace.elapsed,
      remaining: finite(
        this.pace.remaining(
          recipe.epochs * this.batchesPerEpoch - this.plannedStep(),
          recipe.epochs - state.epoch + 1,
        ),
      ),
    };
    reporter.report(record);
  }

  /** Validation, the epoch's record, the best weights, and a checkpoint at the start of the next one. */
  private async closeEpoch(): Promise<void> {
    const { model, device, data, recipe, reporter, control } = this.options;
    const { head } = model.program;
    const learningRate = this.learningRate();
    let validation: Scores | null = null;
    if (data.validation.size > 0) {
      const began = performance.now();
      const tally = await evaluate(
        model,
        device,
        data.validation,
        recipe.batchSize,
        this.scales,
        () => control.stopped,
      );
      // Stopped: a resumed run validates this epoch again.
      if (tally === null) return;
      this.pace.evaluated((performance.now() - began) / 1000);
      validation = scoresOf(tally, head);
    }
    await device.check();
    const { state } = this;
    const train = scoresOf(state.tally, head);
    // Without a validation part the training scores are all there is to go by.
    const monitored = validation ?? train;
    const value = monitoredValue(recipe, monitored);
    const minimumChange = recipe.earlyStopping?.minimumChange ?? 0;
    const improved =
      value !== null && (state.best === null || value < state.best.value - minimumChange);
    const best = improved
      ? { value, epoch: state.epoch, step: state.step, train, validation }
      : state.best;
    const epochsWithoutGain = improved ? 0 : state.epochsWithoutGain + 1;
    const { tensors, tensorBytes } = device.memory();
    const record = {
      type: 'epoch' as const,
      epoch: state.epoch,
      step: state.step,
      train,
      validation,
      learningRate,
      bestEpoch: best?.epoch ?? state.epoch,
      epochsWithoutGain,
      elapsed: this.pace.elapsed,
      memory: { tensors, tensorBytes, processBytes: process.memoryUsage.rss() },
    };
    this.state = {
      ...state,
      epoch: state.epoch + 1,
      batch: 0,
      tally: emptyTally(),
      best,
      epochsWithoutGain,
      plateau:
        recipe.schedule.kind === 'plateau'
          ? plateauAfter(state.plateau, recipe.schedule.patience, monitored.loss)
          : state.plateau,
      lastEpoch: record,
    };
    this.batches = this.order();
    if (improved && recipe.earlyStopping?.restoreBest === true)
      this.best = await this.options.optimizer.weights();
    reporter.report(record);
  }

  /** Puts the best epoch's weights back, tests them, and sums the run up. */
  private async finish(reason: RunSummary['reason']): Promise<RunSummary> {
    const { model, device, data, recipe, control } = this.options;
    await this.save();
    if (this.best !== null) model.write(this.best);
    if (data.test.size === 0) return this.summary(reason, null);
    const tally = await evaluate(
      model,
      device,
      data.test,
      recipe.batchSize,
      this.scales,
      () => control.stopped,
    );
    return tally === null
      ? this.summary('stopped', null)
      : this.summary(reason, scoresOf(tally, model.program.head));
  }

  private summary(reason: RunSummary['reason'], test: Scores | null): RunSummary {
    const { model, device } = this.options;
    const { state } = this;
    const { secondsPerStep } = this.pace;
    const chosen = this.best === null ? state.lastEpoch : state.best;
    return {
      reason,
      epochs: state.epoch - 1,
      bestEpoch: state.best?.epoch ?? null,
      step: state.step,
      train: chosen?.train ?? scoresOf(state.tally, model.program.head),
      validation: chosen?.validation ?? null,
      test,
      seconds: this.pace.elapsed,
      device: device.id,
      parameters: model.parameterCount,
      peakTensorBytes: state.peakTensorBytes,
      ...(secondsPerStep === null ? {} : { secondsPerStep }),
    };
  }

  private patienceIsOver(): boolean {
    const { earlyStopping } = this.options.recipe;
    return (
      earlyStopping !== null && this.state.epochsWithoutGain >= Math.max(1, earlyStopping.patience)
    );
  }

  private async waitWhilePaused(): Promise<void> {
    const { control, reporter } = this.options;
    this.pace.pause();
    await this.save();
    reporter.report({ type: 'paused', step: this.state.step });
    await control.whilePaused();
    this.pace.continue();
    this.savedAt = performance.now();
    if (!control.stopped) reporter.report({ type: 'continued', step: this.state.step });
  }

  private async saveIfDue(where: keyof CheckpointSeconds): Promise<void> {
    const interval =
      this.options.checkpointSeconds?.[where] ??
      Math.max(defaultCheckpointSeconds[where], this.saveSeconds / checkpointShare);
    if (performance.now() - this.savedAt >= interval * 1000) await this.save();
  }

  private place(): string {
    return `${this.state.step} ${this.state.epoch}`;
  }

  /** Writes a checkpoint, and the weights to predict with, unless the newest is of this very place. */
  private async save(): Promise<void> {
    const { optimizer, folder, log, reporter } = this.options;
    if (this.place() === this.saved) return;
    const began = performance.now();
    const { step, epoch } = this.state;
    const event = { type: 'checkpoint' as const, step, epoch };
    // The log up to and with the line that tells of this checkpoint.
    const logBytes = log.bytes + Buffer.byteLength(RunLog.line(event));
    const weights = await optimizer.weights();
    await saveCheckpoint(folder, {
      state: { ...this.state, elapsed: this.pace.elapsed, logBytes },
      weights,
      slots: await optimizer.slots(),
      best: this.best,
    });
    await this.exportWeights(weights);
    reporter.report(event);
    this.saved = this.place();
    this.savedAt = performance.now();
    this.saveSeconds = (this.savedAt - began) / 1000;
  }

  /** The best epoch's weights so far where they are restored at the end, otherwise the newest. */
  private async exportWeights(newest: Float32Array): Promise<void> {
    const { state, best } = this;
    const { step } = best !== null && state.best !== null ? state.best : state;
    if (step === this.exportedStep) return;
    await saveWeights(this.options.folder, step, best ?? newest);
    this.exportedStep = step;
  }
}

/** Lower is better; null when the score is not a number. */
function monitoredValue(recipe: TrainingRecipe, scores: Scores): number | null {
  if (recipe.earlyStopping?.monitor !== 'metric') return scores.loss;
  return scores.accuracy === null ? scores.meanAbsoluteError : -scores.accuracy;
}

function notFinite(
  step: number,
  epoch: number,
  loss: number,
  gradientNorm: number,
  learningRate: number,
): StudioError {
  const what = Number.isFinite(loss) ? 'The gradient' : 'The loss';
  return new StudioError(
    'loss-not-finite',
    `${what} is not a finite number at step ${step} (epoch ${epoch}): loss ${loss}, gradient norm ` +
      `${gradientNorm}, learning rate ${learningRate}.`,
    `Lower the learning rate (try ${Number((learningRate / 10).toPrecision(2))}), clip the gradient by ` +
      'global norm, or look for extreme values in the data.',
    { field: 'training.optimizer.learningRate' },
  );
}
