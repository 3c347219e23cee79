/** Exported ONNX models in onnxruntime: the same numbers as ours, for every block and for random graphs. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateOnnx } from '#shared/codegen/onnx/index';
import { decodeSafetensors } from '../../src/main/engine/export/safetensors.js';
import { exportFixture } from './exports/export-fixture.js';
import { allFixtures, randomFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';

let folder: string;
let fixtures: Fixture[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-onnx-'));
  fixtures = await allFixtures();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Largest difference over largest magnitude of the logits' real steps. */
async function difference(at: string): Promise<number> {
  const recorded = decodeSafetensors(await readFile(join(at, 'recorded.safetensors')));
  const of = (name: string) => {
    const found = recorded.get(name);
    if (found === undefined) throw new Error(`no ${name} in the recording`);
    return found;
  };
  const session = await InferenceSession.create(join(at, 'model.onnx'));
  const lengths = of('lengths');
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const { shape, values } = of(name);
      const dims = [...shape];
      if (name === 'ids')
        return [name, new Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), dims)];
      return values instanceof Float32Array
        ? [name, new Tensor('float32', values, dims)]
        : [name, new Tensor('int32', values, dims)];
    }),
  );
  const { logits } = await session.run(feeds);
  await session.release();
  const { shape, values } = of('outputs');
  const theirs = logits?.data;
  if (!(theirs instanceof Float32Array)) throw new Error('the logits are not float32');
  expect(logits?.dims).toEqual(shape);
  const [, steps = 1, width] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
  let [largest, magnitude] = [0, 0];
  values.forEach((ours, i) => {
    const step = Math.floor(i / (width ?? 1));
    if (shape.length === 3 && step % steps >= (lengths.values[Math.floor(step / steps)] ?? 0))
      return;
    largest = Math.max(largest, Math.abs(ours - (theirs[i] ?? NaN)));
    magnitude = Math.max(magnitude, Math.abs(ours));
  });
  return largest / magnitude;
}

describe('onnxruntime computes what the studio computed, within 1e-5 of the largest', () => {
  test('every graph of the catalog and every shipped example, 32 rows with padding', async () => {
    const differences: [string, number][] = [];
    for (const given of fixtures) {
      const at = join(folder, given.name);
      await exportFixture(given, generateOnnx, at);
      differences.push([given.name, await difference(at)]);
    }
    expect(differences.filter(([, value]) => !(value <= 1e-5))).toEqual([]);
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
});
