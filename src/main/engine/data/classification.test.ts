import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataPreview } from '#shared/data/facts';
import { classificationRecipeSchema, type ClassificationRecipe } from '#shared/data/recipe';
import { encodeText } from './encode.js';
import { prepareData, previewData } from './index.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

type Given = Omit<Partial<ClassificationRecipe>, 'split'> & {
  split?: Partial<ClassificationRecipe['split']>;
};

function recipe(csv: string, given: Given = {}): ClassificationRecipe {
  return classificationRecipeSchema.parse({
    task: 'classification',
    source: { kind: 'file', path: folder.write('rows.csv', csv) },
    format: 'auto',
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: {},
    maximumTimeSteps: 4,
    ...given,
    split: { validation: 0, test: 0, method: 'in order', ...given.split },
  });
}

const rows = (pairs: [string, string][]): string =>
  ['text,label', ...pairs.map(([text, label]) => `"${text}",${label}`)].join('\n');

describe('classification data', () => {
  it('pads a batch to its own longest row and gives lengths and class ids', async () => {
    const csv = rows([
      ['a b c', 'no'],
      ['a', 'yes'],
      ['a b', 'no'],
      ['c b a c b', 'yes'],
    ]);
    const data = await prepareData(recipe(csv), null);
    expect(data.facts).toEqual({
      task: 'classification',
      input: { kind: 'tokens', vocabularySize: 5, timeSteps: 4, padded: true },
      output: { size: 2, labels: ['no', 'yes'], counts: [2, 2] },
      examples: { train: 4, validation: 0, test: 0 },
      meanTimeSteps: 2.5,
    });
    expect([...data.train.lengths]).toEqual([3, 1, 2, 4]);
    expect(data.train.batch([1, 0])).toEqual({
      size: 2,
      timeSteps: 3,
      input: { kind: 'tokens', ids: Int32Array.of(2, 0, 0, 2, 3, 4) },
      lengths: Int32Array.of(1, 3),
      targets: { kind: 'class', ids: Int32Array.of(1, 0) },
    });
    expect(data.train.batch([])).toMatchObject({ size: 0, timeSteps: 0 });
    expect(() => data.train.batch([4])).toThrow(RangeError);
  });

  it('cuts long rows at the end or at the start', async () => {
    const csv = rows([
      ['a b c', 'x'],
      ['a', 'y'],
    ]);
    const kept = async (truncate: 'end' | 'start'): Promise<string[]> => {
      const data = await prepareData(recipe(csv, { maximumTimeSteps: 2, truncate }), null);
      return encodeText(data.preprocessing, 'a b c').tokens;
    };
    expect(await kept('end')).toEqual(['a', 'b']);
    expect(await kept('start')).toEqual(['b', 'c']);
  });

  it('turns a row without tokens into one <unk>, and says so', async () => {
    const given = recipe(
      rows([
        ['   ', 'x'],
        ['a', 'y'],
      ]),
    );
    const data = await prepareData(given, null);
    expect(data.train.batch([0])).toMatchObject({
      input: { ids: Int32Array.of(1) },
      lengths: Int32Array.of(1),
    });
    expect(encodeText(data.preprocessing, '').tokens).toEqual(['<unk>']);
    expect((await previewData(given, null, 32)).evidence.emptyTexts).toBe(1);
  });

  it('never lets text become padding', async () => {
    const data = await prepareData(
      recipe(
        rows([
          ['<pad> a', 'x'],
          ['a', 'y'],
        ]),
      ),
      null,
    );
    expect([...encodeText(data.preprocessing, '<pad> <unk> a').ids]).not.toContain(0);
  });

  it('learns its vocabulary from training rows only', async () => {
    const csv = rows([
      ['a', 'x'],
      ['b', 'y'],
      ['a', 'x'],
      ['secret', 'y'],
    ]);
    const data = await prepareData(recipe(csv, { split: { test: 0.25 } }), null);
    expect(data.preprocessing.vocabulary).toEqual(['<pad>', '<unk>', 'a', 'b']);
    expect(data.test.batch([0]).input).toEqual({ kind: 'tokens', ids: Int32Array.of(1) });
  });

  it('sorts labels by name, and by value where all are numbers', async () => {
    const labels = async (names: string[]): Promise<string[] | null> => {
      const csv = rows(names.map((name) => ['a', name]));
      return (await prepareData(recipe(csv), null)).facts.output.labels;
    };
    expect(await labels(['b', 'ä', 'B', ' a '])).toEqual(['B', 'a', 'b', 'ä']);
    expect(await labels(['10', '9', '-1'])).toEqual(['-1', '9', '10']);
  });

  it('names the line of a missing label', async () => {
    const error = await errorOf(() => prepareData(recipe('text,label\n"a\nb",x\nc, \n'), null));
    expect(error).toMatchObject({
      code: 'missing-label',
      place: { file: join(folder.path, 'rows.csv'), line: 4, column: 'label' },
    });
  });

  it('refuses one class only', async () => {
    const error = await errorOf(() =>
      prepareData(
        recipe(
          rows([
            ['a', 'x'],
            ['b', 'x'],
          ]),
        ),
        null,
      ),
    );
    expect(error).toMatchObject({
      code: 'one-class-only',
      message: 'All rows have the same label, "x".',
      place: { column: 'label' },
    });
  });

  it('refuses a split whose training part has one class, as in a file sorted by class', async () => {
    const csv = rows(Array.from({ length: 10 }, (_, i) => [`t${i}`, i < 8 ? 'x' : 'y']));
    const error = await errorOf(() => prepareData(recipe(csv, { split: { test: 0.2 } }), null));
    expect(error).toMatchObject({ code: 'too-few-rows', place: { field: 'data.split' } });
    expect(error.hint).toContain('sorted by class');
  });

  it('refuses a part without rows', async () => {
    const csv = rows([
      ['a', 'x'],
      ['b', 'y'],
    ]);
    const error = await errorOf(() => prepareData(recipe(csv, { split: { test: 0.1 } }), null));
    expect(error.message).toBe('The test part (10 %) gets no rows; all parts together have 2.');
  });

  it('says which column is missing', async () => {
    const error = await errorOf(() => prepareData(recipe('a,b\n1,2\n'), null));
    expect(error).toMatchObject({ code: 'missing-column', place: { column: 'text' } });
  });
});

describe('evidence', () => {
  const many = (count: number, pair: (i: number) => [string, string]): string =>
    rows(Array.from({ length: count }, (_, i) => pair(i)));

  it('gives the share of rows that are cut', async () => {
    const csv = many(8, (i) => [i === 0 ? 'a b c d e' : 'a', i % 2 === 0 ? 'x' : 'y']);
    const preview = await previewData(recipe(csv), null, 32);
    expect(preview.lengths.truncated).toBe(1 / 8);
  });

  it('counts rows that repeat a text, whatever its case and white space', async () => {
    const csv = many(10, (i) => [
      i < 7 ? `t${i}` : i === 9 ? 'new' : i === 8 ? 'T1 ' : 't1',
      i % 2 ? 'x' : 'y',
    ]);
    const preview = await previewData(recipe(csv, { split: { test: 0.3 } }), null, 32);
    expect(preview.evidence.repeats).toEqual({ rows: 2, crossing: 2, contradicting: 1 });
  });

  it('keeps repeated texts in one part, or uses the first only', async () => {
    const csv = many(20, (i) => [`T${i % 12} `.repeat(1 + (i % 2)), i % 2 ? 'x' : 'y']);
    const split = { test: 0.3, method: 'random' as const };
    const previewOf = async (duplicates: 'keep' | 'together' | 'drop'): Promise<DataPreview> =>
      previewData(recipe(csv, { split, duplicates }), null, 32);
    const { evidence } = await previewOf('keep');
    expect(evidence.repeats?.crossing).toBeGreaterThan(0);
    const together = await previewOf('together');
    expect(together.evidence.repeats).toMatchObject({ rows: 8, crossing: 0 });
    const { train, test } = together.facts.examples;
    expect(train + test).toBe(20);
    const dropped = await previewOf('drop');
    expect(dropped.evidence.repeats).toEqual({ rows: 0, crossing: 0, contradicting: 0 });
    expect(dropped.facts.examples.train + dropped.facts.examples.test).toBe(12);
    expect(dropped.lengths.distribution.reduce((sum, { rows }) => sum + rows, 0)).toBe(12);
  });

  it('finds a column of dates, and whether the rows are in their order', async () => {
    const dated = (days: number[]): Promise<DataPreview> => {
      const lines = days.map((day, i) => `2024-01-0${day},t${i},${i % 2 ? 'x' : 'y'}`);
      return previewData(recipe(['sent,text,label', ...lines].join('\n')), null, 32);
    };
    expect((await dated([1, 2, 2, 5])).evidence.dates).toEqual([{ column: 'sent', inOrder: true }]);
    expect((await dated([1, 3, 2, 5])).evidence.dates).toEqual([
      { column: 'sent', inOrder: false },
    ]);
  });

  it('counts rows without text, and tells unknown tokens that no training row has', async () => {
    const csv = rows([
      ['a b', 'x'],
      ['a', 'y'],
      ['', 'y'],
      ['a b c d', 'x'],
    ]);
    const given = recipe(csv, {
      tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: 3, minimumCount: 1 },
      split: { test: 0.25 },
    });
    const preview = await previewData(given, null, 32);
    expect(preview.evidence.emptyTexts).toBe(1);
    expect(preview.vocabulary?.unknownRate).toBe(3 / 4);
    expect(preview.evidence.neverSeenRate).toBe(2 / 4);
  });
});
