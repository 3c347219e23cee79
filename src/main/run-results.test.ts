import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Results } from '#shared/run/results';
import type { RunState } from '#shared/run/state';
import { keptResults } from './run-results.js';
import { temporaryFolder } from './test-folders.js';

const results: Results = { kind: 'text', heldOut: true, samples: [] };
const stoppedAt = (checkpointStep: number): RunState => ({
  phase: 'failed',
  error: { code: 'interrupted', message: '', hint: '', place: {} },
  checkpointStep,
});

it('results are computed once for the weights of one step, and again after the run went on', async () => {
  const folder = await temporaryFolder(onTestFinished);
  let computed = 0;
  const ask = (step: number): Promise<Results | null> =>
    keptResults(folder, stoppedAt(step), async () => {
      computed += 1;
      return results;
    });
  expect(await Promise.all([ask(3), ask(3)])).toEqual([results, results]);
  expect(await ask(3)).toEqual(results);
  expect(computed).toBe(1);
  await ask(6);
  expect(computed).toBe(2);
  await writeFile(join(folder, 'results.json'), '{"torn');
  await ask(6);
  expect(computed).toBe(3);
});

it('a failure is not kept', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const fail = () => Promise.reject(new Error('no engine'));
  await expect(keptResults(folder, stoppedAt(1), fail)).rejects.toThrow('no engine');
  expect(await keptResults(folder, stoppedAt(1), async () => results)).toEqual(results);
});
