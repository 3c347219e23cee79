/** Warnings that teach: conclusions from what the engine measured, each with its mend where one click has it. */
import type { TrainingRecipe } from '../../training/recipe.js';
import type { DataPreview } from '../facts.js';
import type { DataRecipe } from '../recipe.js';
import { classFindings, precisionFindings } from './classes.js';
import { textFindings, unknownFindings } from './text.js';
import type { Finding } from './types.js';
import { overlapFindings, seriesFindings, tinyFindings } from './windows.js';

export type TrainingContext = Pick<TrainingRecipe, 'bucketing' | 'classWeights'>;

export type { Finding, Mend } from './types.js';

/**
 * Warnings before notes.
 * @param recipe the one that the preview was made for; mends are changes of it.
 * @param training what the findings depend on of how the network trains.
 */
export function dataFindings(
  recipe: DataRecipe,
  preview: DataPreview,
  training: TrainingContext,
): Finding[] {
  const found = findingsFor(recipe, preview, training);
  return [
    ...found.filter(({ severity }) => severity === 'warning'),
    ...found.filter(({ severity }) => severity === 'note'),
  ];
}

function findingsFor(
  recipe: DataRecipe,
  preview: DataPreview,
  training: TrainingContext,
): Finding[] {
  const { bucketing } = training;
  switch (recipe.task) {
    case 'next-token':
      return [
        ...overlapFindings(recipe, preview),
        ...unknownFindings(recipe, preview),
        ...tinyFindings(preview, 'window'),
      ];
    case 'classification':
      return [
        ...classFindings(recipe, preview, training),
        ...textFindings(recipe, preview, bucketing),
        ...unknownFindings(recipe, preview),
        ...precisionFindings(recipe, preview),
        ...tinyFindings(preview, 'row', ['validation']),
      ];
    case 'tagging':
      return [
        ...classFindings(recipe, preview, training),
        ...textFindings(recipe, preview, bucketing),
        ...unknownFindings(recipe, preview),
        ...tinyFindings(preview, 'row'),
      ];
    case 'forecast':
      return [...seriesFindings(recipe, preview), ...tinyFindings(preview, 'window')];
  }
}
