import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord, RunEvent } from '#shared/run/events';
import type { Fallback } from '#shared/run/fallbacks';
import { sampleRun } from '#shared/run/samples';
import { sampleDocument } from '#shared/graph/samples';
import { testHost, type TestHost } from '../testing.js';
import { createRunsStore, fallbackFound } from './runs.js';

const batch = (step: number): BatchRecord => ({
  type: 'batch',
  step,
  epoch: 1,
  batch: step,
  batches: 100,
  loss: 1 / step,
  accuracy: null,
  meanAbsoluteError: null,
  gradientNorm: 1,
  learningRate: 0.001,
  examplesPerSecond: 10,
  tokensPerSecond: 100,
  elapsed: step,
  remaining: null,
});
const started = (fromStep: number, fallbacks: Fallback[] = []): RunEvent => ({
  type: 'started',
  device: 'cpu',
  deviceName: 'CPU',
  deviceReason: 'the only one',
  parameters: 10,
  seed: 1,
  epochs: 3,
  batchesPerEpoch: 100,
  fromStep,
  fallbacks,
});
const entry = (id: string, created: string, state: RunEntry['state']): RunEntry =>
  sampleRun({ id, created, state });
const preparing = { phase: 'preparing', step: 'data', checkpointStep: null } as const;
const run = entry('run-1', '2026-01-02T00:00:00Z', preparing);

let host: TestHost | null = null;
afterEach(() => host?.connection.close());

async function open(handlers: Parameters<typeof testHost>[0]) {
  host = testHost({ 'runs.list': () => [], ...handlers });
  const store = createRunsStore(host.connection);
  host.connection.start();
  await vi.waitFor(() => expect(host?.connection.status().phase).toBe('open'), { timeout: 15_000 });
  const send = (runId: string, event: RunEvent): void =>
    host?.server().emit('run.event', { runId, event });
  return { store, send };
}

describe('runs', () => {
  it('shows curves and state of a run as its events come in, in one update per frame', async () => {
    const { store, send } = await open({ 'runs.start': () => run });
    await store.getState().start({ projectPath: '/p', document: sampleDocument });
    expect(store.getState()).toMatchObject({ activeRunId: 'run-1', selectedRunId: 'run-1' });
    let updates = 0;
    store.subscribe(() => (updates += 1));
    send('run-1', started(0));
    for (let step = 1; step <= 50; step += 1) send('run-1', batch(step));
    await vi.waitFor(() => expect(store.getState().curves['run-1']?.batches).toHaveLength(50), {
      timeout: 15_000,
    });
    expect(updates).toBeLessThanOrEqual(3);
    expect(store.getState().runs[0]?.state).toMatchObject({
      phase: 'training',
      lastBatch: { step: 50 },
    });
  });

  it('fills in the batches that the wire left out as soon as the run is done', async () => {
    const { store, send } = await open({
      'runs.start': () => run,
      'runs.log': () => ({ events: [1, 2, 3, 4, 5, 6].map(batch), next: null }),
    });
    await store.getState().start({ projectPath: '/p', document: sampleDocument });
    send('run-1', started(0));
    for (const step of [1, 4, 6]) send('run-1', batch(step));
    await vi.waitFor(() => expect(store.getState().curves['run-1']?.batches).toHaveLength(3), {
      timeout: 15_000,
    });
    send('run-1', { type: 'paused', step: 6 });
    await vi.waitFor(() => expect(store.getState().curves['run-1']?.batches).toHaveLength(6), {
      timeout: 15_000,
    });
    expect(store.getState().runs[0]?.state.phase).toBe('paused');
  });

  it('keeps live events that come while the log is read, without doubles', async () => {
    const answer = { deliver: (): void => {} };
    const { store, send } = await open({
      'runs.list': () => [run],
      'runs.log': () =>
        new Promise((resolve) => {
          answer.deliver = () => resolve({ events: [1, 2, 3].map(batch), next: null });
        }),
    });
    const loaded = store.getState().loadLog('run-1');
    send('run-1', batch(3));
    send('run-1', batch(4));
    await vi.waitFor(() => expect(store.getState().curves['run-1']?.batches).toHaveLength(2), {
      timeout: 15_000,
    });
    answer.deliver();
    await loaded;
    expect(store.getState().curves['run-1']).toMatchObject({ complete: true });
    expect(store.getState().curves['run-1']?.batches.map((b) => b.step)).toEqual([1, 2, 3, 4]);
  });

  it('drops the steps after the checkpoint when a run is resumed', async () => {
    const { store, send } = await open({
      'runs.list': () => [run],
      'runs.log': () => ({ events: [1, 2, 3, 4, 5].map(batch), next: null }),
      'runs.resume': () => run,
    });
    await store.getState().resume('run-1');
    send('run-1', started(3));
    send('run-1', batch(4));
    await vi.waitFor(
      () =>
        expect(store.getState().curves['run-1']?.batches.map((b) => b.step)).toEqual([1, 2, 3, 4]),
      { timeout: 15_000 },
    );
  });

  it('knows what the device found out about a block while the project trains', async () => {
    const { store, send } = await open({ 'runs.start': () => run });
    await store.getState().start({ projectPath: '/p', document: sampleDocument });
    const found = (project: string, node: string) => fallbackFound(store.getState(), project, node);
    expect(found(run.projectId, 'lstm')).toBeNull();
    send('run-1', started(0, [{ node: 'lstm', reason: 'Runs step by step.' }]));
    await vi.waitFor(() => expect(found(run.projectId, 'lstm')).toBe('Runs step by step.'), {
      timeout: 15_000,
    });
    expect(found(run.projectId, 'dense')).toBeNull();
    expect(found('another', 'lstm')).toBeNull();
    send('run-1', { type: 'failed', error: { code: 'x', message: 'x', hint: '', place: {} } });
    await vi.waitFor(() => expect(found(run.projectId, 'lstm')).toBeNull(), { timeout: 15_000 });
  });

  it('lists newest first and forgets a deleted run', async () => {
    const older = entry('run-0', '2026-01-01T00:00:00Z', { phase: 'idle' });
    const { store } = await open({ 'runs.list': () => [older, run], 'runs.delete': () => ({}) });
    await vi.waitFor(() => expect(store.getState().runs).toHaveLength(2), { timeout: 15_000 });
    expect(store.getState().runs.map(({ id }) => id)).toEqual(['run-1', 'run-0']);
    store.getState().select('run-1');
    await store.getState().remove('run-1');
    expect(store.getState()).toMatchObject({
      runs: [older],
      selectedRunId: null,
      activeRunId: null,
    });
  });
});
