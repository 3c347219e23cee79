import { describe, expect, it } from 'vitest';
import { builtinDatasetSchema, dataPreviewSchema, type DataPreview } from '#shared/data/facts';
import { dataRecipeSchema } from '#shared/data/recipe';
import { builtinDatasets, previewData } from './index.js';
import { openSource } from './source.js';

const split = { method: 'in order', validation: 0.1, test: 0.2 };
const text = { task: 'next-token', tokenizer: { unit: 'character' }, window: 4, stride: 4, split };
const labelled = {
  task: 'classification',
  format: 'auto',
  textColumn: 'text',
  labelColumn: 'label',
  tokenizer: {},
  maximumTimeSteps: 100,
  split: { ...split, method: 'stratified' },
};
const series = { task: 'forecast', format: 'auto', timeColumn: 'date', window: 14, split };

function preview(id: string, recipe: object): Promise<DataPreview> {
  const source = { kind: 'builtin', id };
  return previewData(dataRecipeSchema.parse({ ...recipe, source }), null, 16);
}

describe('built-in datasets', () => {
  it('are listed with true sizes, licence and origin', async () => {
    expect(builtinDatasets.map(({ id }) => id)).toEqual([
      'hello',
      'moby-dick',
      'review-sentences',
      'spam-mails',
      'seattle-weather',
      'sp500',
      'daily-births',
    ]);
    for (const dataset of builtinDatasets) {
      expect(builtinDatasetSchema.parse(dataset)).toEqual(dataset);
      const source = await openSource({ kind: 'builtin', id: dataset.id }, null);
      expect(source.bytes).toBe(dataset.bytes);
    }
  });

  it.each(builtinDatasets.map((dataset) => [dataset.id, dataset] as const))(
    'the recipe of %s prepares training rows for its own task',
    async (id, { recipe, task }) => {
      expect(recipe.source).toEqual({ kind: 'builtin', id });
      expect(recipe.task).toBe(task);
      const { facts } = await previewData(recipe, null, 16);
      expect(facts.examples.train).toBeGreaterThan(0);
    },
  );

  it('hello is five characters', async () => {
    const { source } = await preview('hello', { ...text, split: { validation: 0, test: 0 } });
    expect(source).toMatchObject({ size: 5, unit: 'tokens' });
  });

  it('moby-dick has 1,190,317 characters of 83 kinds', async () => {
    const { source, vocabulary, table } = await preview('moby-dick', {
      ...text,
      tokenizer: { unit: 'character', lowercase: false },
      split: { validation: 0, test: 0 },
    });
    expect(source.size).toBe(1_190_317);
    expect(vocabulary?.size).toBe(2 + 83);
    expect(table.rows[0]).toEqual(['CHAPTER 1. Loomings.']);
  });

  it('review-sentences has 1,500 positive and 1,500 negative rows, split alike', async () => {
    const result = await preview('review-sentences', labelled);
    expect(dataPreviewSchema.parse(result)).toEqual(result);
    expect(result.classes).toEqual([
      { label: 'negative', train: 1050, validation: 150, test: 300 },
      { label: 'positive', train: 1050, validation: 150, test: 300 },
    ]);
    expect(result.batch.shape[0]).toBe(16);
  });

  it('spam-mails has 4,150 ham and 1,896 spam mails without routes and addresses', async () => {
    const result = await preview('spam-mails', labelled);
    const total = result.classes.map((c) => [c.label, c.train + c.validation + c.test]);
    expect(total).toEqual([
      ['ham', 4150],
      ['spam', 1896],
    ]);
    const { text: all } = await openSource({ kind: 'builtin', id: 'spam-mails' }, null);
    expect(all).not.toMatch(/"text":"(Received|Return-Path):/);
    const texts = all.trim().split('\n');
    expect(texts.length).toBe(6046);
    const addresses = texts.flatMap(
      (line) => line.match(/(?<!\\)\b[\w.]+@[\w-]+\.[a-z]{2,3}\b/g) ?? [],
    );
    expect(addresses.filter((found) => !found.startsWith('someone@example.co'))).toEqual([]);
  });

  it.each([
    ['seattle-weather', ['temp_max', 'temp_min', 'wind', 'precipitation'], 1461, '2012-01-01'],
    ['sp500', ['price'], 123, '2000-01-01'],
    ['daily-births', ['births', 'weekday'], 3652, '1994-01-01'],
  ])('%s has increasing dates and no gaps in its numbers', async (id, columns, rows, first) => {
    const result = await preview(id, {
      ...series,
      inputColumns: columns,
      targetColumns: columns.slice(0, 1),
    });
    expect(dataPreviewSchema.parse(result)).toEqual(result);
    expect(result.source).toMatchObject({ size: rows, unit: 'rows' });
    expect(result.table.rows[0]?.[0]).toBe(first);
    expect(result.batch.shape).toEqual([16, 14, columns.length]);
  });
});
