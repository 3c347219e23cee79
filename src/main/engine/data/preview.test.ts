import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataPreviewSchema, type DataPreview } from '#shared/data/facts';
import { cutShares } from '#shared/data/lengths';
import { dataRecipeSchema } from '#shared/data/recipe';
import { describeFile, previewData } from './index.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

async function preview(csv: string, batchSize: number): Promise<DataPreview> {
  const recipe = dataRecipeSchema.parse({
    task: 'classification',
    source: { kind: 'file', path: folder.write('rows.csv', csv) },
    format: 'auto',
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: {},
    maximumTimeSteps: 500,
    split: { validation: 0, test: 0, method: 'in order' },
  });
  const result = await previewData(recipe, null, batchSize);
  expect(dataPreviewSchema.parse(result)).toEqual(result);
  return result;
}

describe('preview', () => {
  it('shows the first batch as the network sees it, padding included', async () => {
    const { batch } = await preview('text,label\nGood dog,x\ndog,y\n', 2);
    expect(batch).toEqual({
      shape: [2, 2],
      lengths: [2, 1],
      rows: [
        { input: ['good (3)', 'dog (2)'], target: 'x' },
        { input: ['dog (2)', '<pad> (0)'], target: 'y' },
      ],
    });
  });

  it('shows how the tokenizer cuts each text, with what is unknown and what is cut off', async () => {
    const recipe = dataRecipeSchema.parse({
      task: 'classification',
      source: {
        kind: 'file',
        path: folder.write('cut.csv', 'text,label\n"Good, dog!",x\ndog,y\nbad dog good,x\n'),
      },
      textColumn: 'text',
      labelColumn: 'label',
      tokenizer: {},
      maximumTimeSteps: 2,
      truncate: 'start',
      split: { validation: 0, test: 0.3, method: 'in order' },
    });
    const { tokenized } = await previewData(recipe, null, 2);
    expect(tokenized?.column).toBe('text');
    expect(tokenized?.rows).toEqual([
      { tokens: ['good', ',', 'dog', '!'], unknown: [0, 1], total: 4, from: 2, to: 4 },
      { tokens: ['dog'], unknown: [], total: 1, from: 0, to: 1 },
      { tokens: ['bad', 'dog', 'good'], unknown: [0, 2], total: 3, from: 1, to: 3 },
    ]);
  });

  it('gives the share of padding for the whole set and for batches of similar rows', async () => {
    const { lengths } = await preview('text,label\na b c d,x\na,y\na,x\na b c d,y\n', 2);
    expect(lengths).toMatchObject({ mean: 2.5, maximum: 4, truncated: 0 });
    expect(lengths.distribution).toEqual([
      { length: 1, rows: 2, training: 2 },
      { length: 4, rows: 2, training: 2 },
    ]);
    const shares = cutShares(lengths.distribution, 500, 2);
    expect(shares.paddingWhole).toBeCloseTo(6 / 16, 12);
    expect(shares.paddingBucketed).toBe(0);
    expect(lengths.bins).toEqual([
      { from: 1, to: 2, count: 2 },
      { from: 2, to: 3, count: 0 },
      { from: 3, to: 4, count: 0 },
      { from: 4, to: 5, count: 2 },
    ]);
  });

  it('caps what it sends: 50 rows, 300 characters a cell, 100 tokens, 40 bins', async () => {
    const long = Array.from({ length: 300 }, (_, i) => `word${i}`);
    const rows = Array.from(
      { length: 60 },
      (_, i) => `"${long.slice(0, 300 - 4 * i).join(' ')}",${i % 2 ? 'x' : 'y'}`,
    );
    const result = await preview(`text,label\n${rows.join('\n')}\n`, 32);
    expect(result.table.rows.length).toBe(50);
    expect(result.table.rows[0]?.[0]).toHaveLength(300);
    expect(result.table.rows[0]?.[0]).toMatch(/…$/);
    expect(result.vocabulary?.size).toBe(302);
    expect(result.vocabulary?.mostFrequent.length).toBe(100);
    expect(result.lengths.bins.length).toBeLessThanOrEqual(40);
    expect(result.lengths.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(60);
    expect(result.batch.shape).toEqual([32, 300]);
    expect(result.batch.rows.length).toBe(8);
  });
});

describe('describing a file', () => {
  it('tells numbers, times, categories and text apart, gaps aside', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) =>
        `2024-01-01 ${String(i % 24).padStart(2, '0')}:00,${i === 3 ? '' : i / 2},${i % 3 ? 'yes' : 'no'},Sentence ${i}.`,
    );
    const path = folder.write('mixed.csv', `when,value,class,words\n${rows.join('\n')}\n`);
    const description = await describeFile(path);
    expect(description).toMatchObject({ path, format: 'csv', rows: 60 });
    expect(description.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['when', 'time'],
      ['value', 'number'],
      ['class', 'category'],
      ['words', 'text'],
    ]);
    expect(description.columns[2]).toMatchObject({ samples: ['no', 'yes'], distinct: 2 });
  });

  it('looks at the beginning of a large table only, even where a cell goes over its end', async () => {
    const row = `"${'word\n'.repeat(200)}",x\n`;
    const path = folder.write('large.csv', `text,label\n${row.repeat(5000)}`);
    const { rows, columns } = await describeFile(path);
    expect(rows).toBe(5000);
    expect(columns.map(({ name }) => name)).toEqual(['text', 'label']);
    const lines = folder.write('lines.csv', `text,label\n${'some words,x\n'.repeat(500_000)}`);
    expect((await describeFile(lines)).rows).toBeLessThan(400_000);
  });

  it('counts the lines of a text', async () => {
    const path = folder.write('poem.txt', 'one\ntwo\n');
    expect(await describeFile(path)).toEqual({
      path,
      bytes: 8,
      format: 'text',
      rows: 2,
      columns: [],
    });
  });

  it('passes on what is wrong with the file', async () => {
    const path = folder.write('broken.jsonl', '{"a":1}\n{');
    expect(await errorOf(() => describeFile(path))).toMatchObject({
      code: 'not-jsonl',
      place: { file: path, line: 2 },
    });
  });
});
