/** Exported PyTorch folders in real PyTorch: the same numbers as ours. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { generatePyTorch } from '#shared/codegen/pytorch/index';
import { exportFixture } from './exports/export-fixture.js';
import { allFixtures } from './exports/fixtures.js';
import type { Fixture } from './exports/fixtures.js';
import { pythonJson, runPython } from './exports/run-python.js';

const script = resolve('tests/interop/export_pytorch.py');
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-pytorch-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const resultSchema = z.object({
  folder: z.string().transform((folder) => basename(folder)),
  verify: z.object({
    passed: z.boolean(),
    code: z.number(),
    rows: z.number(),
    largest_difference: z.number().nullable(),
    preprocessing: z.boolean(),
    generated: z.boolean().nullable(),
  }),
});

/** Writes each fixture's folder and runs all of them in one Python process. */
async function runAll(fixtures: readonly Fixture[]): Promise<z.infer<typeof resultSchema>[]> {
  const folders: string[] = [];
  for (const fixture of fixtures) {
    const folder = join(root, fixture.name);
    await exportFixture(fixture, generatePyTorch, folder);
    folders.push(folder);
  }
  return pythonJson(script, folders, { framework: 'torch' }).map((line) =>
    resultSchema.parse(line),
  );
}

function expectVerified(
  results: readonly z.infer<typeof resultSchema>[],
  fixtures: readonly Fixture[],
): void {
  expect(results.map(({ folder }) => folder)).toEqual(fixtures.map(({ name }) => name));
  for (const { folder, verify } of results) {
    expect({ folder, ...verify }).toMatchObject({ passed: true, code: 0, preprocessing: true });
    expect(verify.largest_difference, folder).toBeLessThanOrEqual(1e-5);
  }
}

test('every example graph and every shipped example: 32 rows to 1e-5, greedy text the same', async () => {
  const fixtures = await allFixtures();
  const results = await runAll(fixtures);
  expectVerified(results, fixtures);
  fixtures.forEach(({ document }, i) =>
    expect(results[i]?.verify.generated).toBe(document.data.task === 'next-token' ? true : null),
  );
});

test('Black would change no file', async () => {
  const { status, stderr } = runPython('-m', ['black', '--check', '--quiet', '--diff', root], {
    framework: 'torch',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
