import { describe, expect, it } from 'vitest';
import { StudioError } from '#shared/errors';
import type { StudioHandlers } from '#shared/ipc/studio';
import type { ExportResult } from '#shared/run/exported';
import { testHost } from '../testing.js';
import { createExportsStore } from './exports.js';

const request = { runId: 'run-1', target: 'pytorch', path: '/w/exports/a', verify: true } as const;
const result: ExportResult = {
  target: 'pytorch',
  path: '/w/exports/a',
  files: [{ path: 'model.py', bytes: 900 }],
  warnings: [],
  verification: { state: 'not-run', reason: 'not-asked', message: '', install: null, verify: null },
  page: null,
};

/** A disk on which `/w/exports/a` is taken. */
function store(handler: Partial<StudioHandlers>['runs.export']) {
  const host = testHost(handler === undefined ? {} : { 'runs.export': handler });
  host.connection.start();
  return { host, exports: createExportsStore(host.connection) };
}

describe('exports', () => {
  it('an export that is done keeps its result', async () => {
    const { exports } = store(() => result);
    await exports.getState().start(request);
    expect(exports.getState().state).toMatchObject({ phase: 'done', result });
  });

  it('a taken folder is replaced only after it was asked for', async () => {
    const asked: boolean[] = [];
    const { exports } = store(({ overwrite }) => {
      asked.push(overwrite);
      if (!overwrite) throw new StudioError('export-exists', 'There is an export already.');
      return result;
    });
    await exports.getState().start(request);
    expect(exports.getState().state.phase).toBe('taken');
    await exports.getState().start(request, true);
    expect(exports.getState().state.phase).toBe('done');
    expect(asked).toEqual([false, true]);
  });

  it('an error keeps what was asked for and says what went wrong', async () => {
    const { exports } = store(() => {
      throw new StudioError('disk-full', 'The disk is full.', 'Free some space.');
    });
    await exports.getState().start(request);
    expect(exports.getState().state).toMatchObject({
      phase: 'failed',
      request,
      error: { code: 'disk-full', hint: 'Free some space.' },
    });
  });

  it('tells its phases, and goes on while the dialog is closed', async () => {
    let started = false;
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const { host, exports } = store(async () => {
      started = true;
      await finished;
      return result;
    });
    exports.getState().open('run-1');
    const done = exports.getState().start(request);
    await expect.poll(() => started).toBe(true);
    const progress = { runId: 'run-1', target: 'pytorch', phase: 'verifying' } as const;
    host.server().emit('export.progress', progress);
    await expect.poll(() => exports.getState().state).toMatchObject({ step: 'verifying' });

    exports.getState().close();
    exports.getState().open('run-2');
    expect(exports.getState().openRunId).toBe('run-1');
    finish();
    await done;
    expect(exports.getState().state.phase).toBe('done');
    exports.getState().open('run-2');
    expect(exports.getState()).toMatchObject({ openRunId: 'run-2', state: { phase: 'choosing' } });
  });
});
