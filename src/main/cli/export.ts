/** `unroll export`: writes a run for another framework and, if asked to, checks it there. */
import { join, resolve } from 'node:path';
import type { ExportTarget } from '#shared/codegen/types';
import type { ExportPhase, ExportResult, Verification } from '#shared/run/exported';
import { exportName, exportRun } from '../exports.js';
import { hasCode } from '../files.js';
import { readRunDocument } from '../run-record.js';
import { exitCodes, type Exit } from './exit-codes.js';
import { CommandEnd, failingAs, note, printJson, printResult } from './output.js';
import { findRun, withEngine } from './session.js';

export interface ExportOptions {
  to: ExportTarget;
  out: string;
  verify?: boolean;
  force?: boolean;
  json?: boolean;
  workspace?: string;
}

const phases: Readonly<Record<ExportPhase, string>> = {
  writing: 'Writing …',
  verifying: 'Running it in its framework …',
};

export async function exportCommand(run: string, options: ExportOptions): Promise<number> {
  const { to: target, json = false, verify = false, force: overwrite = false } = options;
  const folder = findRun(run, options.workspace);
  const path = await failingAs('badProject', () => placeOf(folder, options));
  const result = await withEngine((engine) =>
    failingAs('badProject', () =>
      exportRun(
        { folder, target, path, overwrite, verify },
        { engine, onPhase: (phase) => json || note(phases[phase]) },
      ).catch((error: unknown) => {
        throw placeErrors.some((code) => hasCode(error, code))
          ? new CommandEnd('usage', error)
          : error;
      }),
    ),
  );
  if (json) printJson({ type: 'exported', ...result, page: undefined });
  else print(result);
  return exitCodes[verify ? exitOf(result.verification) : 'ok'].code;
}

/** What is wrong with `--out`, not with the run. */
const placeErrors = ['export-exists', 'not-an-export', 'folder-not-writable'];

/** `--out` as it is; for a zip that names no file, one with the project's name in that folder. */
async function placeOf(folder: string, { to, out }: ExportOptions): Promise<string> {
  const path = resolve(out);
  if (to !== 'zip' || path.endsWith('.zip')) return path;
  return join(path, exportName(await readRunDocument(folder), to));
}

function exitOf(verification: Verification): Exit {
  switch (verification.state) {
    case 'passed':
      return 'ok';
    case 'failed':
      return 'verificationFailed';
    case 'not-run':
      switch (verification.reason) {
        case 'broke':
          return 'verificationFailed';
        case 'framework-missing':
          return 'notVerified';
        case 'not-asked':
        case 'nothing-to-verify':
          return 'ok';
      }
  }
}

function print({ path, files, warnings, verification }: ExportResult): void {
  for (const warning of warnings) note(`warning: ${warning}`);
  printResult(`Written: ${path} (${files.length} ${files.length === 1 ? 'file' : 'files'})`);
  if (verification.state !== 'not-run') printResult(sentence(verification));
  else if (verification.reason !== 'not-asked') {
    const { message, install, verify } = verification;
    printResult(`Not verified: ${message}`);
    if (install !== null) printResult(`To install what it needs: ${install}`);
    if (verify !== null) printResult(`Then: ${verify}`);
  }
}

function sentence(result: Extract<Verification, { state: 'passed' | 'failed' }>): string {
  const { state, rows, largestDifference, tolerance, preprocessing, generated, framework } = result;
  const found = largestDifference === null ? 'not a number' : largestDifference.toExponential(1);
  return [
    `${state === 'passed' ? 'Verified' : 'Verification FAILED'} in ${framework}: ${rows} recorded ${rows === 1 ? 'row' : 'rows'}, `,
    `largest difference ${found} (at most ${tolerance.toExponential(0)})`,
    preprocessing ? '' : '; its preprocessing gives other inputs',
    generated === null ? '' : generated ? '; the same generated text' : '; other generated text',
    '.',
  ].join('');
}
