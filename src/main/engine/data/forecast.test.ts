import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forecastRecipeSchema, type ForecastRecipe } from '#shared/data/recipe';
import { encodeSeries, unscaleTargets } from './encode.js';
import { prepareData, previewData } from './index.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

type Given = Omit<Partial<ForecastRecipe>, 'split'> & { split?: Partial<ForecastRecipe['split']> };

function recipe(csv: string, given: Given = {}): ForecastRecipe {
  return forecastRecipeSchema.parse({
    task: 'forecast',
    source: { kind: 'file', path: folder.write('series.csv', csv) },
    format: 'auto',
    inputColumns: ['a', 'b'],
    targetColumns: ['b'],
    window: 3,
    horizon: 2,
    scaler: 'none',
    ...given,
    split: { validation: 0.2, test: 0.2, method: 'in order', ...given.split },
  });
}

/** Row i holds a = i and b = 100 + i². */
const series = (size: number, changed: (i: number) => number = (i) => i): string =>
  [
    'day,a,b',
    ...Array.from(
      { length: size },
      (_, i) =>
        `${new Date(Date.UTC(2024, 0, i + 1)).toISOString().slice(0, 10)},${changed(i)},${100 + i * i}`,
    ),
  ].join('\n');

describe('forecast data', () => {
  it('gives inputs, targets horizon-major and the persistence forecast of each target', async () => {
    const given = recipe(series(20), { targetColumns: ['b', 'a'] });
    const data = await prepareData(given, null);
    expect(data.facts).toMatchObject({
      input: { kind: 'sequence', features: 2, timeSteps: 3, names: ['a', 'b'] },
      output: { size: 4, labels: null },
    });
    expect(data.train.batch([2, 0])).toEqual({
      size: 2,
      timeSteps: 3,
      input: {
        kind: 'features',
        features: 2,
        values: Float32Array.of(2, 104, 3, 109, 4, 116, 0, 100, 1, 101, 2, 104),
      },
      lengths: null,
      targets: {
        kind: 'values',
        values: Float32Array.of(125, 5, 136, 6, 109, 3, 116, 4),
        persistence: Float32Array.of(116, 4, 116, 4, 104, 2, 104, 2),
      },
    });
  });

  it('puts a window into the part where all its targets lie; its input may begin before', async () => {
    const data = await prepareData(recipe(series(20)), null);
    // Rows 0–11 are for training, 12–15 for validation, 16–19 for the test.
    const targets = (part: 'train' | 'validation' | 'test'): number[][] =>
      Array.from({ length: data[part].size }, (_, i) => {
        const batch = data[part].batch([i]);
        return batch.targets.kind === 'values'
          ? Array.from(batch.targets.values, (value) => Math.sqrt(value - 100))
          : [];
      });
    expect(targets('train').at(0)).toEqual([3, 4]);
    expect(targets('train').at(-1)).toEqual([10, 11]);
    expect(targets('validation')).toEqual([
      [12, 13],
      [13, 14],
      [14, 15],
    ]);
    expect(targets('test')).toEqual([
      [16, 17],
      [17, 18],
      [18, 19],
    ]);
  });

  it.each([
    ['standard', 5.5, Math.sqrt(143 / 12)],
    ['minmax', 0, 11],
    ['none', 0, 1],
  ] as const)('fits the %s scaler on training rows, to 1e-12', async (scaler, offset, scale) => {
    const { preprocessing } = await prepareData(recipe(series(20), { scaler }), null);
    const [a] = preprocessing.scaler?.columns ?? [];
    expect(a?.name).toBe('a');
    expect(a?.offset).toBeCloseTo(offset, 12);
    expect(a?.scale).toBeCloseTo(scale, 12);
  });

  it('keeps the scaler when validation and test rows change', async () => {
    const scalerOf = async (csv: string) =>
      (await prepareData(recipe(csv, { scaler: 'standard' }), null)).preprocessing.scaler;
    const before = await scalerOf(series(20));
    expect(await scalerOf(series(20, (i) => (i < 12 ? i : 1e6)))).toEqual(before);
    expect(await scalerOf(series(20, (i) => (i < 11 ? i : 1e6)))).not.toEqual(before);
  });

  it('scales new rows as it scaled the training rows, and undoes it for targets to 1e-4', async () => {
    const { train, preprocessing } = await prepareData(
      recipe(series(20), { scaler: 'standard' }),
      null,
    );
    const batch = train.batch([1]);
    const rows = [
      [1, 101],
      [2, 104],
      [3, 109],
    ];
    expect(batch.input).toMatchObject({ values: encodeSeries(preprocessing, rows) });
    const values = batch.targets.kind === 'values' ? batch.targets.values : new Float32Array();
    const [first, second] = unscaleTargets(preprocessing, values);
    expect(first?.[0]).toBeCloseTo(116, 4);
    expect(second?.[0]).toBeCloseTo(125, 4);
  });

  it('refuses new rows that are too few or of the wrong width', async () => {
    const { preprocessing } = await prepareData(recipe(series(20)), null);
    const code = async (rows: number[][]): Promise<string> =>
      (await errorOf(() => encodeSeries(preprocessing, rows))).code;
    expect(await code([[1, 2]])).toBe('series-too-short');
    expect(await code([[1, 2], [1], [1, 2]])).toBe('series-shape');
    expect(
      await code([
        [1, 2],
        [1, Number.NaN],
        [1, 2],
      ]),
    ).toBe('series-shape');
  });

  it('gives a constant column the scale 1 and a warning', async () => {
    const given = recipe(
      series(20, () => 5),
      { scaler: 'standard' },
    );
    expect((await prepareData(given, null)).preprocessing.scaler?.columns[0]).toEqual({
      name: 'a',
      offset: 5,
      scale: 1,
    });
    const { evidence } = await previewData(given, null, 4);
    expect(evidence.constantColumns).toEqual(['a']);
  });

  it('counts the held-out windows that share rows with training where the split is random', async () => {
    const random = recipe(series(40), { split: { method: 'random' } });
    expect((await previewData(random, null, 4)).evidence.overlap).toEqual({
      windows: 14,
      heldOut: 14,
    });
    const inOrder = recipe(series(40));
    expect((await previewData(inOrder, null, 4)).evidence.overlap).toBeNull();
  });

  it('finds an input that is the target some rows ahead, or the target itself', async () => {
    const noise = Array.from({ length: 60 }, (_, i) => Math.sin(i * i).toFixed(4));
    const lines = noise.map((y, i) => `${y},${noise[i + 2] ?? '0'},${3 * Number(y) + 1},${i}`);
    const given = recipe(`y,ahead,copy,row\n${lines.slice(0, 58).join('\n')}\n`, {
      inputColumns: ['y', 'ahead', 'copy', 'row'],
      targetColumns: ['y'],
    });
    expect((await previewData(given, null, 4)).evidence.copies).toEqual([
      { input: 'ahead', target: 'y', shift: 2 },
      { input: 'copy', target: 'y', shift: 0 },
    ]);
  });

  it('takes windows a stride apart', async () => {
    const data = await prepareData(
      recipe(series(20), { stride: 3, split: { validation: 0, test: 0 } }),
      null,
    );
    expect(data.train.size).toBe(6);
    expect(data.train.describe(1)).toEqual({
      input: 'row 4 to row 6 · a 3, 4, 5 · b 109, 116, 125',
      target: 'row 7 to row 8 · b 136, 149',
    });
  });

  it('describes windows by the time column, which must increase', async () => {
    const data = await prepareData(recipe(series(20), { timeColumn: 'day', horizon: 1 }), null);
    expect(data.test.describe(0).target).toBe('2024-01-17 · b 356');
    const wrong = series(20).replace('2024-01-05', '2024-01-04');
    expect(
      await errorOf(() => prepareData(recipe(wrong, { timeColumn: 'day' }), null)),
    ).toMatchObject({
      code: 'time-repeated',
      place: { line: 6, column: 'day' },
    });
  });

  it('sorts the rows by time where it is told to, and says from when to when each part is', async () => {
    const [header = '', ...days] = series(20).trim().split('\n');
    const newestFirst = [header, ...days.reverse()].join('\n');
    expect(
      await errorOf(() => prepareData(recipe(newestFirst, { timeColumn: 'day' }), null)),
    ).toMatchObject({ code: 'time-not-increasing', place: { line: 3, column: 'day' } });
    const sorted = recipe(newestFirst, { timeColumn: 'day', sortByTime: true });
    const straight = recipe(series(20), { timeColumn: 'day' });
    const preview = await previewData(sorted, null, 4);
    expect(preview).toEqual({
      ...(await previewData(straight, null, 4)),
      source: preview.source,
    });
    expect(preview.periods?.train?.[0]).toBe('2024-01-01');
    expect(preview.periods?.test?.[1]).toBe('2024-01-20');
  });

  it('gives all three numbers where the series is too short', async () => {
    expect(await errorOf(() => prepareData(recipe(series(4)), null))).toMatchObject({
      code: 'series-too-short',
      message: 'The series has 4 rows; a window of 3 and a horizon of 2 need at least 5.',
    });
  });

  it('names line and column of a cell that is no number', async () => {
    const error = await errorOf(() => prepareData(recipe('a,b\n1,2\n3,x\n'), null));
    expect(error).toMatchObject({
      code: 'non-numeric-cell',
      place: { file: join(folder.path, 'series.csv'), line: 3, column: 'b' },
    });
  });
});
