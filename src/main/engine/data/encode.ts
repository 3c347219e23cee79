/** New input treated as the training rows were, and network output turned back, from the record of a run. */
import { StudioError } from '#shared/errors';
import { joinTokens, lookUp, padId, tokenize, tokenizeItems, truncate } from './tokenizer.js';
import type { Preprocessing } from '#shared/data/preprocessing';

/**
 * A text as the network sees it: tokenised, truncated as in the recipe, unknown tokens replaced. A text
 * without any token is one `<unk>`, as in training.
 *
 * @returns ids [T] and their texts in the vocabulary [T].
 */
export function encodeText(
  preprocessing: Preprocessing,
  text: string,
): { ids: Int32Array; tokens: string[] } {
  const vocabulary = vocabularyOf(preprocessing);
  const found = lookUp(vocabulary, recipeTokens(preprocessing.recipe, text));
  const ids = found.length > 0 ? found : lookUp(vocabulary, ['']);
  return { ids, tokens: Array.from(ids, (id) => vocabulary[id] ?? '') };
}

function recipeTokens(recipe: Preprocessing['recipe'], text: string): string[] {
  switch (recipe.task) {
    case 'next-token':
      return tokenize(recipe.tokenizer, text);
    case 'classification':
      return truncate(tokenize(recipe.tokenizer, text), recipe.maximumTimeSteps, recipe.truncate);
    case 'tagging':
      return truncate(tokenizeItems(recipe.tokenizer, text), recipe.maximumTimeSteps, 'end');
    case 'forecast':
      throw wrongInput('This network reads numbers, not text.', 'Give rows of numbers.');
  }
}

/** Tokens as readable text, without padding. */
export function decodeTokens(preprocessing: Preprocessing, ids: ArrayLike<number>): string {
  const vocabulary = vocabularyOf(preprocessing);
  const { recipe } = preprocessing;
  const tokens = Array.from(ids)
    .filter((id) => id !== padId)
    .map((id) => vocabulary[id] ?? '<unk>');
  if (recipe.task === 'forecast' || recipe.task === 'tagging') return tokens.join(' ');
  return joinTokens(recipe.tokenizer.unit, tokens);
}

/**
 * @param rows [T][F] in the data's own units, columns in the order of the recipe's `inputColumns`.
 * @returns [T·F] scaled.
 * @throws StudioError `series-too-short` below the recipe's window, `series-shape`, `wrong-input`.
 */
export function encodeSeries(preprocessing: Preprocessing, rows: number[][]): Float32Array {
  const { recipe } = preprocessing;
  if (recipe.task !== 'forecast') {
    throw wrongInput('This network reads text, not numbers.', 'Give a text.');
  }
  if (rows.length < recipe.window) {
    throw new StudioError(
      'series-too-short',
      `There are ${rows.length} rows; the network looks at ${recipe.window}.`,
      'Give at least as many rows as the window has.',
    );
  }
  const scalers = recipe.inputColumns.map((name) => scalerOf(preprocessing, name));
  const values = new Float32Array(rows.length * scalers.length);
  for (const [time, row] of rows.entries()) {
    if (row.length !== scalers.length || !row.every(Number.isFinite)) {
      throw new StudioError(
        'series-shape',
        `Row ${time + 1} must hold ${scalers.length} numbers (${recipe.inputColumns.join(', ')}); it is ${JSON.stringify(row)}.`,
        'Give one number for each input column, in this order.',
      );
    }
    for (const [feature, { offset, scale }] of scalers.entries()) {
      values[time * scalers.length + feature] = ((row[feature] ?? 0) - offset) / scale;
    }
  }
  return values;
}

/**
 * @param values [horizon × targets], horizon major, scaled.
 * @returns [horizon][target] in the data's own units.
 */
export function unscaleTargets(preprocessing: Preprocessing, values: Float32Array): number[][] {
  const { recipe } = preprocessing;
  if (recipe.task !== 'forecast') throw new Error(`${recipe.task} has no scaled targets`);
  const scalers = recipe.targetColumns.map((name) => scalerOf(preprocessing, name));
  return Array.from({ length: values.length / scalers.length }, (_, step) =>
    scalers.map(
      ({ offset, scale }, target) => (values[step * scalers.length + target] ?? 0) * scale + offset,
    ),
  );
}

function vocabularyOf({ vocabulary, recipe }: Preprocessing): string[] {
  if (vocabulary !== null) return vocabulary;
  if (recipe.task !== 'forecast') throw new Error(`no vocabulary for ${recipe.task}`);
  throw wrongInput('This network reads numbers, not text.', 'Give rows of numbers.');
}

function scalerOf(preprocessing: Preprocessing, name: string): { offset: number; scale: number } {
  const column = preprocessing.scaler?.columns.find((entry) => entry.name === name);
  if (column === undefined) throw new Error(`no scaler for column "${name}"`);
  return column;
}

const wrongInput = (message: string, hint: string): StudioError =>
  new StudioError('wrong-input', message, hint);
