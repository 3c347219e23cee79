/** What it means to train a run on, for longer or as a branch, in sentences. */
import { formatPlural, formatSmall } from '#shared/format';
import type { RunEntry } from '#shared/ipc/studio';
import { epochOf } from '#shared/run/curves';
import type { BatchRecord, RunSummary } from '#shared/run/events';
import { optimizerNames } from '#shared/run/words';
import type { TrainingRecipe } from '#shared/training/recipe';
import { learningRateAt } from '#shared/training/schedules';

export interface EndedRun {
  summary: RunSummary;
  training: TrainingRecipe;
  /** All epochs that the run was to train. */
  plannedEpochs: number;
  /** null before its curves are read. */
  batchesPerEpoch: number | null;
}

/** What a person would not expect of `more` further epochs. */
export function keepGoingNotes(
  { summary, training, plannedEpochs, batchesPerEpoch }: EndedRun,
  more: number,
): string[] {
  const notes: string[] = [];
  const { earlyStopping, schedule, optimizer } = training;
  const epochs = summary.epochs + more;
  if (earlyStopping?.restoreBest === true && (summary.bestEpoch ?? epochs) < summary.epochs)
    notes.push(
      `It goes on from the last weights, not from those of epoch ${summary.bestEpoch}, the best so far.`,
    );
  if (earlyStopping !== null)
    notes.push(
      `Early stopping counts its ${formatPlural(earlyStopping.patience, 'epoch')} without gain anew.`,
    );
  if (schedule.kind === 'cosine' && batchesPerEpoch !== null) {
    const rate = (step: number, epochsInAll: number): string =>
      formatSmall(
        learningRateAt(schedule, optimizer, {
          step,
          totalSteps: epochsInAll * batchesPerEpoch,
          epoch: 0,
          reductions: 0,
        }),
      );
    const [last, next] = [rate(summary.step - 1, plannedEpochs), rate(summary.step, epochs)];
    notes.push(
      `The cosine schedule now spans ${epochs} epochs: the learning rate goes from ${last} to ${next}.`,
    );
  }
  return notes;
}

/** Where a branch would begin. */
export interface BranchPlace {
  step: number;
  /** Epochs done, with their fraction. */
  epoch: number;
  batchesPerEpoch: number;
  /** Of the last step. */
  learningRate: number;
}

/** At the run's newest checkpoint; null where there is none, or none that something was trained before. */
export function branchPlace(
  { state }: RunEntry,
  batches: readonly BatchRecord[],
): BranchPlace | null {
  const resting = state.phase === 'paused' || state.phase === 'done' || state.phase === 'failed';
  const step = resting ? state.checkpointStep : null;
  const batch = step === null ? undefined : batches.findLast((record) => record.step <= step);
  if (batch === undefined) return null;
  return {
    step: batch.step,
    epoch: epochOf(batch),
    batchesPerEpoch: batch.batches,
    learningRate: batch.learningRate,
  };
}

export const atEpochEnd = ({ epoch, batchesPerEpoch }: BranchPlace): boolean =>
  Math.round(epoch * batchesPerEpoch) % batchesPerEpoch === 0;

/** What a person would not expect of a branch that trains with `after` where its parent had `before`. */
export function branchNotes(
  place: BranchPlace,
  before: TrainingRecipe,
  after: TrainingRecipe,
): string[] {
  const { schedule, optimizer, earlyStopping } = after;
  const [old, now] = [optimizerNames[before.optimizer.kind], optimizerNames[optimizer.kind]];
  const notes = [
    old === now
      ? `The weights and ${now}’s running averages of the gradient are taken over.`
      : `The weights are taken over; ${now} begins anew, without ${old}’s running averages.`,
  ];
  if (before.classWeights !== after.classWeights)
    notes.push('Its training loss counts classes otherwise: compare the validation losses.');
  if (schedule.kind === 'cosine' || schedule.kind === 'step') {
    const rate = learningRateAt(schedule, optimizer, {
      step: Math.round(place.epoch * place.batchesPerEpoch),
      totalSteps: after.epochs * place.batchesPerEpoch,
      epoch: Math.floor(place.epoch + 1e-9),
      reductions: 0,
    });
    notes.push(
      `With this schedule the learning rate goes from ${formatSmall(place.learningRate)} to ${formatSmall(rate)} here.`,
    );
  }
  if (earlyStopping !== null)
    notes.push(
      `Early stopping counts its ${formatPlural(earlyStopping.patience, 'epoch')} without gain anew.`,
    );
  return notes;
}
