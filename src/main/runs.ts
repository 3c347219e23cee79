/** Training runs: one is active at a time; all of them are kept in folders. */
import { mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { RunEntry } from '#shared/ipc/studio';
import type { BatchRecord, EpochRecord, RunEvent } from '#shared/run/events';
import type { Prediction, PredictionRequest } from '#shared/run/prediction';
import type { Results } from '#shared/run/results';
import { isActive, reduceRun } from '#shared/run/state';
import type { EngineSupervisor } from './engine-supervisor.js';
import { fileError, hasCode, makeFolder, moveInto } from './files.js';
import {
  heartbeatInterval,
  heartbeatPath,
  newRunId,
  newestCheckpoint,
  ownProcess,
  readLog,
  readRecord,
  readRunDocument,
  toEntry,
  writeRecord,
  writeRunDocument,
  type RunRecord,
} from './run-record.js';
import { keptResults } from './run-results.js';

export interface RunsListener {
  event(runId: string, event: RunEvent): void;
  changed(entry: RunEntry): void;
  deleted(runId: string): void;
}

export interface StartRequest {
  document: ProjectDocument;
  baseFolder: string | null;
  device: DeviceChoice;
  seed: number | null;
  epochs: number | null;
  /** A folder that is empty or not there yet; left out, one in the workspace is made. */
  folder?: string;
}

export interface ResumeOverrides {
  device?: DeviceChoice;
  epochs?: number;
}

export interface Runs {
  list(projectId: string | null): Promise<RunEntry[]>;
  log(runId: string): Promise<{ batches: BatchRecord[]; epochs: EpochRecord[] }>;
  document(runId: string): Promise<ProjectDocument>;
  /** Resolves when the engine has accepted the run. Throws `engine-busy` while another one is active. */
  start(request: StartRequest): Promise<RunEntry>;
  /** Goes on from the newest checkpoint of a run in the workspace, or of a run folder anywhere. */
  resume(runId: string): Promise<RunEntry>;
  resumeFolder(folder: string, overrides?: ResumeOverrides): Promise<RunEntry>;
  pause(runId: string): Promise<void>;
  continue(runId: string): Promise<void>;
  stop(runId: string): Promise<void>;
  delete(runId: string): Promise<void>;
  predict(runId: string, request: PredictionRequest): Promise<Prediction>;
  /** What its weights say of its test part. Throws `run-active` while it trains. */
  results(runId: string): Promise<Results | null>;
  /** Folder of a run in the workspace. Throws `run-not-found`. */
  folderOf(runId: string): string;
  /**
   * Stops the active run with a checkpoint, waiting for at most `milliseconds`, and resolves when what is
   * known of the last run is on disk.
   */
  close(milliseconds: number): Promise<void>;
}

interface Active {
  record: RunRecord;
  folder: string;
  heartbeat: NodeJS.Timeout;
  /** Writes of `run.json` happen one after the other. */
  writing: Promise<void>;
  ended: () => void;
  end: Promise<void>;
}

export function createRuns(options: {
  runsFolder: string;
  trashFolder: string;
  engine: EngineSupervisor;
  listener: RunsListener;
  log: (line: string) => void;
}): Runs {
  const { runsFolder, trashFolder, engine, listener, log } = options;
  let active: Active | null = null;
  /** The active run, or the one that was active last. */
  let latest: Active | null = null;
  /** True from the check that nothing runs until the engine has the run. */
  let claiming = false;

  function persist(run: Active): void {
    const { record, folder } = run;
    run.writing = run.writing
      .then(() => writeRecord(folder, record))
      .catch((error: unknown) =>
        log(`run.json was not written: ${error instanceof Error ? error.message : String(error)}`),
      );
  }

  function apply(run: Active, event: RunEvent): void {
    const before = run.record.state;
    const state = reduceRun(before, event);
    const living = isActive(state);
    run.record = { ...run.record, state, owner: living ? ownProcess() : null };
    if (state.phase !== before.phase || event.type === 'checkpoint') persist(run);
    if (!living) {
      clearInterval(run.heartbeat);
      if (active === run) active = null;
    }
    listener.event(run.record.id, event);
    if (state.phase !== before.phase) listener.changed(toEntry(run.record, run.folder));
    if (!living) void run.writing.then(run.ended);
  }

  engine.listen('run.event', ({ runId, event }) => {
    if (active?.record.id === runId) apply(active, event);
  });
  engine.onDied((error) => {
    if (active === null) return;
    const { state } = active.record;
    const step = state.phase === 'idle' ? null : state.checkpointStep;
    const hint =
      step === null
        ? 'It had not begun to train: start it again.'
        : `Resume it from its checkpoint at step ${step}.`;
    apply(active, { type: 'failed', error: { ...error.toWire(), hint } });
  });

  function refuseWhileBusy(): void {
    if (active === null && !claiming) return;
    const what = active === null ? 'Another run' : `"${active.record.projectName}"`;
    throw new StudioError(
      'engine-busy',
      `${what} is training${active === null ? '' : ` (run ${active.record.id})`}.`,
      'Wait for its end or stop it first.',
    );
  }

  /** Sets the run as the active one and hands it to the engine. */
  async function launch(
    record: RunRecord,
    folder: string,
    document: ProjectDocument,
    resume: boolean,
  ): Promise<RunEntry> {
    let ended = (): void => {};
    const end = new Promise<void>((resolve) => (ended = resolve));
    const path = heartbeatPath(folder);
    const run: Active = {
      record,
      folder,
      heartbeat: setInterval(() => {
        const now = new Date();
        utimes(path, now, now).catch(() => {});
      }, heartbeatInterval),
      writing: Promise.resolve(),
      ended,
      end,
    };
    run.heartbeat.unref();
    active = run;
    latest = run;
    listener.changed(toEntry(record, folder));
    const { id: runId, baseFolder, device, seed, epochs } = record;
    engine.revive();
    try {
      await engine.request('run.start', {
        runId,
        folder,
        document,
        baseFolder,
        device,
        seed,
        epochs,
        resume,
      });
    } catch (error) {
      if (active === run && error instanceof StudioError)
        apply(run, { type: 'failed', error: error.toWire() });
      throw error;
    }
    return toEntry(run.record, folder);
  }

  const preparing = (checkpointStep: number | null): RunRecord['state'] => ({
    phase: 'preparing',
    step: 'data',
    checkpointStep,
  });

  async function claim<T>(work: () => Promise<T>): Promise<T> {
    refuseWhileBusy();
    claiming = true;
    try {
      return await work();
    } finally {
      claiming = false;
    }
  }

  async function start(request: StartRequest): Promise<RunEntry> {
    const { document, baseFolder, device, seed, epochs } = request;
    return claim(async () => {
      const now = new Date();
      const { id, folder } = await newRunFolder(now, request.folder);
      const record: RunRecord = {
        format: 'unroll-run',
        version: 1,
        id,
        projectId: document.id,
        projectName: document.name,
        created: now.toISOString(),
        baseFolder,
        device,
        seed,
        epochs,
        owner: ownProcess(),
        state: preparing(null),
      };
      await writeRunDocument(folder, document);
      await writeRecord(folder, record);
      return launch(record, folder, document, false);
    });
  }

  async function newRunFolder(
    now: Date,
    given: string | undefined,
  ): Promise<{ id: string; folder: string }> {
    const id = newRunId(now);
    if (given !== undefined) {
      await makeFolder(given);
      if ((await readdir(given)).length === 0) return { id, folder: given };
      throw new StudioError(
        'run-folder-exists',
        `"${given}" is not empty.`,
        'Choose another folder; a run that is there already goes on with --resume.',
        { file: given },
      );
    }
    const folder = join(runsFolder, id);
    await makeFolder(runsFolder);
    try {
      await mkdir(folder);
      return { id, folder };
    } catch (error) {
      // Two runs of one second with the same four random digits.
      if (hasCode(error, 'EEXIST')) return newRunFolder(now, given);
      throw fileError(error, folder, 'write');
    }
  }

  async function resumeFolder(folder: string, overrides: ResumeOverrides = {}): Promise<RunEntry> {
    return claim(async () => {
      const earlier = await readRecord(folder);
      if (isActive(earlier.state)) {
        throw new StudioError(
          'run-active',
          `Run ${earlier.id} is being trained by another process (${earlier.owner?.pid}).`,
          'Stop it there first.',
        );
      }
      const step = await newestCheckpoint(folder);
      if (step === null) {
        throw new StudioError(
          'no-checkpoint',
          `Run ${earlier.id} has no checkpoint to go on from.`,
          'It ended before its training began: start a new run.',
        );
      }
      const record: RunRecord = {
        ...earlier,
        ...overrides,
        owner: ownProcess(),
        state: preparing(step),
      };
      const document = await readRunDocument(folder);
      await writeRecord(folder, record);
      return launch(record, folder, document, true);
    });
  }

  const activeRun = (runId: string): Active => {
    if (active?.record.id === runId) return active;
    throw new StudioError('run-not-active', `Run ${runId} is not being trained.`);
  };

  function folderOf(runId: string): string {
    if (!/^[\w-]+$/.test(runId))
      throw new StudioError('run-not-found', `There is no run "${runId}".`);
    return join(runsFolder, runId);
  }

  /** Throws `run-active` with the hint while the run trains. */
  async function idleRecord(runId: string, hint: string): Promise<RunRecord> {
    const record = active?.record.id === runId ? active.record : await readRecord(folderOf(runId));
    if (isActive(record.state))
      throw new StudioError('run-active', `Run ${runId} is being trained.`, hint);
    return record;
  }

  return {
    async list(projectId) {
      const names = await readdir(runsFolder).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return [];
        throw fileError(error, runsFolder, 'read');
      });
      const entries = await Promise.all(
        names.map(async (name): Promise<RunEntry | null> => {
          if (active?.folder === join(runsFolder, name))
            return toEntry(active.record, active.folder);
          try {
            const folder = join(runsFolder, name);
            return toEntry(await readRecord(folder), folder);
          } catch (error) {
            if (!hasCode(error, 'run-not-found'))
              log(error instanceof Error ? error.message : String(error));
            return null;
          }
        }),
      );
      return entries
        .filter((entry) => entry !== null)
        .filter((entry) => projectId === null || entry.projectId === projectId)
        .sort((a, b) => b.created.localeCompare(a.created));
    },
    log: (runId) => readLog(folderOf(runId)),
    document: (runId) => readRunDocument(folderOf(runId)),
    start,
    resume: (runId) => resumeFolder(folderOf(runId)),
    resumeFolder,
    async pause(runId) {
      activeRun(runId);
      await engine.request('run.pause', { runId });
    },
    async continue(runId) {
      activeRun(runId);
      await engine.request('run.continue', { runId });
    },
    async stop(runId) {
      activeRun(runId);
      await engine.request('run.stop', { runId });
    },
    async delete(runId) {
      const folder = folderOf(runId);
      await idleRecord(runId, 'Stop it first.');
      await moveInto(trashFolder, folder);
      listener.deleted(runId);
    },
    async predict(runId, request) {
      const folder = folderOf(runId);
      const { baseFolder } = await readRecord(folder);
      return engine.request('run.predict', { folder, baseFolder, device: 'auto', request });
    },
    async results(runId) {
      const folder = folderOf(runId);
      const { state, baseFolder } = await idleRecord(runId, 'Its results come with its end.');
      return keptResults(folder, state, () =>
        engine.request('run.results', { folder, baseFolder, device: 'auto' }),
      );
    },
    folderOf,
    async close(milliseconds) {
      if (latest === null) return;
      const { record, end } = latest;
      if (active !== latest) return end;
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
      engine.request('run.stop', { runId: record.id }).catch(() => {});
      await Promise.race([end, tooLong]);
      clearTimeout(timer);
    },
  };
}
