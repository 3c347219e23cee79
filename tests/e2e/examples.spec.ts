/** What the shipped examples promise on the rows they never saw. The real data, the real engine. */
import { expect } from '@playwright/test';
import { join } from 'node:path';
import { jsonLines, unroll } from './cli.js';
import { test } from './folder.js';

interface TestScores {
  accuracy: number;
  meanAbsoluteError: number;
  persistenceMeanAbsoluteError: number;
}

async function testScores(folder: string, example: string): Promise<TestScores> {
  const { stdout, stderr, code } = await unroll(
    ['train', example, '--json', '--out', join(folder, 'run')],
    { workspace: folder },
  );
  expect(code, stderr).toBe(0);
  return jsonLines(stdout).at(-1)?.test as TestScores;
}

test('sentiment-bilstm judges at least 75 % of the held-out sentences right', async ({
  folder,
}) => {
  expect((await testScores(folder, 'sentiment-bilstm')).accuracy).toBeGreaterThanOrEqual(0.75);
});

test('spam-gru judges at least 96 % of the held-out mails right', async ({ folder }) => {
  test.setTimeout(400_000);
  expect((await testScores(folder, 'spam-gru')).accuracy).toBeGreaterThanOrEqual(0.96);
});

test('weather-forecast is at least 5 % closer than persistence on the same rows', async ({
  folder,
}) => {
  const { meanAbsoluteError, persistenceMeanAbsoluteError } = await testScores(
    folder,
    'weather-forecast',
  );
  expect(meanAbsoluteError).toBeLessThanOrEqual(0.95 * persistenceMeanAbsoluteError);
});
