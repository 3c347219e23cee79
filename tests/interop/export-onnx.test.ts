/** Exported ONNX models in onnxruntime: the same numbers as ours, for every block and for random graphs. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { generateOnnx } from '#shared/codegen/onnx/index';
import { lower } from '#shared/ir/lower';
import { compile } from '../../src/main/engine/compile/model.js';
import { openDevice } from '../../src/main/engine/devices/index.js';
import { encodeOnnx } from '../../src/main/engine/export/onnx.js';
import { outputsOf } from '../../src/main/engine/export/record.js';
import { decodeSafetensors } from '../../src/main/engine/export/safetensors.js';
import { parameterValues } from '../../src/main/engine/export/write.js';
import type { ModelInput } from '../../src/main/engine/compile/model.js';
import { exportFixture, noisyWeights } from './exports/export-fixture.js';
import { allFixtures, fixtureNamed, randomFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { pythonJson, runPython } from './exports/run-python.js';

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-onnx-'));
  fixtures = await allFixtures();
  for (const given of fixtures) await exportFixture(given, generateOnnx, join(folder, given.name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pathsOf = (given: readonly Fixture[]): string[] =>
  given.map(({ name }) => join(folder, name));

const int64 = (values: ArrayLike<number>): BigInt64Array =>
  BigInt64Array.from(Array.from(values, BigInt));

/** Largest difference over largest magnitude of the logits' real steps. */
async function difference(at: string): Promise<number> {
  const recorded = decodeSafetensors(await readFile(join(at, 'recorded.safetensors')));
  const of = (name: string) => {
    const found = recorded.get(name);
    if (found === undefined) throw new Error(`no ${name} in the recording`);
    return found;
  };
  const session = await InferenceSession.create(join(at, 'model.onnx'));
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const { shape, values } = of(name);
      if (name === 'ids') return [name, new Tensor('int64', int64(values), shape)];
      return values instanceof Float32Array
        ? [name, new Tensor('float32', values, shape)]
        : [name, new Tensor('int32', values, shape)];
    }),
  );
  const { logits } = await session.run(feeds);
  await session.release();
  const { shape, values } = of('outputs');
  const theirs = logits?.data;
  if (!(theirs instanceof Float32Array)) throw new Error('the logits are not float32');
  expect(logits?.dims).toEqual(shape);
  const [, steps = 1, width = 1] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
  const isReal = (i: number): boolean => {
    const step = Math.floor(i / width);
    return shape.length < 3 || step % steps < (of('lengths').values[Math.floor(step / steps)] ?? 0);
  };
  let [largest, magnitude] = [0, 0];
  values.forEach((ours, i) => {
    if (!isReal(i)) return;
    largest = Math.max(largest, Math.abs(ours - (theirs[i] ?? NaN)));
    magnitude = Math.max(magnitude, Math.abs(ours));
  });
  return largest / magnitude;
}

const verdict = z.object({
  folder: z.string(),
  status: z.number(),
  passed: z.boolean(),
  rows: z.number(),
  largest_difference: z.number(),
  preprocessing: z.boolean(),
  generated: z.boolean().nullable(),
});

describe('onnxruntime computes what the studio computed, within 1e-5 of the largest', () => {
  test('verify.py: every graph of the catalog and every shipped example, 32 rows with padding', () => {
    const results = pythonJson(resolve('tests/interop/exports/verify_all.py'), pathsOf(fixtures), {
      framework: 'keras',
    }).map((line) => verdict.parse(line));
    expect(results.map((result) => result.folder)).toEqual(fixtures.map(({ name }) => name));
    expect(results.filter(({ passed, status }) => !passed || status !== 0)).toEqual([]);
    expect(results.every(({ rows, preprocessing }) => rows === 32 && preprocessing)).toBe(true);
    const generating = fixtures.filter(({ document }) => document.data.task === 'next-token');
    expect(results.filter(({ generated }) => generated === true)).toHaveLength(generating.length);
  });

  test.each([
    'sentiment-bilstm',
    'classify-each-step-0',
    'char-language-model',
    'weather-forecast',
  ])('verify.mjs passes for %s', async (name) => {
    const at = join(folder, name);
    await symlink(resolve('node_modules'), join(at, 'node_modules'));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['verify.mjs', '--json'], {
      cwd: at,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Passed: 32 rows in onnxruntime-node/);
    expect(JSON.parse(stdout.split('\n')[1] ?? '')).toMatchObject({ passed: true, rows: 32 });
    expect(status).toBe(0);
  });

  test('200 random graphs, 8 rows each', async () => {
    const differences: [string, number][] = [];
    for (const given of randomFixtures(200)) {
      const at = join(folder, given.name);
      await exportFixture(given, generateOnnx, at, { rows: 8 });
      differences.push([given.name, await difference(at)]);
    }
    expect(differences.filter(([, value]) => !(value <= 1e-5))).toEqual([]);
  });

  test('rows of length 0 among others, of every padded graph of the catalog', async () => {
    const device = await openDevice('cpu');
    for (const { document, facts, name } of fixtures) {
      const program = lower(document, facts);
      const { input } = facts;
      if (input.kind !== 'tokens' || !input.padded) continue;
      const weights = noisyWeights(program, 5);
      const rows: ModelInput & { lengths: Int32Array } = {
        size: 3,
        timeSteps: 4,
        input: { kind: 'tokens', ids: Int32Array.from([2, 3, 4, 5, 0, 0, 0, 0, 6, 0, 0, 0]) },
        lengths: Int32Array.from([4, 0, 1]),
      };
      const model = compile(program, device, weights);
      const ours = await outputsOf(model, rows);
      model.dispose();
      const generated = generateOnnx({ document, program, facts }).models?.[0]?.model;
      if (generated === undefined || rows.input.kind !== 'tokens') throw new Error('no model');
      const session = await InferenceSession.create(
        encodeOnnx(generated, parameterValues(program, weights)),
      );
      const outputs = await session.run({
        ids: new Tensor('int64', int64(rows.input.ids), [3, 4]),
        lengths: new Tensor('int32', rows.lengths, [3]),
      });
      await session.release();
      for (const [output, { data }] of Object.entries(outputs))
        expect(Array.from(data, Number).every(Number.isFinite), `${name}: ${output}`).toBe(true);
      const theirs = outputs.logits?.data ?? [];
      if (program.head.perStep) continue;
      ours.values.forEach((value, i) => expect(theirs[i], name).toBeCloseTo(value, 5));
    }
    await device.dispose();
  });
});

test('onnx.checker accepts every graph, with strict shape inference', () => {
  const script = `
import sys
import onnx
for folder in sys.argv[1:]:
    model = onnx.load(folder + "/model.onnx")
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    assert {p.key for p in model.metadata_props} >= {"name", "task"}
`;
  const all = pathsOf([...fixtures, ...randomFixtures(200)]);
  expect(runPython('-c', [script, ...all], { framework: 'keras' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test('the Python files are as Black formats them', () => {
  const files = pathsOf(fixtures).flatMap((at) => [join(at, 'predict.py'), join(at, 'verify.py')]);
  expect(runPython('-m', ['black', '--diff', '--quiet', ...files], { framework: 'keras' })).toEqual(
    { status: 0, stdout: '', stderr: '' },
  );
});

test.each(['sentiment-bilstm', 'classify-each-step-0', 'char-language-model', 'weather-forecast'])(
  'verify.mjs of %s is as Prettier formats it',
  async (name) => {
    const text = await readFile(join(folder, name, 'verify.mjs'), 'utf8');
    const config = await resolveConfig(resolve('package.json'));
    expect(await format(text, { ...config, parser: 'babel' })).toBe(text);
  },
);

test.each([
  ['sentiment-bilstm', ['word5 word9 unheard'], /^ *\d+\.\d% {2}class "\d"\n/],
  ['classify-each-step-0', ['word5 word9'], /^word5\tclass "\d"\nword9\tclass "\d"\n$/],
  ['char-language-model', ['丁七', '--length', '5'], /^丁七.{5}\n$/u],
])('predict.py answers for %s', (name, args, answer) => {
  const { stdout, stderr } = runPython(join(folder, name, 'predict.py'), args, {
    framework: 'keras',
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(answer);
});

test.each(['sentiment-bilstm', 'char-language-model', 'weather-forecast'])(
  '%s: programs and graph as the goldens have them (`vitest -u` writes them anew)',
  async (name) => {
    const { document, facts } = fixtureNamed(fixtures, name);
    const { files, models } = generateOnnx({ document, facts, program: lower(document, facts) });
    const golden = (file: string): string => resolve('tests/goldens/onnx', name, file);
    const own = ['README.md', 'predict.py', 'verify.py', 'verify.mjs'];
    for (const { path, text } of files.filter((file) => own.includes(file.path)))
      await expect(text).toMatchFileSnapshot(golden(path));
    const lines = (models ?? []).flatMap(({ model }) => [
      ...model.weights.map((weight) => `${weight.name} [${weight.shape.join(', ')}]`),
      '',
      ...model.nodes.map(({ op, inputs, outputs, attributes }) => {
        const settings = Object.entries(attributes).map(([key, { value }]) => `${key}=${value}`);
        return `${outputs.join(', ')} = ${op}(${[...inputs, ...settings].join(', ')})`;
      }),
    ]);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(golden('graph.txt'));
  },
);
