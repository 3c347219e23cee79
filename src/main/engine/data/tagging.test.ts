import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taggingRecipeSchema, type TaggingRecipe } from '#shared/data/recipe';
import { decodeTokens, encodeText } from './encode.js';
import { prepareData, previewData } from './index.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

const recipe = (tsv: string): TaggingRecipe =>
  taggingRecipeSchema.parse({
    task: 'tagging',
    source: { kind: 'file', path: folder.write('tags.tsv', tsv) },
    format: 'auto',
    textColumn: 'words',
    labelColumn: 'tags',
    tokenizer: {},
    maximumTimeSteps: 3,
    split: { validation: 0, test: 0, method: 'in order' },
  });

describe('tagging data', () => {
  it('gives one padded target a step, cut with its row', async () => {
    const given = recipe('words\ttags\nAda met  Bob today\tP O P O\nHi!\tO\n');
    const data = await prepareData(given, null);
    expect(data.facts).toMatchObject({
      input: { timeSteps: 3, padded: true },
      output: { size: 2, labels: ['O', 'P'] },
    });
    expect(data.train.batch([0, 1])).toMatchObject({
      timeSteps: 3,
      lengths: Int32Array.of(3, 1),
      targets: { kind: 'steps', ids: Int32Array.of(1, 0, 1, 0, 0, 0) },
    });
    const { ids, tokens } = encodeText(data.preprocessing, 'Hi! Ada');
    expect(tokens).toEqual(['hi!', 'ada']);
    expect(decodeTokens(data.preprocessing, ids)).toBe('hi! ada');
    const preview = await previewData(given, null, 8);
    expect(preview.classes.map(({ label, train }) => [label, train])).toEqual([
      ['O', 2],
      ['P', 2],
    ]);
  });

  it('names the line where the numbers of tokens and labels differ', async () => {
    const error = await errorOf(() => prepareData(recipe('words\ttags\na b\tO P\na b\tO\n'), null));
    expect(error).toMatchObject({
      code: 'tag-count',
      message: 'This row has 2 tokens but 1 label.',
      place: { line: 3, column: 'tags' },
    });
  });

  it('names the line of a row without labels', async () => {
    const error = await errorOf(() => prepareData(recipe('words\ttags\na b\tO P\na\t \n'), null));
    expect(error).toMatchObject({ code: 'missing-label', place: { line: 3 } });
  });
});
