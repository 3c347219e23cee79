/** Runs an export's own check in the framework that it is for, where that is installed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ExportTarget } from '#shared/codegen/types';
import type { Verification } from '#shared/run/exported';
import { appRoot } from './app-paths.js';

/** The line that `verify.*` prints with `--json`. */
const reportSchema = z.object({
  passed: z.boolean(),
  rows: z.number().int(),
  largest_difference: z.number().nullable(),
  tolerance: z.number(),
  preprocessing: z.boolean(),
  generated: z.boolean().nullable(),
  framework: z.string(),
});

/** Exit status of a check that lacks what it needs, and says so. */
const lacking = 2;

interface Attempt {
  command: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

const pythons = (...named: string[]): string[] => [
  ...named.flatMap((variable) => process.env[variable] ?? []),
  'python3',
  'python',
  '/usr/bin/python3',
];

/** Where each framework may be, the likeliest first. */
const interpreters = {
  pytorch: () => pythons('UNROLL_PYTHON'),
  keras: () => pythons('UNROLL_KERAS_PYTHON'),
  onnx: () => pythons('UNROLL_KERAS_PYTHON', 'UNROLL_PYTHON'),
} satisfies Partial<Record<ExportTarget, () => string[]>>;

export interface VerifyOptions {
  target: ExportTarget;
  /** The export. */
  folder: string;
  /** Ends the check. */
  signal?: AbortSignal;
  milliseconds?: number;
}

export async function verifyExport(options: VerifyOptions): Promise<Verification> {
  const { target, folder } = options;
  switch (target) {
    case 'pytorch':
    case 'keras':
    case 'onnx': {
      const attempts = interpreters[target]().map((command) => ({
        command,
        args: ['verify.py', '--json'],
        cwd: folder,
      }));
      return tryEach(attempts, options, {
        install: `python3 -m pip install -r ${quoted(join(folder, 'requirements.txt'))}`,
        verify: `python3 ${quoted(join(folder, 'verify.py'))}`,
      });
    }
    case 'tfjs':
    case 'typescript':
      return verifyInNode(options);
    case 'report':
    case 'zip':
      return {
        state: 'not-run',
        reason: 'nothing-to-verify',
        message: 'It holds no network for another framework.',
        install: null,
        verify: null,
      };
  }
}

/**
 * With the packages installed in the export's folder, else with those that the studio has itself. It runs
 * in a copy: Node looks for packages beside the file that imports them, and programs in TypeScript may have
 * to be compiled.
 */
async function verifyInNode(options: VerifyOptions): Promise<Verification> {
  const { target, folder } = options;
  const commands = {
    install: `npm --prefix ${quoted(folder)} install`,
    verify: `npm --prefix ${quoted(folder)} run verify`,
  };
  const place = await mkdtemp(join(tmpdir(), 'unroll-verify-'));
  try {
    const copy = join(place, 'export');
    const left = ['data', 'node_modules'].map((name) => join(folder, name));
    await cp(folder, copy, { recursive: true, filter: (path) => !left.includes(path) });
    const own = join(folder, 'node_modules');
    const packages = existsSync(own) ? own : join(appRoot, 'node_modules');
    await symlink(packages, join(place, 'node_modules'), 'junction');
    const node = (...args: string[]): Attempt => ({
      command: process.execPath,
      args,
      cwd: copy,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    if (target === 'tfjs') return await tryEach([node('verify.mjs', '--json')], options, commands);
    // Node takes TypeScript as it is from 22.18 on.
    if (Reflect.get(process.features, 'typescript'))
      return await tryEach([node('verify.ts', '--json')], options, commands);
    const compiler = join(place, 'node_modules', 'typescript', 'bin', 'tsc');
    if (!existsSync(compiler))
      return {
        state: 'not-run',
        reason: 'framework-missing',
        message: 'TypeScript is not installed here.',
        ...commands,
      };
    await run(node(compiler, '--noCheck'), options);
    return await tryEach([node(join('dist', 'verify.js'), '--json')], options, commands);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The first interpreter that has what the check needs answers. */
async function tryEach(
  attempts: readonly Attempt[],
  options: VerifyOptions,
  commands: { install: string; verify: string },
): Promise<Verification> {
  let message = 'No interpreter was found that could run it.';
  for (const attempt of attempts) {
    const { status, stdout, stderr } = await run(attempt, options);
    if (status === 'not found') continue;
    if (status === lacking) {
      message = lastWords(stderr) || lastWords(stdout) || message;
      continue;
    }
    const report = status === 0 || status === 1 ? reportOf(stdout) : null;
    if (report !== null) return report;
    const why = lastWords(stderr) || lastWords(stdout);
    return {
      state: 'not-run',
      reason: 'broke',
      message: `The check ended without a result (${status}). ${why}`.trim(),
      install: null,
      verify: commands.verify,
    };
  }
  return { state: 'not-run', reason: 'framework-missing', message, ...commands };
}

function reportOf(stdout: string): Verification | null {
  const line = stdout.split('\n').findLast((text) => text.startsWith('{'));
  if (line === undefined) return null;
  let json: unknown;
  try {
    // Python writes numbers that JSON doesn't have.
    json = JSON.parse(line.replace(/:\s*(NaN|-?Infinity)\b/g, ': null'));
  } catch {
    return null;
  }
  const parsed = reportSchema.safeParse(json);
  if (!parsed.success) return null;
  const { passed, largest_difference: largestDifference, ...rest } = parsed.data;
  return { state: passed ? 'passed' : 'failed', largestDifference, ...rest };
}

interface Ended {
  status: number | 'not found' | string;
  stdout: string;
  stderr: string;
}

/** As much of an output as is kept: its end. */
const keptCharacters = 100_000;

function run(
  { command, args, cwd, env }: Attempt,
  { signal, milliseconds = 10 * 60_000 }: VerifyOptions,
): Promise<Ended> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    const child = spawn(command, args, {
      cwd,
      env: {
        ...(env ?? process.env),
        // The export stays as it was written.
        PYTHONDONTWRITEBYTECODE: '1',
        TF_CPP_MIN_LOG_LEVEL: '3',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
      killSignal: 'SIGKILL',
    });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, milliseconds);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keptCharacters);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptCharacters);
    });
    const end = (status: Ended['status']): void => {
      clearTimeout(timer);
      resolve({ status, stdout, stderr });
    };
    child.on('error', (error) => end(child.pid === undefined ? 'not found' : error.message));
    child.on('close', (code, by) => {
      const minutes = Math.round(milliseconds / 60_000);
      if (late) end(`not done after ${minutes} min`);
      else end(code ?? `killed by ${by}`);
    });
  });
}

/** The error that a program ended with, in Python's and in Node's way of telling it; else its last lines. */
function lastWords(text: string): string {
  const lines = text.trim().split('\n');
  const error = lines.findLast((line) => /^[\w.]*(Error|Exception)\b.*:/.test(line));
  return (error ?? lines.slice(-3).join('\n')).slice(-600);
}

/** For a shell that a person types into. */
const quoted = (path: string): string =>
  /^[\w./:\\-]+$/.test(path) ? path : `"${path.replace(/(["$`\\])/g, '\\$1')}"`;
