/** What a run did and came to, in words and rows of a table. */
import type { TermId } from '../glossary.js';
import { formatCount, formatPercent, formatPlural, formatScore, formatSmall } from '../format.js';
import type { TrainingRecipe } from '../training/recipe.js';
import type { RunSummary, Scores } from './events.js';
import type { ClassResults } from './results.js';

export function scheduleText({ schedule }: TrainingRecipe): string {
  switch (schedule.kind) {
    case 'constant':
      return 'constant';
    case 'cosine':
      return schedule.warmUpSteps > 0
        ? `${formatPlural(schedule.warmUpSteps, 'step')} of warm-up, then cosine`
        : 'cosine';
    case 'step':
      return `× ${formatSmall(schedule.factor)} every ${formatPlural(schedule.everyEpochs, 'epoch')}`;
    case 'plateau':
      return `× ${formatSmall(schedule.factor)} after ${formatPlural(schedule.patience, 'epoch')} without gain`;
  }
}

export function clipText({ clip }: TrainingRecipe): string {
  const parts: string[] = [];
  if (clip.value !== null) parts.push(`each value at ±${formatSmall(clip.value)}`);
  if (clip.norm !== null) parts.push(`clip at ${formatSmall(clip.norm)}`);
  return parts.length === 0 ? 'not clipped' : parts.join(', ');
}

export const optimizerNames = {
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  rmsprop: 'RMSprop',
} as const;

export const optimizerText = ({ optimizer }: TrainingRecipe): string =>
  `${optimizerNames[optimizer.kind]} ${formatSmall(optimizer.learningRate)}`;

export interface ScoreRow {
  name: string;
  term: TermId;
  values: [train: string, validation: string, test: string];
}

const scoreRows: {
  name: string;
  term: TermId;
  of: (scores: Scores) => number | null;
  format: (value: number | null) => string;
}[] = [
  { name: 'Loss', term: 'loss', of: (s) => s.loss, format: formatScore },
  { name: 'Accuracy', term: 'accuracy', of: (s) => s.accuracy, format: formatPercent },
  { name: 'Perplexity', term: 'perplexity', of: (s) => s.perplexity, format: formatScore },
  { name: 'MAE', term: 'mae', of: (s) => s.meanAbsoluteError, format: formatScore },
  { name: 'RMSE', term: 'rmse', of: (s) => s.rootMeanSquaredError, format: formatScore },
  {
    name: 'Persistence MAE',
    term: 'persistence',
    of: (s) => s.persistenceMeanAbsoluteError,
    format: formatScore,
  },
];

/** The scores that a run measured, one row each. */
export function scoreTable({ train, validation, test }: RunSummary): ScoreRow[] {
  const parts = [train, validation, test];
  return scoreRows
    .filter(({ of }) => parts.some((part) => part !== null && of(part) !== null))
    .map(({ name, term, of, format }) => {
      const cell = (part: Scores | null): string => format(part === null ? null : of(part));
      return { name, term, values: [cell(train), cell(validation), cell(test)] };
    });
}

/**
 * The conclusion in one sentence. A forecast is judged against persistence (repeating the last value)
 * on the same rows; null where the test part has nothing to say.
 */
export function conclusion(summary: RunSummary): string | null {
  const { test } = summary;
  if (test === null) return null;
  const { meanAbsoluteError: error, persistenceMeanAbsoluteError: persistence } = test;
  if (error !== null && persistence !== null && persistence > 0) {
    const gain = 1 - error / persistence;
    const size = formatPercent(Math.abs(gain));
    const versus = `repeating the last value (MAE ${formatScore(error)} against ${formatScore(persistence)})`;
    if (Math.abs(gain) < 0.005) return `As good as ${versus}.`;
    if (gain < -1) return `${formatScore(error / persistence)} times the error of ${versus}.`;
    return gain > 0 ? `${size} better than ${versus}.` : `${size} worse than ${versus}.`;
  }
  if (test.perplexity !== null)
    return `Test perplexity ${formatScore(test.perplexity)}: as unsure as a fair choice among that many tokens.`;
  if (test.accuracy !== null) return `${formatPercent(test.accuracy)} of the test part is right.`;
  return null;
}

/** A share says little without what a guess would reach. */
export function againstMajority({ counts, labels, unit }: ClassResults): string | null {
  const supports = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const total = supports.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const correct = counts.reduce((sum, row, label) => sum + (row[label] ?? 0), 0);
  const largest = Math.max(...supports);
  const label = labels[supports.indexOf(largest)] ?? '';
  return (
    `${formatPercent(correct / total)} of the ${formatCount(total)} test ${unit}s are right; always saying ` +
    `“${label}” would be right for ${formatPercent(largest / total)}.`
  );
}
