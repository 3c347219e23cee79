import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataRecipeSchema } from '#shared/data/recipe';
import { prepareData } from './index.js';
import { encodeInputs, sampleInputs, sampleInputSchema } from './samples.js';
import { testFolder, type TestFolder } from './test-files.js';
import type { PreparedData } from './types.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

const split = { validation: 0, test: 0.4, method: 'in order' };

/** The rows that training would see of the part that the samples come from, by their values. */
function rowsOf({ test, train }: PreparedData): Set<string> {
  const part = test.size > 0 ? test : train;
  return new Set(
    Array.from({ length: part.size }, (_, i) => {
      const { input } = part.batch([i]);
      return (input.kind === 'tokens' ? input.ids : input.values).join();
    }),
  );
}

async function check(recipe: unknown): Promise<number> {
  const data = await prepareData(dataRecipeSchema.parse(recipe), null);
  const samples = sampleInputs(data);
  const stored: unknown[] = JSON.parse(JSON.stringify(samples));
  const parsed = stored.map((sample) => sampleInputSchema.parse(sample));
  const { input, size, timeSteps, lengths } = encodeInputs(data.preprocessing, parsed);
  const all = input.kind === 'tokens' ? input.ids : input.values;
  const width = all.length / size;
  const rows = rowsOf(data);
  for (let row = 0; row < size; row++) {
    const real = (width / timeSteps) * (lengths?.[row] ?? timeSteps);
    expect(rows).toContain(all.slice(row * width, row * width + real).join());
  }
  return size;
}

describe('samples of held-out rows, encoded anew, are the rows that the network was tested on', () => {
  it('texts with unknown words, without any, and longer than the limit', async () => {
    const lines = ['', '“a” B don’t 1.5 🙂', 'x '.repeat(30), 'ΌΣΟΣ İ\tß'];
    const csv = Array.from({ length: 100 }, (_, i) => `"${lines[i % 4]} ${i}",${i % 2}`);
    const path = folder.write('rows.csv', `text,label\n${csv.join('\n')}\n`);
    const size = await check({
      task: 'classification',
      source: { kind: 'file', path },
      textColumn: 'text',
      labelColumn: 'label',
      tokenizer: {},
      maximumTimeSteps: 9,
      truncate: 'start',
      split,
    });
    expect(size).toBe(32);
  });

  it('tagged items, fewer than 32', async () => {
    const path = folder.write(
      'tags.csv',
      'text,tags\nA b.c D,x y x\nE,y\nf G h,x x y\nI j,y x\nk,x\n',
    );
    const size = await check({
      task: 'tagging',
      source: { kind: 'file', path },
      textColumn: 'text',
      labelColumn: 'tags',
      tokenizer: {},
      maximumTimeSteps: 2,
      split,
    });
    expect(size).toBe(2);
  });

  it.each(['word', 'character'])('windows of %s tokens of Moby Dick', async (unit) => {
    await check({
      task: 'next-token',
      source: { kind: 'builtin', id: 'moby-dick' },
      tokenizer: { unit, vocabularyLimit: 500 },
      window: 40,
      stride: 7,
      limit: 60_000,
      split,
    });
  });

  it('windows of a series, the training part where nothing is held out', async () => {
    await check({
      task: 'forecast',
      source: { kind: 'builtin', id: 'seattle-weather' },
      inputColumns: ['temp_max', 'wind'],
      targetColumns: ['temp_min'],
      window: 5,
      split: { ...split, test: 0 },
    });
  });
});
