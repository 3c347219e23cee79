/** `unroll export` and `unroll import`: what is taken away works elsewhere. */
import { expect } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jsonLines, unroll, type CliResult } from './cli.js';
import { test as base } from './folder.js';

/** As `npm test` makes them, where nobody names others. */
const python = (name: string): string => resolve('.cache', 'python', name, 'bin', 'python');
process.env.UNROLL_PYTHON ??= python('torch');
process.env.UNROLL_KERAS_PYTHON ??= python('keras');

const test = base.extend<{ run: (...args: string[]) => Promise<CliResult> }>({
  run: async ({ folder }, use) => {
    await use((...args) => unroll(args, { cwd: folder, workspace: join(folder, 'workspace') }));
  },
});

const verified = {
  state: 'passed',
  rows: 32,
  tolerance: 1e-5,
  preprocessing: true,
  generated: null,
};

test('sentiment-bilstm gives the same numbers in every framework, and train.py learns from new weights', async ({
  folder,
  run,
}) => {
  test.setTimeout(400_000);
  expect((await run('train', 'sentiment-bilstm', '--out', 'run')).code).toBe(0);
  for (const target of ['pytorch', 'keras', 'tfjs', 'typescript', 'onnx']) {
    const out = join(folder, target);
    const result = await run('export', 'run', '--to', target, '--out', out, '--verify', '--json');
    expect(result.stderr, target).toBe('');
    expect(jsonLines(result.stdout), target).toEqual([
      {
        type: 'exported',
        target,
        path: out,
        warnings: [],
        files: expect.arrayContaining([
          { path: 'README.md', bytes: expect.any(Number) },
          { path: 'preprocessing.json', bytes: expect.any(Number) },
          { path: 'recorded.safetensors', bytes: expect.any(Number) },
        ]),
        verification: expect.objectContaining(verified),
      },
    ]);
    expect(result.code, target).toBe(0);
  }
  expect((await run('export', 'run', '--to', 'report', '--out', 'report')).code).toBe(0);
  expect(await readFile(join(folder, 'report', 'report.html'), 'utf8')).toContain('<svg');

  const { stdout } = await promisify(execFile)(process.env.UNROLL_PYTHON ?? '', ['train.py'], {
    cwd: join(folder, 'pytorch'),
  });
  const accuracy = Number(/test .*accuracy ([\d.]+)/.exec(stdout)?.[1]);
  expect(accuracy).toBeGreaterThanOrEqual(0.75);
});

test('a language model goes on with the same 50 characters in PyTorch; what is there stays without --force', async ({
  folder,
  run,
}) => {
  test.setTimeout(120_000);
  expect((await run('train', 'next-character', '--epochs', '5', '--out', 'run')).code).toBe(0);
  const first = await run('export', 'run', '--to', 'pytorch', '--out', 'out', '--verify');
  expect(first.stdout).toMatch(
    /^Verified in torch \S+: \d+ recorded rows?, .*; the same generated text\.$/m,
  );
  expect(first.code).toBe(0);

  const again = await run('export', 'run', '--to', 'onnx', '--out', 'out');
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toContain('is not empty');
  expect((await run('export', 'run', '--to', 'onnx', '--out', 'out', '--force')).code).toBe(0);
  expect(await readdir(join(folder, 'out'))).not.toContain('model.py');

  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'own', 'thesis.txt'), 'three years');
  const own = await run('export', 'run', '--to', 'onnx', '--out', 'own', '--force');
  expect(own.code).toBe(2);
  expect(await readdir(join(folder, 'own'))).toEqual(['thesis.txt']);
});

test('an export that gives other numbers ends with 6, one whose framework is missing with 7', async ({
  folder,
  run,
}) => {
  test.setTimeout(120_000);
  expect((await run('train', 'next-character', '--epochs', '1', '--out', 'run')).code).toBe(0);
  // Interpreters that answer for PyTorch: one computes something else, the other has no packages.
  const interpreter = async (name: string, lines: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return path;
  };
  const line =
    '{"passed":false,"rows":3,"largest_difference":0.5,"tolerance":1e-5,"preprocessing":true,"generated":false,"framework":"torch 0"}';
  const wrong = await interpreter('wrong', `echo '${line}'; exit 1`);
  const bare = await interpreter('python3', 'echo "No module named keras." >&2; exit 2');
  await interpreter('python', 'exit 2');

  const environment = { ...process.env };
  try {
    process.env.UNROLL_PYTHON = wrong;
    const failed = await run('export', 'run', '--to', 'pytorch', '--out', 'a', '--verify');
    expect(failed.code).toBe(6);
    expect(failed.stdout).toContain('Verification FAILED in torch 0');
    expect(await readdir(join(folder, 'a'))).toContain('model.py');

    Object.assign(process.env, { UNROLL_KERAS_PYTHON: bare, PATH: folder });
    const missing = await run('export', 'run', '--to', 'keras', '--out', 'b', '--verify');
    expect(missing.code).toBe(7);
    expect(missing.stdout).toContain('Not verified: ');
    expect(missing.stdout).toContain(
      `python3 -m pip install -r ${join(folder, 'b', 'requirements.txt')}`,
    );
  } finally {
    process.env = environment;
  }
});

test('opened elsewhere, a .unroll.zip predicts the same and trains on with the same losses', async ({
  folder,
  run,
}) => {
  test.setTimeout(180_000);
  const rows = Array.from({ length: 120 }, (_, i) =>
    i % 2 === 0 ? `good number ${i % 14} it is,yes` : `a bad one ${i % 11} that was,no`,
  );
  await mkdir(join(folder, 'here'));
  await writeFile(join(folder, 'here', 'rows.csv'), `text,label\n${rows.join('\n')}\n`);
  const example = JSON.parse(
    await readFile(resolve('resources/examples/sentiment-bilstm.unroll.json'), 'utf8'),
  );
  const project = join(folder, 'here', 'mine.unroll.json');
  const source = { kind: 'file', path: 'rows.csv' };
  await writeFile(
    project,
    JSON.stringify({ ...example, id: 'mine', data: { ...example.data, source } }),
  );
  expect((await run('train', project, '--epochs', '2', '--out', 'run')).code).toBe(0);
  const zip = join(folder, 'taken.unroll.zip');
  expect((await run('export', 'run', '--to', 'zip', '--out', zip)).code).toBe(0);

  const elsewhere = join(folder, 'elsewhere');
  const there = (...args: string[]) => unroll(args, { cwd: folder, workspace: elsewhere });
  const [imported] = jsonLines((await there('import', zip, '--json')).stdout);
  expect(imported).toMatchObject({ type: 'imported', runWasThere: false });
  const again = await there('import', zip);
  expect(again.stdout).toContain('(it was there already)');
  expect(await readdir(join(elsewhere, 'projects'))).toHaveLength(1);

  const question = ['--text', 'what a good day it is', '--json'];
  const [ours, theirs] = [
    await run('predict', 'run', ...question),
    await there('predict', String(imported?.['run']), ...question),
  ];
  expect(theirs.code).toBe(0);
  expect(theirs.stdout).toBe(ours.stdout);

  const more = ['--resume', '--epochs', '4'];
  expect((await run('train', project, ...more, '--out', 'run')).code).toBe(0);
  expect((await there('train', String(imported?.['project']), ...more)).code).toBe(0);
  const losses = async (at: string): Promise<unknown[]> =>
    jsonLines(await readFile(join(at, 'log.jsonl'), 'utf8'))
      .filter(({ type }) => type === 'batch' || type === 'epoch')
      .map(({ step, loss, train, validation }) => ({ step, loss, train, validation }));
  const here = await losses(join(folder, 'run'));
  expect(here.at(-1)).toMatchObject({ step: 12, train: { loss: expect.any(Number) } });
  expect(await losses(String(imported?.['folder']))).toEqual(here);
});
