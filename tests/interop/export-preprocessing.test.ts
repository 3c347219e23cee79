/** The Python exports' preprocessing.py against our own: the same tokens, ids, features and text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  decodeTokens,
  encodeSeries,
  encodeText,
  unscaleTargets,
} from '../../src/main/engine/data/encode.js';
import { splitItems, tokenize } from '../../src/main/engine/data/tokenizer.js';
import { generatePreprocessing } from '../../src/shared/codegen/python/preprocessing.js';
import type { Preprocessing } from '../../src/shared/data/preprocessing.js';
import type { DataRecipe, Task, TokenizerRecipe } from '../../src/shared/data/recipe.js';
import { chain } from '../../src/shared/graph/samples.js';
import { runPython } from './python.js';

const root = mkdtempSync(join(tmpdir(), 'unroll-preprocessing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function recipe<T extends Task>(task: T): Extract<DataRecipe, { task: T }>;
function recipe(task: Task): DataRecipe {
  return chain(task, []).data;
}

const vocabulary = [
  '<pad>',
  '<unk>',
  ...'the whale , . ( ) " “ ” don’t a ς ß i̇ <pad> $ 日本 é'.split(' '),
];
const preprocessing = (data: DataRecipe): Preprocessing => ({
  recipe: data,
  vocabulary: data.task === 'forecast' ? null : vocabulary,
  labels: data.task === 'forecast' ? null : ['no', 'yes'],
  scaler:
    data.task === 'forecast'
      ? {
          columns: ['temp_max', 'wind', 'precipitation'].map((name, i) => ({
            name,
            offset: 0.1 + i / 7,
            scale: 1 / 3 + i,
          })),
        }
      : null,
});

/** The generated file's answers; one Python process for all folders. */
function runAll(cases: { data: DataRecipe; calls: { call: string; arguments: unknown[][] }[] }[]): {
  unassigned: Set<number>;
  results: unknown[][][];
} {
  const input = cases.map(({ data, calls }, i) => {
    const folder = join(root, String(i));
    mkdirSync(folder, { recursive: true });
    const file = generatePreprocessing(data);
    writeFileSync(join(folder, file.path), file.text);
    writeFileSync(join(folder, 'preprocessing.json'), JSON.stringify(preprocessing(data)));
    return { folder, calls };
  });
  const answer = z
    .object({ unassigned: z.array(z.number()), results: z.array(z.array(z.array(z.unknown()))) })
    .parse(runPython('export_preprocessing.py', input));
  return { ...answer, unassigned: new Set(answer.unassigned) };
}

const tokenizers: TokenizerRecipe[] = (['word', 'character'] as const).flatMap((unit) =>
  [true, false].map((lowercase) => ({ unit, lowercase, vocabularyLimit: null, minimumCount: 1 })),
);

/** Every code point between two letters, in texts of 4,096 of them; surrogates are no text. */
function everyCodePoint(unassigned: ReadonlySet<number>): string[] {
  const known = Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => (code < 0xd800 || code > 0xdfff) && !unassigned.has(code),
  );
  const texts: string[] = [];
  for (let i = 0; i < known.length; i += 4096)
    texts.push(
      known
        .slice(i, i + 4096)
        .map((code) => `a${String.fromCodePoint(code)}Bc `)
        .join(''),
    );
  return texts;
}

/** Texts with what tokenizers trip over: sigmas, dotted capitals, apostrophes, odd spaces, marks. */
function randomTexts(unassigned: ReadonlySet<number>): string[] {
  const special = fc.constantFrom(
    ...['Σ', 'ΑΣ', 'İ', 'ß', "'", '’', '_', ' ', '\t', '\r\n', '\x1c', '\x85', '\ufeff', '\u200b'],
    ...['\u2028', 'e\u0301', '\u00ad', '"', '<pad>', '<unk>', 'don’t', '日本', '🙂', '½', '٣', '.'],
  );
  const any = fc
    .string({ unit: 'binary', maxLength: 4 })
    .filter((text) => !Array.from(text).some((c) => unassigned.has(c.codePointAt(0) ?? 0)));
  return fc
    .sample(fc.array(fc.oneof(special, any, fc.constantFrom(...vocabulary)), { maxLength: 60 }), {
      numRuns: 3000,
      seed: 7,
    })
    .map((parts) => parts.join(''));
}

test('tokens are ours for every code point and for 3,000 random texts, either unit, either case', () => {
  const cases = tokenizers.map((tokenizer) => ({ ...recipe('classification'), tokenizer }));
  const { unassigned } = runAll([]);
  const texts = [...everyCodePoint(unassigned), ...randomTexts(unassigned)];
  const { results } = runAll(
    cases.map((data) => ({
      data,
      calls: [{ call: 'tokenize', arguments: texts.map((text) => [text]) }],
    })),
  );
  cases.forEach(({ tokenizer }, i) => {
    const wrong = texts.findIndex(
      (text, at) =>
        JSON.stringify(results[i]?.[0]?.[at]) !== JSON.stringify(tokenize(tokenizer, text)),
    );
    expect({ tokenizer, tokens: results[i]?.[0]?.[wrong] }).toEqual({
      tokenizer,
      tokens: wrong === -1 ? undefined : tokenize(tokenizer, texts[wrong] ?? ''),
    });
  });
});

test('ids are ours for each text task and cut; text comes back the same', () => {
  const short = { maximumTimeSteps: 5 };
  const recipes: DataRecipe[] = [
    ...tokenizers.flatMap((tokenizer): DataRecipe[] => [
      { ...recipe('classification'), ...short, tokenizer, truncate: 'start' },
      { ...recipe('classification'), ...short, tokenizer, truncate: 'end' },
      { ...recipe('tagging'), ...short, tokenizer },
      { ...recipe('next-token'), tokenizer },
    ]),
  ];
  const { unassigned } = runAll([]);
  const texts = ['', ' ', ...randomTexts(unassigned).slice(0, 300)];
  const rows = fc.sample(fc.array(fc.nat(vocabulary.length - 1), { maxLength: 40 }), {
    numRuns: 300,
    seed: 7,
  });
  const { results } = runAll(
    recipes.map((data) => ({
      data,
      calls: [
        { call: 'encode', arguments: texts.map((text) => [text]) },
        ...(data.task === 'next-token'
          ? [{ call: 'decode', arguments: rows.map((ids) => [ids]) }]
          : []),
        ...(data.task === 'tagging'
          ? [{ call: 'encode_input', arguments: texts.map((t) => [{ tokens: splitItems(t) }]) }]
          : []),
      ],
    })),
  );
  recipes.forEach((data, i) => {
    const ids = texts.map((text) => Array.from(encodeText(preprocessing(data), text).ids));
    expect(results[i]?.[0], data.task).toEqual(ids);
    if (data.task === 'next-token')
      expect(results[i]?.[1]).toEqual(rows.map((row) => decodeTokens(preprocessing(data), row)));
    if (data.task === 'tagging') expect(results[i]?.[1]).toEqual(ids);
  });
});

test('a forecast’s features and values are ours to the last bit', () => {
  const data = { ...recipe('forecast'), window: 4 };
  const float = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  const rows = fc.sample(fc.array(float, { minLength: 3, maxLength: 3 }), {
    numRuns: 200,
    seed: 7,
  });
  const outputs = fc.sample(float.map(Math.fround), { numRuns: data.horizon, seed: 7 });
  const { results } = runAll([
    {
      data,
      calls: [
        { call: 'encode_input', arguments: [[{ rows }]] },
        { call: 'unscale', arguments: [[outputs]] },
      ],
    },
  ]);
  const [features, values] = z
    .tuple([z.tuple([z.array(z.array(z.number()))]), z.tuple([z.array(z.array(z.number()))])])
    .parse(results[0]);
  expect(Float32Array.from(features[0].flat())).toEqual(encodeSeries(preprocessing(data), rows));
  expect(values[0]).toEqual(unscaleTargets(preprocessing(data), Float32Array.from(outputs)));
});
