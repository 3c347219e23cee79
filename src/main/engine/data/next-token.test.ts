import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFindings } from '#shared/data/findings/index';
import { nextTokenRecipeSchema, type NextTokenRecipe } from '#shared/data/recipe';
import { decodeTokens, encodeText } from './encode.js';
import { prepareData, previewData } from './index.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

const usual = { bucketing: true, classWeights: 'off' } as const;

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

type Given = Omit<Partial<NextTokenRecipe>, 'tokenizer'> & {
  tokenizer?: Partial<NextTokenRecipe['tokenizer']>;
};

function recipe(text: string, given: Given = {}): NextTokenRecipe {
  return nextTokenRecipeSchema.parse({
    task: 'next-token',
    source: { kind: 'file', path: folder.write('text.txt', text) },
    window: 4,
    stride: 4,
    split: { validation: 0.1, test: 0.2, method: 'in order' },
    ...given,
    tokenizer: { unit: 'character', ...given.tokenizer },
  });
}

const everything = { validation: 0, test: 0, method: 'in order' as const, seed: 7 };
/** Distinct characters, so that a token tells where it was in the text. */
const places = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');

describe('next-token data', () => {
  it('makes of "hello" and a window of 4 the one example hell → ello', async () => {
    const data = await prepareData(recipe('hello', { split: everything }), null);
    expect(data.facts).toEqual({
      task: 'next-token',
      input: { kind: 'tokens', vocabularySize: 6, timeSteps: 4, padded: false },
      output: { size: 6, labels: ['<pad>', '<unk>', 'l', 'e', 'h', 'o'] },
      examples: { train: 1, validation: 0, test: 0 },
      meanTimeSteps: 4,
    });
    const batch = data.train.batch([0]);
    expect(batch).toEqual({
      size: 1,
      timeSteps: 4,
      input: { kind: 'tokens', ids: Int32Array.of(4, 3, 2, 2) },
      lengths: null,
      targets: { kind: 'steps', ids: Int32Array.of(3, 2, 2, 5) },
    });
    expect(data.train.describe(0)).toEqual({ input: 'hell', target: 'ello' });
  });

  it('keeps every window with its last target inside its own region of the text', async () => {
    const data = await prepareData(recipe(places, { stride: 1 }), null);
    const seen = (name: 'train' | 'validation' | 'test'): Set<string> =>
      new Set(
        Array.from({ length: data[name].size }, (_, i) => data[name].describe(i)).flatMap(
          ({ input, target }) => [...input, ...target],
        ),
      );
    // Tokens outside the training region are unknown, so that their texts say nothing: look at counts.
    expect([data.train.size, data.validation.size, data.test.size]).toEqual([66, 6, 16]);
    expect([...seen('train')].join('')).toBe(places.slice(0, 70));
    expect([...seen('validation')].join('')).not.toMatch(/[\u4e00-\u4e45]/);
    expect(data.facts.input).toMatchObject({ vocabularySize: 72 });
  });

  it('takes the vocabulary from training windows only and says how much else is unknown', async () => {
    const given = recipe(places);
    const preview = await previewData(given, null, 32);
    expect(preview.vocabulary?.unknownRate).toBe(1);
    expect(preview.evidence.neverSeenRate).toBe(1);
    expect(dataFindings(given, preview, usual).map(({ code }) => code)).toContain('unknown-tokens');
  });

  it('counts a token once, however many windows share it', async () => {
    const preview = await previewData(
      recipe('abcab', { window: 2, stride: 1, split: everything }),
      null,
      32,
    );
    expect(preview.vocabulary?.mostFrequent).toEqual([
      { token: 'a', count: 2 },
      { token: 'b', count: 2 },
      { token: 'c', count: 1 },
    ]);
  });

  it('warns that randomly split windows overlap', async () => {
    const split = { validation: 0.1, test: 0.2, method: 'random' as const, seed: 7 };
    const codes = async (stride: number): Promise<string[]> => {
      const given = recipe(places, { stride, split });
      return dataFindings(given, await previewData(given, null, 4), usual).map(({ code }) => code);
    };
    expect(await codes(2)).toContain('overlapping-windows');
    expect(await codes(5)).not.toContain('overlapping-windows');
  });

  it('uses the first tokens only where there is a limit', async () => {
    const data = await prepareData(recipe(places, { limit: 5, split: everything }), null);
    expect(data.train.size).toBe(1);
  });

  it('takes text apart by code points, so that an emoji is one step', async () => {
    const data = await prepareData(recipe('a🙂b🙂c', { split: everything }), null);
    expect(data.train.describe(0)).toEqual({ input: 'a🙂b🙂', target: '🙂b🙂c' });
    const { ids, tokens } = encodeText(data.preprocessing, '🙂x');
    expect(tokens).toEqual(['🙂', '<unk>']);
    expect(decodeTokens(data.preprocessing, ids)).toBe('🙂<unk>');
  });

  it('gives both numbers where the text is shorter than the window', async () => {
    const given = recipe('hell');
    expect(await errorOf(() => prepareData(given, null))).toMatchObject({
      code: 'text-too-short',
      message:
        'The text has 4 character tokens; a window of 4 needs at least 5, because the last target is the token after it.',
      place: { file: join(folder.path, 'text.txt'), field: 'data.window' },
    });
  });

  it('says which part gets no windows', async () => {
    const error = await errorOf(() => prepareData(recipe('hello world, hello'), null));
    expect(error).toMatchObject({ code: 'too-few-rows', place: { field: 'data.split' } });
    expect(error.message).toContain('The validation part (10 %) gets no windows');
  });
});
