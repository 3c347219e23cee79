/** Warnings that teach: conclusions from what the engine measured, each with its mend where one click has it. */
import type { DataPreview } from '../facts.js';
import type { DataRecipe } from '../recipe.js';
import { classFindings, precisionFindings } from './classes.js';
import { textFindings, unknownFindings } from './text.js';
import type { Finding } from './types.js';
import { overlapFindings, seriesFindings, tinyFindings } from './windows.js';

export type { Finding, Mend } from './types.js';

/**
 * Warnings before notes.
 * @param recipe the one that the preview was made for; mends are changes of it.
 * @param bucketing whether rows of similar length share a batch in training.
 */
export function dataFindings(
  recipe: DataRecipe,
  preview: DataPreview,
  bucketing: boolean,
): Finding[] {
  const found = findingsFor(recipe, preview, bucketing);
  return [
    ...found.filter(({ severity }) => severity === 'warning'),
    ...found.filter(({ severity }) => severity === 'note'),
  ];
}

function findingsFor(recipe: DataRecipe, preview: DataPreview, bucketing: boolean): Finding[] {
  switch (recipe.task) {
    case 'next-token':
      return [
        ...overlapFindings(recipe, preview),
        ...unknownFindings(recipe, preview),
        ...tinyFindings(preview, 'window'),
      ];
    case 'classification':
      return [
        ...classFindings(recipe, preview),
        ...textFindings(recipe, preview, bucketing),
        ...unknownFindings(recipe, preview),
        ...precisionFindings(recipe, preview),
        ...tinyFindings(preview, 'row', ['validation']),
      ];
    case 'tagging':
      return [
        ...classFindings(recipe, preview),
        ...textFindings(recipe, preview, bucketing),
        ...unknownFindings(recipe, preview),
        ...tinyFindings(preview, 'row'),
      ];
    case 'forecast':
      return [...seriesFindings(recipe, preview), ...tinyFindings(preview, 'window')];
  }
}
