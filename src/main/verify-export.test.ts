/** Checks of exports as programs, run for real; what frameworks say of them is in tests/interop. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './test-folders.js';
import { verifyExport } from './verify-export.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
});

const verify = async (program: string, milliseconds?: number, signal?: AbortSignal) => {
  await writeFile(join(folder, 'verify.mjs'), program);
  return verifyExport({
    target: 'tfjs',
    folder,
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(signal === undefined ? {} : { signal }),
  });
};

const report = (passed: boolean, difference: string): string =>
  `console.log('A sentence for people.');
   console.log('{"passed": ${passed}, "rows": 32, "largest_difference": ${difference}, "tolerance": 1e-5, "preprocessing": true, "generated": null, "framework": "abacus 1.0"}');
   process.exit(${passed ? 0 : 1});`;

it.each([
  [true, '3.1e-7', 3.1e-7, 'passed'],
  [false, '0.25', 0.25, 'failed'],
  [false, 'NaN', null, 'failed'],
] as const)('a check that says %s, %s, is told with its number', async (...given) => {
  const [passed, written, largestDifference, state] = given;
  expect(await verify(report(passed, written))).toEqual({
    state,
    rows: 32,
    largestDifference,
    tolerance: 1e-5,
    preprocessing: true,
    generated: null,
    framework: 'abacus 1.0',
  });
});

it('finds the packages that the studio has, beside the export', async () => {
  const found = await verify(`await import('zod');\n${report(true, '0')}`);
  expect(found.state).toBe('passed');
});

it('says what is missing and how to install it', async () => {
  const lacking = await verify(`console.error('It needs an abacus.'); process.exit(2);`);
  expect(lacking).toEqual({
    state: 'not-run',
    reason: 'framework-missing',
    message: 'It needs an abacus.',
    install: `npm --prefix ${folder} install`,
    verify: `npm --prefix ${folder} run verify`,
  });
});

it.each([
  ['crashes', `throw new Error('no beads');`, /no beads/],
  ['says nothing', '', /without a result \(0\)/],
  ['says something else', `console.log('{"passed": "yes"}');`, /without a result/],
])('a check that %s broke, with its last words', async (_, program, message) => {
  expect(await verify(program)).toMatchObject({
    state: 'not-run',
    reason: 'broke',
    message: expect.stringMatching(message),
  });
});

it('a check that never ends is ended, by its time limit or with the studio', async () => {
  const forever = 'setInterval(() => {}, 1000);';
  const late = await verify(forever, 500);
  expect(late).toMatchObject({ reason: 'broke', message: expect.stringMatching(/not done after/) });
  const closing = new AbortController();
  const waiting = verify(forever, undefined, closing.signal);
  setTimeout(() => closing.abort(), 300);
  expect(await waiting).toMatchObject({ reason: 'broke' });
});
