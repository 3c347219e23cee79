import { afterEach, describe, expect, it, vi } from 'vitest';
import { testHost, type TestHost } from './testing.js';

const device = {
  id: 'cpu' as const,
  name: 'CPU',
  available: true,
  chosen: true,
  reason: 'the only one',
  software: false,
};
let host: TestHost | null = null;
afterEach(() => {
  host?.connection.close();
  host = null;
});

describe('the connection to main', () => {
  it('answers requests that were made before it was open', async () => {
    host = testHost({ 'app.devices': () => [device] });
    const answer = host.connection.request('app.devices', {});
    host.connection.start();
    expect(await answer).toEqual([device]);
    expect(host.connection.status()).toEqual({ phase: 'open' });
  });

  it('rejects requests in flight with peer-closed when the host goes away', async () => {
    host = testHost({ 'app.devices': () => new Promise(() => {}) });
    host.connection.start();
    const answer = host.connection.request('app.devices', {});
    await vi.waitFor(() => expect(host?.connection.status().phase).toBe('open'), {
      timeout: 15_000,
    });
    host.setDown(true);
    host.server().close();
    await expect(answer).rejects.toMatchObject({ code: 'peer-closed' });
    await expect(host.connection.request('app.devices', {})).rejects.toMatchObject({
      code: 'not-connected',
    });
    expect(host.connection.status()).toMatchObject({ phase: 'away' });
  });

  it('reconnects by itself, and listeners hear the new host', async () => {
    host = testHost({ 'app.devices': () => [device] });
    const heard: string[] = [];
    host.connection.listen('run.deleted', ({ runId }) => heard.push(runId));
    host.connection.start();
    await vi.waitFor(() => expect(host?.connection.status().phase).toBe('open'), {
      timeout: 15_000,
    });
    host.server().emit('run.deleted', { runId: 'first' });
    await vi.waitFor(() => expect(heard).toEqual(['first']), { timeout: 15_000 });

    host.server().close();
    expect(host.connection.status().phase).toBe('away');
    await vi.waitFor(() => expect(host?.connection.status().phase).toBe('open'), {
      timeout: 15_000,
    });
    expect(await host.connection.request('app.devices', {})).toEqual([device]);
    host.server().emit('run.deleted', { runId: 'second' });
    await vi.waitFor(() => expect(heard).toEqual(['first', 'second']), { timeout: 15_000 });
  });

  it('rejects what waits for a host that never was there', async () => {
    host = testHost({});
    host.setDown(true);
    const answer = host.connection.request('app.devices', {});
    host.connection.start();
    await expect(answer).rejects.toMatchObject({ code: 'not-connected' });
  });
});
