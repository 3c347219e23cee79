/** What it means to train a run on, in sentences. */
import { formatPlural, formatSmall } from '#shared/format';
import type { RunSummary } from '#shared/run/events';
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
