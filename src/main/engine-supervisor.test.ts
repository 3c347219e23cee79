import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { appRoot } from './app-paths.js';
import { forkEngine } from './engine-process.js';
import {
  createEngineSupervisor,
  type EngineReport,
  type SupervisorOptions,
} from './engine-supervisor.js';

const path = join(appRoot, 'tests', 'support', 'stub-engine.mjs');

function supervise(options: Partial<SupervisorOptions> = {}) {
  const engine = createEngineSupervisor({ path, spawn: forkEngine, backOff: [10, 10], ...options });
  onTestFinished(() => engine.dispose());
  const reports: EngineReport[] = [];
  engine.onReport((report) => reports.push(report));
  return { engine, reports };
}

/** A request that the stub never answers. */
const preview = {
  recipe: {
    task: 'classification' as const,
    source: { kind: 'builtin' as const, id: 'x' },
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: {},
    maximumTimeSteps: 3,
    split: {},
  },
  baseFolder: null,
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('engine supervisor', () => {
  it('answers requests and reports ready', async () => {
    const { engine, reports } = supervise();
    expect(engine.report().status).toBe('starting');
    expect(await engine.request('devices.list', {})).toEqual([]);
    await vi.waitFor(() => expect(reports.map(({ status }) => status)).toEqual(['ready']), {
      timeout: 15_000,
    });
  });

  it('kill -9 rejects what is pending with engine-died, and a new process answers', async () => {
    const { engine, reports } = supervise();
    await engine.request('devices.list', {});
    const first = engine.pid() ?? 0;
    const died: string[] = [];
    engine.onDied((error) => died.push(error.code));
    const pending = engine.request('data.preview', preview);
    pending.catch(() => died.push('rejected'));
    process.kill(first, 'SIGKILL');
    await expect(pending).rejects.toMatchObject({
      code: 'engine-died',
      message: expect.stringContaining('SIGKILL'),
    });
    expect(died).toEqual(['engine-died', 'rejected']);
    expect(engine.report()).toMatchObject({ status: 'restarting', error: { code: 'engine-died' } });
    expect(await engine.request('devices.list', {})).toEqual([]);
    expect(engine.pid()).not.toBe(first);
    await vi.waitFor(
      () => expect(reports.map(({ status }) => status)).toEqual(['ready', 'restarting', 'ready']),
      { timeout: 15_000 },
    );
  });

  it('an engine that hangs is killed by dispose, and its process is gone', async () => {
    const { engine } = supervise();
    await engine.request('devices.list', {});
    const pid = engine.pid() ?? 0;
    process.kill(pid, 'SIGSTOP');
    await engine.dispose();
    expect(isAlive(pid)).toBe(false);
    await expect(engine.request('devices.list', {})).rejects.toMatchObject({ code: 'engine-died' });
  });

  describe('an engine that can not start', () => {
    beforeEach(() => void (process.env['UNROLL_STUB'] = 'dead'));
    afterEach(() => void delete process.env['UNROLL_STUB']);

    it('is given up after three deaths in a row, with exit code and last words; revive tries again', async () => {
      const { engine, reports } = supervise();
      const waiting = engine.request('devices.list', {});
      await expect(waiting).rejects.toMatchObject({ code: 'engine-died' });
      await vi.waitFor(() => expect(engine.report().status).toBe('failed'), { timeout: 15_000 });
      expect(reports.map(({ status }) => status)).toEqual(['restarting', 'restarting', 'failed']);
      expect(engine.report().error).toMatchObject({
        code: 'engine-failed',
        message: expect.stringMatching(/3 times.*exit code 7.*no such library/),
      });
      await expect(engine.request('devices.list', {})).rejects.toMatchObject({
        code: 'engine-failed',
      });
      delete process.env['UNROLL_STUB'];
      engine.revive();
      expect(await engine.request('devices.list', {})).toEqual([]);
    });
  });

  it('an engine whose file is missing is a named failure, not a hang', async () => {
    const { engine } = supervise({ path: join(appRoot, 'no-such-engine.mjs'), backOff: [] });
    await expect(engine.request('devices.list', {})).rejects.toMatchObject({
      code: 'engine-died',
    });
    expect(engine.report().status).toBe('failed');
  });
});
