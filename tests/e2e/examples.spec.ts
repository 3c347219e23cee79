/** What the shipped examples promise on the rows they never saw. The real data, the real engine. */
import { expect, test } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, unroll } from './cli.js';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-examples-'));
});
test.afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface TestScores {
  accuracy: number;
  meanAbsoluteError: number;
  persistenceMeanAbsoluteError: number;
}

async function testScores(example: string): Promise<TestScores> {
  const { stdout, stderr, code } = await unroll(
    ['train', example, '--json', '--out', join(folder, 'run')],
    { workspace: folder },
  );
  expect(code, stderr).toBe(0);
  return jsonLines(stdout).at(-1)?.test as TestScores;
}

test('sentiment-bilstm judges at least 75 % of the held-out sentences right', async () => {
  expect((await testScores('sentiment-bilstm')).accuracy).toBeGreaterThanOrEqual(0.75);
});

test('spam-gru judges at least 96 % of the held-out mails right', async () => {
  test.setTimeout(400_000);
  expect((await testScores('spam-gru')).accuracy).toBeGreaterThanOrEqual(0.96);
});

test('weather-forecast is at least 5 % closer than persistence on the same rows', async () => {
  const { meanAbsoluteError, persistenceMeanAbsoluteError } = await testScores('weather-forecast');
  expect(meanAbsoluteError).toBeLessThanOrEqual(0.95 * persistenceMeanAbsoluteError);
});
