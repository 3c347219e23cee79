/** The built command line, run as a program. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import { deviceReportSchema } from '#shared/ipc/devices';
import { runSummarySchema } from '#shared/run/events';
import { predictionSchema } from '#shared/run/prediction';
import { appRoot, examplesFolder } from '../app-paths.js';
import { temporaryFolder } from '../test-folders.js';

const unroll = join(appRoot, 'bin', 'unroll.js');

beforeAll(() => {
  if (!existsSync(join(appRoot, 'out', 'main', 'cli.js')))
    throw new Error('These tests run the built command line: `npm run build` first.');
});

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function launch(args: string[]) {
  const child = spawn(process.execPath, [unroll, ...args], {
    env: {
      ...process.env,
      UNROLL_WORKSPACE: join(folder, 'workspace'),
      UNROLL_SETTINGS: join(folder, 'settings.json'),
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  const end = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ ...ended, code }));
  });
  /** Resolves when stdout holds the text. */
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (ended.stdout.includes(text)) resolve();
      };
      look();
      child.stdout.on('data', look);
      void end.then(({ stderr }) => reject(new Error(`ended before it said ${text}: ${stderr}`)));
    });
  return { child, end, said, output: () => ended.stdout };
}

const run = (...args: string[]): Promise<Ended> => launch(args).end;

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const example = async (id: string): Promise<ProjectDocument> =>
  parseDocument(await readFile(join(examplesFolder, `${id}.unroll.json`), 'utf8'));

async function projectFile(name: string, content: ProjectDocument | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : serializeDocument(content));
  return path;
}

describe('arguments', () => {
  it('--help ends with 0 and documents every exit code', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const number of [0, 1, 2, 3, 4, 5, 6, 7, 130])
      expect(stdout).toMatch(new RegExp(`^  ${number} +\\S`, 'm'));
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['sing']],
    ['an unknown option', ['train', 'next-character', '--fast']],
    ['a missing project', ['train']],
    ['a number that is none', ['train', 'next-character', '--epochs', '2.5']],
    ['an unknown device', ['train', 'next-character', '--device', 'abacus']],
    ['a seed for a resumed run', ['train', 'next-character', '--resume', '--seed', '1']],
    ['a column that is none', ['runs', '--sort', 'colour']],
    ['two formats', ['runs', '--json', '--csv']],
    ['a run that is not there', ['predict', 'yesterday', '--text', 'a']],
  ])('%s ends with 2 and nothing on stdout', async (_, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('check', () => {
  it('ends with 0 on an example', async () => {
    expect(await run('check', 'next-character', '--device', 'wasm')).toMatchObject({
      code: 0,
      stdout: '"Next character": no problems.\n',
    });
  });

  it('names the blocks that a device has no fused kernel for', async () => {
    const file = await projectFile('gru.unroll.json', await example('weather-forecast'));
    const plain = await run('check', file, '--device', 'wasm');
    expect(plain).toMatchObject({ code: 0, stdout: expect.not.stringContaining('note:') });
    const { code, stdout } = await run('check', file, '--device', 'tensorflow');
    expect(code).toBe(0);
    expect(stdout).toContain('note: GRU: Runs step by step on tensorflow: its fused kernel');
  });

  it.each([
    ['missing.unroll.json', null, /missing\.unroll\.json" is neither a file nor an example/],
    ['latin1.unroll.json', Buffer.from('{"name":"caf\xe9"}', 'latin1'), /latin1.*not valid UTF-8/],
  ])('%s ends with 3 and the file’s name', async (name, content, message) => {
    if (content !== null) await writeFile(join(folder, name), content);
    const { code, stderr } = await run('check', join(folder, name));
    expect(code).toBe(3);
    expect(stderr).toMatch(message);
  });

  it('names the block of a graph problem, and the cell of a data problem', async () => {
    const document = await example('weather-forecast');
    const [first] = document.graph.nodes;
    const edges = document.graph.edges.filter(({ source }) => source.node !== first?.id);
    const cut = await projectFile('cut.unroll.json', {
      ...document,
      graph: { ...document.graph, edges },
    });
    const graph = await run('check', cut);
    expect(graph.code).toBe(3);
    expect(graph.stdout).toMatch(/^error: GRU: .+\[missing-input\]$/m);

    if (document.data.task !== 'forecast') throw new Error('the example changed');
    await writeFile(join(folder, 'own.csv'), 'a\n1\n2\nthree\n');
    const data = await projectFile('data.unroll.json', {
      ...document,
      data: {
        ...document.data,
        source: { kind: 'file', path: 'own.csv' },
        timeColumn: null,
        inputColumns: ['a'],
        targetColumns: ['a'],
        window: 1,
      },
    });
    const cell = await run('check', data, '--json');
    expect(cell.code).toBe(3);
    expect(lines(cell.stdout)).toContainEqual({
      type: 'data-error',
      error: expect.objectContaining({
        code: 'non-numeric-cell',
        place: { file: join(folder, 'own.csv'), line: 4, column: 'a' },
      }),
    });
    // Training such a project fails in the same way, before a run is made.
    const trained = await run('train', data, '--json');
    expect(trained.code).toBe(3);
    expect(lines(trained.stdout)).toEqual([
      { type: 'failed', error: expect.objectContaining({ code: 'non-numeric-cell' }) },
    ]);
    expect(existsSync(join(folder, 'workspace', 'runs'))).toBe(false);
  });
});

describe('devices', () => {
  it('--json is one device a line, best first, one of them chosen', async () => {
    const { code, stdout } = await run('devices', '--json');
    expect(code).toBe(0);
    const devices = lines(stdout).map((line) => deviceReportSchema.parse(line));
    expect(devices.filter(({ chosen }) => chosen)).toHaveLength(1);
    expect(devices.map(({ id }) => id)).toEqual([
      ...['tensorflow-gpu', 'webgpu', 'wasm', 'tensorflow', 'cpu'],
    ]);
    for (const { reason } of devices) expect(reason).not.toBe('');
    // One that this machine lacks can't be trained on; a machine that has all of them tests nothing here.
    const missing = devices.find(({ available }) => !available);
    if (missing === undefined) return;
    const trained = await run('train', 'next-character', '--device', missing.id, '--json');
    expect(trained.code).toBe(5);
    expect(lines(trained.stdout)).toEqual([
      { type: 'failed', error: expect.objectContaining({ code: 'device-unavailable' }) },
    ]);
    expect(trained.stderr).toContain(missing.reason);
    expect(trained.stderr).toContain('wasm');
  });

  it('a reader that stops early is no error', async () => {
    const { child, end } = launch(['devices', '--json']);
    child.stdout.destroy();
    const { stderr } = await end;
    expect(stderr).not.toMatch(/EPIPE/);
  });
});

describe('train and predict', () => {
  it('next-character learns "hello" in under a minute: events as lines, done last, and "hell" gives "o"', async () => {
    const out = join(folder, 'out');
    const { code, stdout } = await run('train', 'next-character', '--out', out, '--json');
    expect(code).toBe(0);
    const events = lines(stdout);
    const done = events.at(-1) ?? {};
    expect(done).toMatchObject({ type: 'done', folder: out, reason: 'completed' });
    const summary = runSummarySchema.parse(done);
    expect(summary.train.loss).toBeLessThan(0.1);
    expect(summary.seconds).toBeLessThan(60);
    expect(summary.parameters).toBe(550);
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(summary.epochs);

    const predicted = await run('predict', out, '--text', 'hell', '--json');
    expect(predicted.code).toBe(0);
    const [answer] = lines(predicted.stdout).map((line) => predictionSchema.parse(line));
    if (answer?.kind !== 'next-token') throw new Error('not a next-token prediction');
    expect(answer.next[0]?.label).toBe('o');
    expect((await run('predict', out, '--text', 'h', '--length', '4')).stdout).toBe('hello\n');
    expect((await run('predict', out, '--series', 'a.csv')).code).toBe(2);

    const again = await run('train', 'next-character', '--out', out);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('is not empty');
    expect(again.stderr).toContain('--resume');
  });

  it('without --json the scores are on stdout and everything else on stderr', async () => {
    const { code, stdout, stderr } = await run('train', 'next-character', '--epochs', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +loss +accuracy +perplexity\ntrain +\d/);
    expect(stderr).toMatch(/^epoch 2 /m);
    const [id = ''] = await readdir(join(folder, 'workspace', 'runs'));
    expect(stdout).toContain(id);
    expect((await run('predict', id, '--text', 'hel')).code).toBe(0);
  });

  it('Ctrl-C ends with 130 and a checkpoint; --resume goes on; kill -9 leaves no engine (Linux)', async () => {
    const training = launch(['train', 'char-language-model', '--json']);
    await training.said('"type":"batch"');
    training.child.kill('SIGINT');
    const { code, stdout } = await training.end;
    expect(code).toBe(130);
    const done = lines(stdout).at(-1) ?? {};
    expect(done).toMatchObject({ type: 'done', reason: 'stopped' });
    const { step } = runSummarySchema.parse(done);

    const resumed = launch(['train', 'char-language-model', '--resume', '--json']);
    await resumed.said('"type":"batch"');
    // Killed this time: its engine must end by itself, and the run can still be resumed.
    const children = process.platform === 'linux' ? await childrenOf(resumed.child.pid) : [];
    if (process.platform === 'linux') expect(children).toHaveLength(1);
    resumed.child.kill('SIGKILL');
    const events = lines((await resumed.end).stdout.replace(/[^\n]*$/, ''));
    expect(events.find(({ type }) => type === 'started')).toMatchObject({ fromStep: step });
    expect(events.find(({ type }) => type === 'batch')).toMatchObject({ step: step + 1 });
    for (const engine of children)
      await expect.poll(() => existsSync(`/proc/${engine}`), { timeout: 5000 }).toBe(false);
    const again = launch(['train', 'char-language-model', '--resume', '--json']);
    await again.said('"type":"batch"');
  });

  const childrenOf = async (pid: number | undefined): Promise<string[]> =>
    (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');

  it('--resume without a run, and of another project’s run, end with 2', async () => {
    const none = await run('train', 'next-character', '--resume');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('no run of "Next character"');
    const out = join(folder, 'out');
    await run('train', 'next-character', '--epochs', '1', '--out', out);
    expect((await run('train', 'char-language-model', '--resume', '--out', out)).code).toBe(2);
    const empty = join(folder, 'empty');
    await mkdir(empty);
    expect((await run('train', 'next-character', '--resume', '--out', empty)).code).toBe(2);
  });
});

describe('runs', () => {
  it('lists the runs of the workspace or a project: sorted, filtered, as table, lines or CSV', async () => {
    const none = await run('runs');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('--workspace');

    for (const [seed, epochs] of [
      ['1', '1'],
      ['2', '9'],
    ] as const)
      await run('train', 'next-character', '--epochs', epochs, '--seed', seed);
    const listed = lines((await run('runs', '--json')).stdout);
    expect(listed.map(({ seed }) => seed)).toEqual([2, 1]);
    const [nine, one] = listed.map(({ folder }) => String(folder));
    const file = join(nine ?? '', 'run.json');
    const record = JSON.parse(await readFile(file, 'utf8'));
    const annotated = { ...record, tags: ['long', 'kept'], note: 'Line one,\nline two' };
    await writeFile(file, JSON.stringify(annotated));

    const seeds = async (...args: string[]) =>
      lines((await run('runs', ...args, '--json')).stdout).map(({ seed }) => seed);
    expect(await seeds('next-character', '--sort', 'epochs')).toEqual([1, 2]);
    expect(await seeds('Next Character', '--sort', 'epochs', '--reverse')).toEqual([2, 1]);
    expect(await seeds('--tag', 'long', '--tag', 'kept')).toEqual([2]);
    expect(await seeds('--filter', 'completed LINE')).toEqual([2]);

    const table = (await run('runs')).stdout.split('\n');
    expect(table[0]).toMatch(/^RUN +PROJECT +STATE +CREATED +EPOCHS +LOSS/);
    expect(table[1]).toMatch(
      /^[\d-]+-[0-9a-f]{4} +Next character +Completed .*Line one, line two$/,
    );
    expect(nine).toContain(table[1]?.split(' ')[0]);
    expect(one).toContain(table[2]?.split(' ')[0]);
    expect((await run('runs', '--csv')).stdout).toContain('\r\n');
    expect((await run('runs', '--csv')).stdout).toContain(',"Line one,\nline two"\r\n');

    const unknown = await run('runs', '--tag', 'short');
    expect(unknown).toMatchObject({ code: 0, stdout: '' });
    expect(unknown.stderr).toMatch(/No run has the tag "short"; tags: (long, kept|kept, long)\./);
    // Older records leave out a seed that is the document's.
    await writeFile(file, JSON.stringify({ ...annotated, seed: null }));
    const { training } = await example('next-character');
    expect(await seeds('--tag', 'long')).toEqual([training.seed]);
    const project = await run('runs', 'spam');
    expect(project).toMatchObject({ code: 2, stdout: '' });
    expect(project.stderr).toContain('There are runs of Next character.');
  });
});

describe('predict from a series', () => {
  it('names the column and cell that are wrong, and forecasts from a good file', async () => {
    const out = join(folder, 'out');
    const document = await example('weather-forecast');
    if (document.data.task !== 'forecast') throw new Error('the example changed');
    const { inputColumns, window, targetColumns, horizon } = document.data;
    const project = await projectFile('w.unroll.json', document);
    expect((await run('train', project, '--epochs', '1', '--out', out)).code).toBe(0);
    const file = join(folder, 'series.csv');
    const rows = Array.from({ length: window }, (_, i) => inputColumns.map((_, c) => `${i + c}`));
    const write = (table: string[][]) =>
      writeFile(file, table.map((row) => row.join(',')).join('\n'));

    await write([inputColumns, ...rows]);
    const good = await run('predict', out, '--series', file, '--json');
    expect(good.code).toBe(0);
    const [prediction] = lines(good.stdout);
    expect(prediction).toMatchObject({ kind: 'forecast', targets: targetColumns });
    expect(prediction?.['values']).toHaveLength(horizon);

    await write([inputColumns, ...rows.slice(1), rows[0]?.map(() => 'warm') ?? []]);
    const wrong = await run('predict', out, '--series', file);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toContain(`series.csv:${window + 1}, column "${inputColumns[0]}"`);
    await write([['day'], ...rows.map(([first = '']) => [first])]);
    expect((await run('predict', out, '--series', file)).stderr).toContain('no column');
  });
});

it('serve prints its address, ends with SIGTERM, and names a port that is in use', async () => {
  if (!existsSync(join(appRoot, 'out', 'renderer', 'index.html')))
    throw new Error('This test serves the built window: `npm run build` first.');
  const { child, end, said, output } = launch(['serve', '--port', '0']);
  await said('/?token=');
  const port = /:(\d+)\//.exec(output())?.[1] ?? '';
  const { code, stderr } = await run('serve', '--port', port);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Port \d+ on 127\.0\.0\.1 is in use/);
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
});
