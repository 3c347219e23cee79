import { describe, expect, it } from 'vitest';
import type { FileDescription } from '#shared/data/facts';
import { dataRecipeSchema } from '#shared/data/recipe';
import { recipeForTask, suggestRecipe } from './suggest.js';

type Column = FileDescription['columns'][number];
const column = (
  name: string,
  kind: Column['kind'],
  distinct: number,
  samples: string[] = [],
): Column => ({
  name,
  kind,
  distinct,
  samples,
});
const table = (columns: Column[], rows = 3000): FileDescription => ({
  path: '/data/x.csv',
  bytes: 100_000,
  format: 'csv',
  rows,
  columns,
});
const text = (bytes: number): FileDescription => ({
  path: '/data/x.txt',
  bytes,
  format: 'text',
  rows: 1,
  columns: [],
});

describe('suggestRecipe', () => {
  it('reads a text and a label column as classification, with a stratified split', () => {
    const { recipe, why } = suggestRecipe(
      table([
        column('source', 'category', 3),
        column('text', 'text', 2990, ['a good case', 'bad']),
        column('label', 'category', 2, ['positive', 'negative']),
      ]),
    );
    expect(recipe).toMatchObject({
      task: 'classification',
      source: { kind: 'file', path: '/data/x.csv' },
      textColumn: 'text',
      labelColumn: 'label',
      split: { method: 'stratified' },
    });
    expect(why).toContain('2 values of “label”');
  });

  it('takes 0 and 1 as labels, and the category with the fewest values without a telling name', () => {
    const number = suggestRecipe(
      table([column('message', 'text', 2000), column('spam', 'number', 2)]),
    );
    expect(number.recipe).toMatchObject({ labelColumn: 'spam' });
    const category = suggestRecipe(
      table([column('a', 'text', 2000), column('b', 'category', 40), column('c', 'category', 5)]),
    );
    expect(category.recipe).toMatchObject({ textColumn: 'a', labelColumn: 'c' });
  });

  it('reads dated numbers as a forecast in order, without row numbers as inputs', () => {
    const { recipe } = suggestRecipe(
      table([
        column('date', 'time', 3000),
        column('id', 'number', 3000),
        column('wind', 'number', 80),
        column('temp_max', 'number', 70),
        column('weather', 'category', 5),
      ]),
    );
    expect(recipe).toMatchObject({
      task: 'forecast',
      timeColumn: 'date',
      inputColumns: ['wind', 'temp_max'],
      targetColumns: ['temp_max'],
      split: { method: 'in order' },
    });
  });

  it('reads two columns of equally many words as tagging', () => {
    const { recipe } = suggestRecipe(
      table([
        column('tokens', 'text', 900, ['I live in Bern', 'hello there']),
        column('tags', 'text', 800, ['O O O LOC', 'O O']),
      ]),
    );
    expect(recipe).toMatchObject({ task: 'tagging', textColumn: 'tokens', labelColumn: 'tags' });
  });

  it('reads a text as next-token; a tiny one keeps everything for training', () => {
    expect(suggestRecipe(text(60_000)).recipe).toMatchObject({
      task: 'next-token',
      window: 64,
      stride: 64,
      limit: null,
      split: { method: 'in order', validation: 0.1 },
    });
    expect(suggestRecipe(text(5)).recipe).toMatchObject({
      window: 1,
      stride: 1,
      split: { validation: 0, test: 0 },
    });
    expect(suggestRecipe(text(3_000_000)).recipe).toMatchObject({ limit: 400_000 });
  });

  it('says why nothing fits', () => {
    const { recipe, why } = suggestRecipe(table([column('name', 'category', 12)]));
    expect(recipe).toBeNull();
    expect(why).toContain('“name”');
  });

  it('works on tiny tables, and every recipe is valid', () => {
    const tiny = table(
      [
        column('text', 'text', 4, ['a b']),
        column('label', 'category', 2),
        column('v', 'number', 4),
      ],
      4,
    );
    for (const task of ['next-token', 'classification', 'tagging', 'forecast'] as const) {
      const recipe = recipeForTask(task, tiny);
      expect(dataRecipeSchema.safeParse(recipe).success, task).toBe(true);
    }
    expect(recipeForTask('forecast', table([column('text', 'text', 9)]))).toBeNull();
    expect(recipeForTask('classification', table([column('v', 'number', 9)]))).toBeNull();
  });
});
