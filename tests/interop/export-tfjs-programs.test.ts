/** What people run of an export to TensorFlow.js: the training program under Node, the page in Chromium. */
import { chromium } from '@playwright/test';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateTfjs } from '#shared/codegen/tfjs/index';
import { generateTypeScript } from '#shared/codegen/typescript/index';
import type { TrainingRecipe } from '#shared/training/recipe';
import { findChromium } from '../../scripts/browser.mjs';
import { exportFixture } from './exports/export-fixture.js';
import type { Generate } from './exports/export-fixture.js';
import { allFixtures, fixtureNamed } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { compileTypeScript, hostile, programFolder } from './exports/node-programs.js';

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await programFolder();
  fixtures = await allFixtures();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = (name: string): Fixture => fixtureNamed(fixtures, name);

const recipe: TrainingRecipe = {
  epochs: 3,
  batchSize: 8,
  optimizer: { kind: 'adam', learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  schedule: { kind: 'cosine', warmUpSteps: 3, finalFactor: 0.1 },
  clip: { norm: 1, value: null },
  classWeights: 'balanced',
  earlyStopping: { monitor: 'metric', patience: 3, minimumChange: 0, restoreBest: true },
  bucketing: true,
  shuffle: true,
  seed: 1,
};

/** `data/` of an export: what comes next, or which class it is, can be seen from the inputs. */
const data: Record<string, Record<string, string>> = {
  classification: rowFiles(24, (i) => {
    const words = Array.from({ length: 2 + (i % 9) }, (_, k) => `word${2 + (i % 3) + 3 * (k % 5)}`);
    return { text: words.join(' '), label: `class "${i % 3}"` };
  }),
  tagging: rowFiles(24, (i) => {
    const ids = Array.from({ length: 1 + (i % 9) }, (_, k) => 2 + ((i + k) % 6));
    return { tokens: ids.map((id) => `word${id}`), tags: ids.map((id) => `class "${id % 3}"`) };
  }),
  'next-token': {
    'text.txt': Array.from({ length: 400 }, (_, i) =>
      String.fromCodePoint(0x4e00 + 2 + (i % 5)),
    ).join(''),
    'splits.json': windows(32, 8),
  },
  forecast: {
    'series.csv': [
      'wind,"temp_max",precipitation',
      ...Array.from({ length: 400 }, (_, i) => `${i % 2},${10 * Math.sin(i / 3)},0.5`),
    ].join('\n'),
    'splits.json': windows(32, 6),
  },
};

function rowFiles(count: number, row: (i: number) => unknown): Record<string, string> {
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => `${JSON.stringify(row(from + i))}\n`).join('');
  return {
    'train.jsonl': lines(0, count),
    'validation.jsonl': lines(count, count + 9),
    'test.jsonl': lines(count + 9, count + 18),
  };
}

function windows(count: number, stride: number): string {
  const starts = (from: number, size: number): number[] =>
    Array.from({ length: size }, (_, i) => (from + i) * stride);
  return JSON.stringify({
    train: starts(0, count - 8),
    validation: starts(count - 8, 8),
    test: [],
  });
}

describe('the exported train.ts', () => {
  test.each([
    ['embedding-0', 'classification'],
    ['classify-each-step-0', 'tagging'],
    ['next-token-0', 'next-token'],
    ['time-distributed-dense-0', 'next-token'],
    ['regress-2', 'forecast'],
  ])('%s learns from its data/ and leaves weights that load', async (name, task) => {
    const given = named(name);
    const at = join(folder, name);
    const one = { ...given, document: { ...given.document, training: recipe } };
    const generated = await exportFixture(one, generateTypeScript, at, { rows: 2 });
    await compileTypeScript(at, generated);
    await mkdir(join(at, 'data'));
    for (const [file, text] of Object.entries(data[task] ?? {}))
      await writeFile(join(at, 'data', file), text);
    const before = await readFile(join(at, 'model.safetensors'));

    const { stdout, stderr, status } = spawnSync(process.execPath, [join(at, 'dist', 'train.js')], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const losses = Array.from(stdout.matchAll(/^epoch \d+: loss ([\d.]+)/gm), ([, x]) => Number(x));
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? 0));
    // Windows leave no test part.
    expect(/^test: loss [\d.]+, /m.test(stdout)).toBe(
      task === 'classification' || task === 'tagging',
    );
    const after = await readFile(join(at, 'model.safetensors'));
    expect(after.length).toBe(before.length);
    expect(after.equals(before)).toBe(false);
    const predicted = spawnSync(process.execPath, [join(at, 'dist', 'predict.js')]);
    expect(predicted.status).toBe(0);
  });
});

describe('the exported page', () => {
  test.each<[string, Generate, string, string, RegExp]>([
    ['tfjs', generateTfjs, 'spam-gru', 'word5 word9', /^ *[\d.]+ % {2}class "\d"/],
    ['typescript', generateTypeScript, 'char-language-model', '一丁七', /^[一-鿿]{50}\n/],
  ])(
    '%s answers in Chromium, served by serve.mjs',
    async (target, generate, name, typed, answer) => {
      const at = join(folder, `page-${target}`);
      const given = hostile(named(name));
      const generated = await exportFixture(given, generate, at, { rows: 2 });
      if (target === 'typescript') await compileTypeScript(at, generated);
      await symlink(resolve('node_modules'), join(at, 'node_modules'));
      const server = spawn(process.execPath, [join(at, 'serve.mjs'), '0']);
      const executablePath = findChromium();
      const browser = await chromium.launch({
        ...(executablePath === null ? {} : { executablePath }),
        args: ['--no-sandbox'],
      });
      try {
        const [chunk] = await once(server.stdout, 'data');
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        await page.goto(String(chunk).trim());
        await page.fill('textarea', typed);
        await page.click('button');
        await page.waitForFunction(() => {
          const said = document.querySelector('output')?.textContent ?? '';
          return said !== '' && said !== '…';
        });
        expect(await page.textContent('output')).toMatch(answer);
        expect(errors).toEqual([]);
        const escape = await page.request.get(new URL('/..%2f..%2fetc/passwd', page.url()).href);
        expect(escape.status()).toBe(404);
      } finally {
        await browser.close();
        server.kill();
      }
    },
  );
});
