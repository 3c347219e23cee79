/** Exports to TensorFlow.js, run in the real one: a TypeScript program, and a model for `tf.layers`. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OptimizerRecipe, TrainingRecipe } from '#shared/training/recipe';
import { generateTfjs } from '#shared/codegen/tfjs/index';
import { generateTypeScript } from '#shared/codegen/typescript/index';
import type { GeneratedExport } from '#shared/codegen/types';
import { exportFixture, gradientStepFixture } from './exports/export-fixture.js';
import { allFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';

const rows = 8;

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-tfjs-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  fixtures = await allFixtures();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = (name: string): string =>
  fileURLToPath(new URL(`./exports/${name}`, import.meta.url));

/** The objects that a Node program prints, one a line. */
function runNode<T>(script: string, args: string[]): T[] {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`${script} printed nothing:\n${stderr}`);
  return lines.map((line): T => JSON.parse(line));
}

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
  const exported = new Map<string, GeneratedExport>();
  beforeAll(async () => {
    cases.push(...fixtures.map((one) => trained(one, { optimizer: linear })));
    const [gru] = fixtures.filter(({ name }) => name === 'gru-0');
    if (gru === undefined) throw new Error('no fixture gru-0');
    for (const optimizer of optimizers)
      cases.push(trained(gru, { optimizer, clip: { norm: 0.5, value: 0.01 } }, optimizer.kind));
    for (const one of cases) {
      const at = join(folder, 'typescript', one.name);
      const generated = await gradientStepFixture(one, generateTypeScript, at, { rows });
      exported.set(one.name, generated);
      await compile(at, generated);
    }
  });
  const folders = (): string[] => cases.map(({ name }) => join(folder, 'typescript', name));

  test('every graph gives the recorded outputs within 1e-5 and the recorded text', () => {
    const programs = folders().map((at) => join(at, 'dist', 'verify.js'));
    expectVerified(cases, runNode<Verified>(program('tfjs-verify.mjs'), programs));
  });

  test('every file is Prettier-clean', async () => {
    const texts = new Map<string, string>();
    for (const { files } of exported.values())
      for (const { path, text } of files) if (/\.(ts|mjs)$/.test(path)) texts.set(text, path);
    for (const [text, filepath] of texts)
      expect(await format(text, { printWidth: 100, singleQuote: true, filepath })).toBe(text);
  });

  test('every program type-checks under the strict tsconfig.json that it brings', async () => {
    const at = join(folder, 'typescript');
    const [first] = folders();
    await copyFile(join(first!, 'tsconfig.json'), join(at, 'tsconfig.json'));
    const { status, stdout } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc'), '--project', at, '--noEmit'],
      { encoding: 'utf8' },
    );
    expect({ status, errors: stdout.split('\n', 20).join('\n') }).toEqual({
      status: 0,
      errors: '',
    });
  });

  test('a training step gives our loss and weights within 1e-4 of the largest change', () => {
    const steps = runNode<Step>(program('typescript-step.mjs'), folders());
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
    expectVerified(fixtures, runNode<Verified>(program('tfjs-verify.mjs'), programs));
  });
});

const compiled = new Map<string, string>();

/** What `tsc` emits, without its checks: most files are the same in all folders. */
async function compile(at: string, { files }: GeneratedExport): Promise<void> {
  for (const { path, text } of files) {
    if (!path.endsWith('.ts')) continue;
    let emitted = compiled.get(text);
    if (emitted === undefined) {
      const options = {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
      };
      emitted = ts.transpileModule(text, { compilerOptions: options }).outputText;
      compiled.set(text, emitted);
    }
    const target = join(at, 'dist', path.replace(/ts$/, 'js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, emitted);
  }
}
