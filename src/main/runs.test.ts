import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sampleDocument } from '#shared/graph/samples';
import type { RunEntry } from '#shared/ipc/studio';
import type { RunEvent } from '#shared/run/events';
import { readPages } from '#shared/run/records';
import { appRoot } from './app-paths.js';
import { forkEngine } from './engine-process.js';
import { createEngineSupervisor, type EngineSupervisor } from './engine-supervisor.js';
import { createRunQueue } from './run-queue.js';
import { createRuns, type Runs } from './runs.js';
import { newestCheckpoint, readRecord, writeRecord } from './run-record.js';
import { temporaryFolder } from './test-folders.js';

let folder: string;
let engine: EngineSupervisor;
let runs: Runs;
let events: RunEvent[];
let changes: RunEntry[];
let deleted: string[];

beforeEach(async () => {
  folder = await temporaryFolder(onTestFinished);
  engine = createEngineSupervisor({
    path: join(appRoot, 'tests', 'support', 'stub-engine.mjs'),
    spawn: forkEngine,
    backOff: [10, 10],
  });
  onTestFinished(() => engine.dispose());
  [events, changes, deleted] = [[], [], []];
  runs = newRuns();
});

const newRuns = (): Runs => {
  const queue = createRunQueue(
    () => made,
    () => {},
  );
  const made = createRuns({
    runsFolder: join(folder, 'runs'),
    trashFolder: join(folder, 'trash'),
    engine,
    log: () => {},
    listener: {
      event: (_, event) => events.push(event),
      changed: (entry) => changes.push(entry),
      deleted: (id) => deleted.push(id),
      ended: (entry) => queue.ended(entry),
    },
  });
  return made;
};

const request = (name: string, tags: string[] = []) => ({
  document: { ...sampleDocument, name },
  baseFolder: null,
  device: 'auto' as const,
  seed: null,
  epochs: null,
  tags,
});

const start = (name: string, more: { folder?: string } = {}): Promise<RunEntry> =>
  runs.start({ ...request(name), ...more });

/** What the engine keeps beside a checkpoint's weights, as far as main reads it: one epoch is done. */
const writeCheckpointState = (at: string, step: number): Promise<void> =>
  writeFile(
    join(at, 'checkpoints', String(step), 'state.json'),
    JSON.stringify({ state: { epoch: 2, batch: 0, batchSize: 32, examples: 96 } }),
  );

const phases = (): string[] => changes.map(({ state }) => state.phase);
const ended = (phase: 'done' | 'failed'): Promise<void> =>
  vi.waitFor(() => expect(phases().at(-1)).toBe(phase), { timeout: 15_000 });

describe('a run', () => {
  it('goes through its phases, is kept, and is found again after a restart', async () => {
    const { id } = await start('ends');
    await ended('done');
    expect(phases()).toEqual(['preparing', 'training', 'done']);
    await runs.close(0);
    const [entry] = await newRuns().list(sampleDocument.id);
    expect(entry).toMatchObject({ id, projectName: 'ends', state: { phase: 'done' } });
    expect(await newRuns().list('another project')).toEqual([]);
    const again = newRuns();
    const { batches } = await readPages((from) => again.log(id, from));
    expect(batches.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect((await newRuns().document(id)).name).toBe('ends');
  });

  it('a second one is refused with the name of the first while that trains', async () => {
    const [first, second] = await Promise.allSettled([start('hangs'), start('ends')]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'engine-busy' } });
    await expect(start('ends')).rejects.toMatchObject({
      code: 'engine-busy',
      message: expect.stringContaining('"hangs"'),
    });
    expect(await readdir(join(folder, 'runs'))).toHaveLength(1);
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
    await runs.close(15_000);
    expect(changes.at(-1)?.state).toMatchObject({ phase: 'done', summary: { reason: 'stopped' } });
  });

  it('whose engine is killed fails with engine-died, and resumes from its checkpoint', async () => {
    const { id } = await start('dies');
    await ended('failed');
    expect(changes.at(-1)?.state).toMatchObject({
      phase: 'failed',
      error: { code: 'engine-died', hint: 'Resume it from its checkpoint at step 1.' },
      checkpointStep: 1,
    });
    await expect(runs.stop(id)).rejects.toMatchObject({ code: 'run-not-active' });
    changes = [];
    await runs.resume(id);
    await ended('done');
    expect(events.find((event) => event.type === 'started' && event.fromStep === 1)).toBeDefined();
    // Step 2 was trained twice; the log shows the run as one.
    const { batches } = await readPages((from) => runs.log(id, from));
    expect(batches.map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('is not deleted while it trains; afterwards it lies in the trash', async () => {
    const { id } = await start('hangs');
    await expect(runs.delete(id)).rejects.toMatchObject({ code: 'run-active' });
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
    await runs.stop(id);
    await ended('done');
    await runs.close(0);
    await runs.delete(id);
    expect(deleted).toEqual([id]);
    expect(await runs.list(null)).toEqual([]);
    const [trashed = ''] = await readdir(join(folder, 'trash'));
    expect(trashed).toContain(id);
    expect(await readdir(join(folder, 'trash', trashed))).toContain('log.jsonl');
  });

  it('that ended keeps going for more epochs; one that trains or has no checkpoint does not', async () => {
    const { id, folder: at } = await start('ends');
    await expect(runs.keepGoing(id, 5)).rejects.toMatchObject({ code: 'engine-busy' });
    await ended('done');
    changes = [];
    expect(await runs.keepGoing(id, 5)).toMatchObject({ id, epochs: 6 });
    await ended('done');
    expect(phases()).toEqual(['preparing', 'training', 'done']);
    await runs.close(0);
    expect(await readRecord(at)).toMatchObject({ epochs: 6, state: { phase: 'done' } });
    expect((await readPages((from) => runs.log(id, from))).batches.map(({ step }) => step)).toEqual(
      [1, 2, 3],
    );

    await rm(join(at, 'checkpoints'), { recursive: true });
    await expect(runs.keepGoing(id, 5)).rejects.toMatchObject({
      code: 'no-checkpoint',
      hint: expect.stringContaining('were deleted'),
    });
    expect((await runs.list(null))[0]).toMatchObject({ epochs: 6, state: { phase: 'done' } });
    changes = [];
    const [first] = await runs.startSeries([request('hangs'), request('ends')]);
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
    await runs.stop(first?.id ?? '');
    await ended('done');
    const idle = (await runs.list(null)).find(({ state }) => state.phase === 'idle');
    await expect(runs.keepGoing(idle?.id ?? '', 5)).rejects.toMatchObject({
      code: 'run-not-ended',
    });
  });

  it('that ended branches into a run of its own; its folder stays as it is', async () => {
    const { id, folder: at } = await start('ends');
    await ended('done');
    await runs.close(0);
    await writeCheckpointState(at, 3);
    const before = await readFile(join(at, 'run.json'), 'utf8');
    changes = [];
    const { training } = await runs.document(id);
    const wanted = { ...training, epochs: 9, seed: 7, clip: { norm: 5, value: null } };
    const entry = await runs.branch(id, wanted);
    await ended('done');
    expect(entry).toMatchObject({
      tags: ['branch'],
      parent: { runId: id, step: 3, epoch: 1, training },
    });
    expect(phases()).toEqual(['idle', 'preparing', 'training', 'done']);
    expect((await runs.document(entry.id)).training).toEqual({ ...wanted, seed: training.seed });
    expect(await readFile(join(at, 'run.json'), 'utf8')).toBe(before);
    expect(await readdir(join(at, 'checkpoints'))).toEqual(['1', '3']);

    await expect(runs.branch(id, { ...wanted, epochs: 1 })).rejects.toMatchObject({
      code: 'no-epoch-left',
    });
    await rm(join(at, 'checkpoints', '3', 'state.json'));
    await expect(runs.branch(id, wanted)).rejects.toMatchObject({ code: 'no-checkpoint' });
    expect(await runs.list(null)).toHaveLength(2);
  });

  it('of a studio that knew no branches is read as one without a parent', async () => {
    const { id, folder: at } = await start('ends');
    await ended('done');
    await runs.close(0);
    const path = join(at, 'run.json');
    const record: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
    delete record.parent;
    await writeFile(path, JSON.stringify(record));
    expect(await newRuns().list(null)).toMatchObject([{ id, parent: null }]);
  });

  it('that is paused is stopped for its branch, and can be resumed; one that trains has none', async () => {
    const { id, folder: at } = await start('hangs');
    const { training } = await runs.document(id);
    await expect(runs.branch(id, training)).rejects.toMatchObject({ code: 'engine-busy' });
    await vi.waitFor(() => expect(events.some(({ type }) => type === 'batch')).toBe(true), {
      timeout: 15_000,
    });
    await runs.pause(id);
    await vi.waitFor(() => expect(phases()).toContain('paused'), { timeout: 15_000 });
    await writeCheckpointState(at, (await newestCheckpoint(at)) ?? 0);
    const entry = await runs.branch(id, { ...training, epochs: 9 });
    const parent = (await runs.list(null)).find((run) => run.id === id);
    expect(parent?.state).toMatchObject({ phase: 'done', summary: { reason: 'stopped' } });
    await vi.waitFor(() => expect(phases().at(-1)).toBe('training'), { timeout: 15_000 });
    await runs.stop(entry.id);
    await ended('done');
    changes = [];
    await runs.resume(id);
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
  });

  it('in a folder of its own refuses one that holds something', async () => {
    const out = join(folder, 'out');
    await mkdir(out);
    await writeFile(join(out, 'thesis.tex'), 'irreplaceable');
    await expect(start('ends', { folder: out })).rejects.toMatchObject({
      code: 'run-folder-exists',
    });
    expect(await readdir(out)).toEqual(['thesis.tex']);
  });

  it.each(['../../etc', 'a/b', '', '.'])('has no id like %j', async (id) => {
    await expect(runs.delete(id)).rejects.toMatchObject({ code: 'run-not-found' });
    await expect((async () => runs.log(id, 0))()).rejects.toMatchObject({ code: 'run-not-found' });
  });
});

describe('runs of a series', () => {
  it('train one after the other, with documents, tags and a name of the series of their own', async () => {
    const entries = await runs.startSeries([request('one', ['LSTM']), request('two', ['GRU'])]);
    expect(entries.map(({ state }) => state.phase)).toEqual(['preparing', 'idle']);
    expect(new Set(entries.map(({ series }) => series)).size).toBe(1);
    await vi.waitFor(
      async () =>
        expect((await runs.list(null)).map(({ state }) => state.phase)).toEqual(['done', 'done']),
      { timeout: 15_000 },
    );
    const listed = await newRuns().list(null);
    expect(listed.map(({ projectName, tags }) => [projectName, tags])).toEqual([
      ['two', ['GRU']],
      ['one', ['LSTM']],
    ]);
    for (const { id, projectName } of listed)
      expect((await runs.document(id)).name).toBe(projectName);
  });

  it('wait behind a run that trains already, and after a stopped one until a person begins them', async () => {
    const { id } = await start('hangs');
    const [waiting] = await runs.startSeries([request('ends')]);
    expect(waiting?.state.phase).toBe('idle');
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
    await runs.stop(id);
    await ended('done');
    await runs.close(0);
    const later = newRuns();
    expect((await later.list(null))[0]?.state.phase).toBe('idle');
    await later.begin(waiting?.id ?? '');
    await vi.waitFor(async () => expect((await later.list(null))[0]?.state.phase).toBe('done'), {
      timeout: 15_000,
    });
    await expect(later.begin(id)).rejects.toMatchObject({ code: 'run-not-waiting' });
  });
});

describe('what a person writes on a run', () => {
  it('stays on one that trains and on one that ended, whatever else is written', async () => {
    const { id } = await start('hangs');
    await vi.waitFor(() => expect(phases()).toContain('training'), { timeout: 15_000 });
    await runs.annotate(id, { tags: ['baseline'] });
    await runs.stop(id);
    await ended('done');
    await Promise.all([runs.annotate(id, { note: 'one' }), runs.annotate(id, { tags: ['best'] })]);
    const [entry] = await newRuns().list(null);
    expect(entry).toMatchObject({ tags: ['best'], note: 'one', state: { phase: 'done' } });
    expect(changes.at(-1)).toMatchObject({ tags: ['best'], note: 'one' });
  });
});

describe('a deleted run', () => {
  it('comes back from the trash as it was, once', async () => {
    const { id, folder: at } = await start('ends');
    await ended('done');
    await runs.annotate(id, { note: 'keep me' });
    await runs.delete(id);
    const [trashed] = await runs.trash();
    expect(trashed).toMatchObject({ run: { id, note: 'keep me' } });
    expect(trashed?.bytes).toBeGreaterThan(100);
    expect(await runs.restore(id)).toMatchObject({ id, folder: at, note: 'keep me' });
    expect((await runs.list(null)).map((entry) => entry.id)).toEqual([id]);
    await expect(runs.restore(id)).rejects.toMatchObject({ code: 'run-not-in-trash' });
  });

  it('is deleted for good alone', async () => {
    const ids: string[] = [];
    for (const name of ['ends', 'ends']) {
      changes = [];
      ids.push((await start(name)).id);
      await ended('done');
    }
    await runs.close(0);
    for (const id of ids) await runs.delete(id);
    // Both may have been deleted in the same millisecond.
    const newer = (await runs.trash()).find(({ run }) => run.id === ids[1]);
    await runs.deleteForGood(newer?.run.id ?? '', newer?.deleted ?? '');
    expect((await runs.trash()).map(({ run }) => run.id)).toEqual([ids[0]]);
    await expect(runs.deleteForGood(ids[1] ?? '', newer?.deleted ?? '')).rejects.toMatchObject({
      code: 'run-not-in-trash',
    });
  });

  it('is gone when the trash was emptied; what else lies there stays', async () => {
    const { id } = await start('ends');
    await ended('done');
    await runs.close(0);
    await runs.delete(id);
    await mkdir(join(folder, 'trash', 'export--20260101-000000-000'));
    await runs.emptyTrash();
    expect(await runs.trash()).toEqual([]);
    expect(await readdir(join(folder, 'trash'))).toEqual(['export--20260101-000000-000']);
  });
});

describe('a run whose studio ended', () => {
  async function leftBehind(owner: { pid: number; host: string }): Promise<string> {
    const { id, folder: at } = await start('ends');
    await ended('done');
    await runs.close(0);
    const record = await readRecord(at);
    const state = { phase: 'preparing' as const, step: 'data' as const, checkpointStep: null };
    await writeRecord(at, { ...record, owner, state });
    return id;
  }

  async function endedProcess(): Promise<number> {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  it('is failed as interrupted, with its newest checkpoint, and can be resumed', async () => {
    const id = await leftBehind({ pid: await endedProcess(), host: hostname() });
    const [entry] = await newRuns().list(null);
    expect(entry?.state).toMatchObject({
      phase: 'failed',
      error: { code: 'interrupted' },
      checkpointStep: 3,
    });
    changes = [];
    await runs.resume(id);
    await ended('done');
  });

  it('is left alone while another studio trains it, until that one stops beating', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    onTestFinished(() => void other.kill('SIGKILL'));
    const id = await leftBehind({ pid: other.pid ?? 0, host: hostname() });
    expect((await newRuns().list(null))[0]?.state.phase).toBe('preparing');
    await expect(newRuns().resume(id)).rejects.toMatchObject({ code: 'run-active' });
    await expect(newRuns().delete(id)).rejects.toMatchObject({ code: 'run-active' });
    const old = new Date(Date.now() - 120_000);
    await utimes(join(folder, 'runs', id, 'run.json'), old, old);
    expect((await newRuns().list(null))[0]?.state.phase).toBe('failed');
  });

  it('without a checkpoint is not resumed', async () => {
    const { id, folder: at } = await start('ends');
    await ended('done');
    await runs.close(0);
    await rm(join(at, 'checkpoints'), { recursive: true });
    await expect(runs.resume(id)).rejects.toMatchObject({ code: 'no-checkpoint' });
  });
});

it('a torn last line of the log, and one torn in the middle by a crash, are left out', async () => {
  const { id, folder: at } = await start('ends');
  await ended('done');
  const log = join(at, 'log.jsonl');
  const lines = (await readFile(log, 'utf8')).split('\n');
  const batch = lines.find((line) => line.includes('"batch"')) ?? '';
  await appendFile(log, `${batch.slice(0, 30)}\n${batch.replace('"step":1', '"step":4')}\n`);
  await appendFile(log, batch.slice(0, 50));
  const { batches } = await readPages((from) => runs.log(id, from));
  expect(batches.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
});

it('a long log is read piece by piece, without a line lost between two pieces', async () => {
  const { id, folder: at } = await start('ends');
  await ended('done');
  const log = join(at, 'log.jsonl');
  const batch = (await readFile(log, 'utf8')).split('\n').find((line) => line.includes('"batch"'));
  const steps = Array.from({ length: 5000 }, (_, index) => index + 4);
  const lines = steps.map((step) => (batch ?? '').replace('"step":1', `"step":${step}`));
  await appendFile(log, `${lines.join('\n')}\n`);
  const pieces: number[] = [];
  const { batches } = await readPages((from) => {
    pieces.push(from);
    return runs.log(id, from);
  });
  expect(pieces.length).toBeGreaterThan(3);
  expect(batches.map(({ step }) => step)).toEqual([1, 2, 3, ...steps]);
});

it('a folder that is no run, and a damaged run, do not hide the others', async () => {
  const { id } = await start('ends');
  await ended('done');
  await mkdir(join(folder, 'runs', 'mine'));
  await mkdir(join(folder, 'runs', 'damaged'));
  await writeFile(join(folder, 'runs', 'damaged', 'run.json'), '{"format":"unr');
  expect((await runs.list(null)).map((entry) => entry.id)).toEqual([id]);
});
