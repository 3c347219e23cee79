/** Training runs: one is active at a time; all of them are kept in folders. */
import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry, TrashedRun } from '#shared/ipc/studio';
import type { Annotations } from '#shared/run/annotations';
import type { RunEvent } from '#shared/run/events';
import type { LogPage } from '#shared/run/records';
import type { Results } from '#shared/run/results';
import type { Resume } from '#shared/run/resume';
import { isActive, reduceRun } from '#shared/run/state';
import type { TrainingRecipe } from '#shared/training/recipe';
import type { EngineSupervisor } from './engine-supervisor.js';
import { folderOfRun, listRuns, newRun, type StartRequest } from './run-folders.js';
import {
  heartbeatInterval,
  heartbeatPath,
  ownProcess,
  readLogPage,
  readRecord,
  readRunDocument,
  toEntry,
  writeRecord,
  type RunRecord,
} from './run-record.js';
import { newBranch } from './run-branch.js';
import { epochsWithMore, recordToResume, type ResumeOverrides } from './run-resume.js';
import { keptResults } from './run-results.js';
import { createRunTrash } from './run-trash.js';

export interface RunsListener {
  event(runId: string, event: RunEvent): void;
  changed(entry: RunEntry): void;
  deleted(runId: string): void;
  /** It trained to its end, was stopped, or failed. */
  ended?(entry: RunEntry): void;
}

export interface Runs {
  list(projectId: string | null): Promise<RunEntry[]>;
  /** A piece of the run's log. @param from its first byte. */
  log(runId: string, from: number): Promise<LogPage>;
  document(runId: string): Promise<ProjectDocument>;
  /** Resolves when the engine has accepted the run. Throws `engine-busy` while another one is active. */
  start(request: StartRequest): Promise<RunEntry>;
  /** Makes the runs, all of them waiting, and begins the first one where nothing trains. */
  startSeries(requests: readonly StartRequest[]): Promise<RunEntry[]>;
  /** Starts a run that waits. Throws `run-not-waiting`. */
  begin(runId: string): Promise<RunEntry>;
  annotate(runId: string, annotations: Annotations): Promise<RunEntry>;
  /** Goes on from the newest checkpoint of a run in the workspace, or of a run folder anywhere. */
  resume(runId: string): Promise<RunEntry>;
  /** Trains a run that ended for so many epochs more. Throws `run-not-ended`, `no-checkpoint`. */
  keepGoing(runId: string, epochs: number): Promise<RunEntry>;
  /** A copy of its newest state as a new run; a paused one is stopped. Throws what `newBranch` throws. */
  branch(runId: string, training: TrainingRecipe): Promise<RunEntry>;
  resumeFolder(folder: string, overrides?: ResumeOverrides): Promise<RunEntry>;
  pause(runId: string): Promise<void>;
  continue(runId: string): Promise<void>;
  stop(runId: string): Promise<void>;
  delete(runId: string): Promise<void>;
  trash(): Promise<TrashedRun[]>;
  /** @param deleted when; null is the last time. */
  restore(runId: string, deleted?: string | null): Promise<RunEntry>;
  deleteForGood(runId: string, deleted: string): Promise<void>;
  emptyTrash(): Promise<void>;
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
  /** Annotations of runs that rest are written one after the other. */
  let annotating: Promise<unknown> = Promise.resolve();
  const trash = createRunTrash(runsFolder, trashFolder);

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
    if (event.type === 'started') run.record = { ...run.record, classWeights: event.classWeights };
    if (state.phase !== before.phase || event.type === 'checkpoint') persist(run);
    if (!living) {
      clearInterval(run.heartbeat);
      if (active === run) active = null;
    }
    listener.event(run.record.id, event);
    if (state.phase !== before.phase) listener.changed(toEntry(run.record, run.folder));
    if (living) return;
    void run.writing.then(run.ended);
    listener.ended?.(toEntry(run.record, run.folder));
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
    resume: Resume | null,
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

  async function claim<T>(work: () => Promise<T>): Promise<T> {
    refuseWhileBusy();
    claiming = true;
    try {
      return await work();
    } finally {
      claiming = false;
    }
  }

  /** Its first record on disk says that it is ours and active. */
  async function beginNew(
    record: RunRecord,
    folder: string,
    document: ProjectDocument,
  ): Promise<RunEntry> {
    const { parent } = record;
    const begun: RunRecord = {
      ...record,
      owner: ownProcess(),
      state: { phase: 'preparing', step: 'data', checkpointStep: parent?.step ?? null },
    };
    await writeRecord(folder, begun);
    return launch(begun, folder, document, parent && { branchOf: parent.training });
  }

  const start = (request: StartRequest): Promise<RunEntry> =>
    claim(async () => {
      const { record, folder } = await newRun(runsFolder, request, new Date(), null);
      return beginNew(record, folder, request.document);
    });

  const begin = (runId: string): Promise<RunEntry> =>
    claim(async () => {
      const folder = folderOf(runId);
      const record = await readRecord(folder);
      if (record.state.phase !== 'idle')
        throw new StudioError('run-not-waiting', `Run ${runId} has begun already.`);
      return beginNew(record, folder, await readRunDocument(folder));
    });

  async function startSeries(requests: readonly StartRequest[]): Promise<RunEntry[]> {
    const now = Date.now();
    const series = randomBytes(8).toString('hex');
    const entries: RunEntry[] = [];
    for (const [index, request] of requests.entries()) {
      // A millisecond apart, so that they have an order.
      const { record, folder } = await newRun(runsFolder, request, new Date(now + index), series);
      await writeRecord(folder, record);
      entries.push(toEntry(record, folder));
    }
    for (const entry of entries) listener.changed(entry);
    const [first, ...others] = entries;
    if (first === undefined || active !== null || claiming) return entries;
    return [await begin(first.id), ...others];
  }

  async function annotate(runId: string, annotations: Annotations): Promise<RunEntry> {
    const change = (record: RunRecord): RunRecord => ({
      ...record,
      tags: annotations.tags ?? record.tags,
      note: annotations.note ?? record.note,
    });
    const folder = folderOf(runId);
    const run = latest?.folder === folder ? latest : null;
    if (run !== null && run === active) {
      run.record = change(run.record);
      const written = run.writing.then(() => writeRecord(folder, run.record));
      run.writing = written.catch(() => {});
      await written;
      return toEntry(run.record, folder);
    }
    await run?.writing;
    const record = await idleRecord(runId, 'Another process trains it: wait for its end.');
    const changed = change(record);
    await writeRecord(folder, changed);
    return toEntry(changed, folder);
  }

  async function branch(runId: string, training: TrainingRecipe): Promise<RunEntry> {
    const paused =
      active?.record.id === runId && active.record.state.phase === 'paused' ? active : null;
    if (paused === null) refuseWhileBusy();
    await latest?.writing;
    const folder = folderOf(runId);
    const record = paused?.record ?? (await idleRecord(runId, 'Pause it, or wait for its end.'));
    const made = await newBranch(runsFolder, { record, folder }, training);
    listener.changed(toEntry(made.record, made.folder));
    if (paused !== null) {
      await engine.request('run.stop', { runId });
      await paused.end;
    }
    return begin(made.record.id);
  }

  async function resumeFolder(folder: string, overrides: ResumeOverrides = {}): Promise<RunEntry> {
    return claim(async () => {
      await latest?.writing;
      const { record, resume } = await recordToResume(folder, overrides);
      const document = await readRunDocument(folder);
      await writeRecord(folder, record);
      return launch(record, folder, document, resume);
    });
  }

  const activeRun = (runId: string): Active => {
    if (active?.record.id === runId) return active;
    throw new StudioError('run-not-active', `Run ${runId} is not being trained.`);
  };

  const folderOf = (runId: string): string => folderOfRun(runsFolder, runId);

  /** Throws `run-active` with the hint while the run trains. */
  async function idleRecord(runId: string, hint: string): Promise<RunRecord> {
    const record = active?.record.id === runId ? active.record : await readRecord(folderOf(runId));
    if (isActive(record.state))
      throw new StudioError('run-active', `Run ${runId} is being trained.`, hint);
    return record;
  }

  return {
    async list(projectId) {
      // What is known of the run that ended last comes from its file.
      await latest?.writing;
      const entries = await listRuns(
        runsFolder,
        (folder) => (active?.folder === folder ? toEntry(active.record, folder) : null),
        log,
      );
      return entries.filter((entry) => projectId === null || entry.projectId === projectId);
    },
    log: (runId, from) => readLogPage(folderOf(runId), from),
    document: (runId) => readRunDocument(folderOf(runId)),
    start,
    startSeries,
    begin,
    annotate(runId, annotations) {
      const written = annotating.then(() => annotate(runId, annotations));
      annotating = written.catch(() => {});
      return written.then((entry) => {
        listener.changed(entry);
        return entry;
      });
    },
    resume: (runId) => resumeFolder(folderOf(runId)),
    async keepGoing(runId, epochs) {
      refuseWhileBusy();
      await latest?.writing;
      const record = await readRecord(folderOf(runId));
      return resumeFolder(folderOf(runId), { epochs: epochsWithMore(record, epochs) });
    },
    branch,
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
      await trash.take(folder);
      listener.deleted(runId);
    },
    trash: () => trash.list(),
    async restore(runId, deleted = null) {
      const entry = await trash.restore(runId, deleted);
      listener.changed(entry);
      return entry;
    },
    deleteForGood: (runId, deleted) => trash.remove(runId, deleted),
    emptyTrash: () => trash.empty(),
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
