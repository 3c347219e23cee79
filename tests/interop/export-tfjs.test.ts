/** Exports to TensorFlow.js, run in the real one: a TypeScript program, and a model for `tf.layers`. */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lower } from '#shared/ir/lower';
import type { OptimizerRecipe, TrainingRecipe } from '#shared/training/recipe';
import { generateTfjs } from '#shared/codegen/tfjs/index';
import { generateTypeScript } from '#shared/codegen/typescript/index';
import { exportFixture, gradientStepFixture } from './exports/export-fixture.js';
import { allFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { compileTypeScript, hostile, nodeJson, programFolder } from './exports/node-programs.js';

const rows = 8;

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await programFolder();
  fixtures = await allFixtures();
  const [bilstm] = fixtures.filter(({ name }) => name === 'sentiment-bilstm');
  fixtures.push(hostile(bilstm!));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = (name: string): string =>
  fileURLToPath(new URL(`./exports/${name}`, import.meta.url));

/** What `verify --json` prints. */
interface Verified {
  passed: boolean;
  rows: number;
  largest_difference: number;
  preprocessing: boolean;
  generated: boolean | null;
  framework: string;
}

interface Step {
  loss: number;
  expected: number;
  /** Of the weights, over their largest change. */
  difference: number;
}

function expectVerified(given: readonly Fixture[], results: readonly Verified[]): void {
  const failed = given.flatMap(({ name, document }, i) => {
    const result = results[i];
    const generated = document.data.task === 'next-token' ? true : null;
    const whole = result?.rows === rows && result.preprocessing && result.generated === generated;
    const passed = whole && result.passed && result.largest_difference <= 1e-5;
    return passed ? [] : [{ name, ...result }];
  });
  expect(failed).toEqual([]);
}

/** Their updates follow the gradient: Adam's first step makes the least noise as large as a gradient. */
const linear: OptimizerRecipe = { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false };
const optimizers: readonly OptimizerRecipe[] = [
  { kind: 'sgd', learningRate: 0.1, momentum: 0.8, nesterov: true },
  { kind: 'adam', learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 0.01 },
  { kind: 'adamw', learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 0.01, weightDecay: 0.1 },
  { kind: 'rmsprop', learningRate: 0.01, decay: 0.9, epsilon: 0.01, momentum: 0.7 },
];

const trained = (one: Fixture, training: Partial<TrainingRecipe>, name = one.name): Fixture => ({
  ...one,
  name,
  document: { ...one.document, training: { ...one.document.training, ...training } },
});

describe('typescript', () => {
  const cases: Fixture[] = [];
  beforeAll(async () => {
    cases.push(...fixtures.map((one) => trained(one, { optimizer: linear })));
    const [gru] = fixtures.filter(({ name }) => name === 'gru-0');
    if (gru === undefined) throw new Error('no fixture gru-0');
    for (const optimizer of optimizers)
      cases.push(trained(gru, { optimizer, clip: { norm: 0.5, value: 0.01 } }, optimizer.kind));
    const weighed = fixtures.find(({ name }) => name === 'classify-each-step-0');
    for (const one of [gru, weighed!])
      cases.push(
        trained(one, { optimizer: linear, classWeights: 'balanced' }, `weighed ${one.name}`),
      );
    for (const one of cases) {
      const at = join(folder, 'typescript', one.name);
      await compileTypeScript(at, await gradientStepFixture(one, generateTypeScript, at, { rows }));
    }
  });
  const folders = (): string[] => cases.map(({ name }) => join(folder, 'typescript', name));

  test('every graph gives the recorded outputs within 1e-5 and the recorded text', () => {
    const programs = folders().map((at) => join(at, 'dist', 'verify.js'));
    expectVerified(cases, nodeJson<Verified>(program('tfjs-verify.mjs'), programs));
  });

  test('every program is Prettier-clean and passes the strict type check that it brings', async () => {
    const at = join(folder, 'strict');
    const texts = new Map<string, string>();
    for (const { name, document, facts } of cases) {
      const input = { document, facts, program: lower(document, facts) };
      for (const { path, text } of generateTypeScript(input).files) {
        const target = join(at, path === 'tsconfig.json' ? path : join(name, path));
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, text);
        if (/\.(ts|mjs)$/.test(path)) texts.set(text, path);
      }
    }
    for (const [text, filepath] of texts)
      expect(await format(text, { printWidth: 100, singleQuote: true, filepath })).toBe(text);
    const { status, stdout } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc'), '--project', at, '--noEmit'],
      { encoding: 'utf8' },
    );
    expect(stdout.split('\n', 20).join('\n')).toBe('');
    expect(status).toBe(0);
  });

  test('a training step gives our loss and weights within 1e-4 of the largest change', () => {
    const steps = nodeJson<Step>(program('typescript-step.mjs'), folders());
    expect(steps).toHaveLength(cases.length);
    for (const [i, { loss, expected, difference }] of steps.entries()) {
      const { name } = cases[i]!;
      expect(Math.abs(loss - expected) / expected, name).toBeLessThanOrEqual(1e-5);
      expect(difference, name).toBeLessThanOrEqual(1e-4);
    }
  });
});

describe('tfjs', () => {
  beforeAll(async () => {
    for (const one of fixtures)
      await exportFixture(one, generateTfjs, join(folder, 'tfjs', one.name), { rows });
  });

  test('every graph, loaded by tf.loadLayersModel, gives the recorded outputs within 1e-5', () => {
    const programs = fixtures.map(({ name }) => join(folder, 'tfjs', name, 'verify.mjs'));
    expectVerified(fixtures, nodeJson<Verified>(program('tfjs-verify.mjs'), programs));
  });
});
