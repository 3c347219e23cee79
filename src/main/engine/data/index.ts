/** Data recipes become facts, a preprocessing record and datasets. */
import type { DataPreview } from '#shared/data/facts';
import type { DataRecipe } from '#shared/data/recipe';
import { prepareClassification } from './classification.js';
import { prepareForecast } from './forecast.js';
import { prepareNextToken } from './next-token.js';
import { previewOf } from './preview.js';
import type { Prepared } from './report.js';
import { openSource } from './source.js';
import { prepareTagging } from './tagging.js';
import type { PreparedData } from './types.js';

export { builtinDatasets } from './builtin.js';
export { describeFile } from './describe.js';
export { convertFile } from './import/convert.js';
export { lookAtFile } from './import/look.js';
export { previewOf } from './preview.js';
export type { Prepared } from './report.js';

/** Data and what the preview shows of them, in one reading of the source; see `prepareData`. */
export async function prepare(recipe: DataRecipe, baseFolder: string | null): Promise<Prepared> {
  const source = await openSource(recipe.source, baseFolder);
  switch (recipe.task) {
    case 'next-token':
      return prepareNextToken(recipe, source);
    case 'classification':
      return prepareClassification(recipe, source);
    case 'tagging':
      return prepareTagging(recipe, source);
    case 'forecast':
      return prepareForecast(recipe, source);
  }
}

/**
 * Reads the source and splits, encodes and scales it. The same recipe and file always give the same result.
 *
 * @param baseFolder where relative paths start; null refuses them.
 * @throws StudioError for everything that is wrong with the file or does not fit the recipe, with the
 * file, line and column where there is one.
 */
export async function prepareData(
  recipe: DataRecipe,
  baseFolder: string | null,
): Promise<PreparedData> {
  return (await prepare(recipe, baseFolder)).data;
}

/** @throws StudioError as `prepareData`. */
export async function previewData(
  recipe: DataRecipe,
  baseFolder: string | null,
  batchSize: number,
): Promise<DataPreview> {
  return previewOf(await prepare(recipe, baseFolder), batchSize);
}
