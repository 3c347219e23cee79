/**
 * Runs and their curves. Events arrive up to 20 a second; they are gathered and applied once per
 * animation frame, so that the tree renders at most once a frame however many runs speak.
 */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { RunEntry, TrashedRun } from '#shared/ipc/studio';
import type { Annotations } from '#shared/run/annotations';
import type { BatchRecord, EpochRecord, RunEvent } from '#shared/run/events';
import { readPages } from '#shared/run/records';
import { isActive, reduceRun } from '#shared/run/state';
import type { TrainingRecipe } from '#shared/training/recipe';
import type { ProjectDocument } from '#shared/graph/document';
import type { StudioConnection } from '../client.js';
import { client } from '../transport.js';

/**
 * The arrays grow in place, because copying a long run 20 times a second would cost more than drawing
 * it. `revision` changes, with the identity of this object, whenever they do.
 */
export interface RunCurves {
  readonly batches: readonly BatchRecord[];
  readonly epochs: readonly EpochRecord[];
  readonly revision: number;
  /** True once everything that the run's log holds is here. */
  readonly complete: boolean;
}

export interface StartOptions {
  projectPath: string;
  document: ProjectDocument;
  device?: DeviceChoice;
  seed?: number | null;
  epochs?: number | null;
}

export interface SeriesOptions {
  projectPath: string;
  networks: { document: ProjectDocument; tags: string[] }[];
  device?: DeviceChoice;
}

export interface RunsState {
  /** Newest first. */
  runs: RunEntry[];
  curves: Record<string, RunCurves>;
  /** The run that the engine works on now. */
  activeRunId: string | null;
  selectedRunId: string | null;

  select(runId: string | null): void;
  /** Reads the run list again, of all projects or one. */
  refresh(projectId?: string | null): Promise<void>;
  /** Fetches the curves from the run's log once; live events that arrive meanwhile are kept. */
  loadLog(runId: string): Promise<void>;
  start(options: StartOptions): Promise<RunEntry>;
  /** Trains a copy of a run's newest state as a new run, and selects that. */
  branch(runId: string, training: TrainingRecipe): Promise<void>;
  pause(runId: string): Promise<void>;
  continueRun(runId: string): Promise<void>;
  stop(runId: string): Promise<void>;
  resume(runId: string): Promise<void>;
  /** Trains a run that ended for so many epochs more. */
  keepGoing(runId: string, epochs: number): Promise<void>;
  remove(runId: string): Promise<void>;
  /** Trains one network after the other; selects the first one's run. */
  startSeries(options: SeriesOptions): Promise<RunEntry[]>;
  /** Starts a run that waits. */
  begin(runId: string): Promise<void>;
  annotate(runId: string, annotations: Annotations): Promise<void>;
  trash(): Promise<TrashedRun[]>;
  /** @param deleted when; left out, the last time. */
  restore(runId: string, deleted?: string): Promise<void>;
  deleteForGood(runId: string, deleted: string): Promise<void>;
  emptyTrash(): Promise<void>;
}

interface MutableCurves {
  batches: BatchRecord[];
  epochs: EpochRecord[];
  revision: number;
  complete: boolean;
}

const emptyCurves = (): MutableCurves => ({
  batches: [],
  epochs: [],
  revision: 0,
  complete: false,
});

function nextFrame(callback: () => void): void {
  if (typeof requestAnimationFrame !== 'function') {
    setTimeout(callback, 16);
    return;
  }
  // A hidden window gets no animation frames, but its curves must not stand still.
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    callback();
  };
  requestAnimationFrame(once);
  setTimeout(once, 250);
}

const byNewest = (a: RunEntry, b: RunEntry): number => b.created.localeCompare(a.created);

/** Drops what lies after `step`: a resumed run does those steps again. */
function rewind(curves: MutableCurves, step: number): void {
  curves.batches = curves.batches.filter((record) => record.step <= step);
  curves.epochs = curves.epochs.filter((record) => record.step <= step);
}

/** After these nothing comes for a while. */
const rests = (event: RunEvent): boolean =>
  event.type === 'done' || event.type === 'failed' || event.type === 'paused';

function append(curves: MutableCurves, event: RunEvent): void {
  if (event.type === 'started') rewind(curves, event.fromStep);
  else if (event.type === 'batch') {
    const last = curves.batches.at(-1);
    if (last === undefined || event.step > last.step) curves.batches.push(event);
  } else if (event.type === 'epoch') {
    const last = curves.epochs.at(-1);
    if (last === undefined || event.epoch > last.epoch) curves.epochs.push(event);
  }
}

export function createRunsStore(
  connection: Pick<StudioConnection, 'request' | 'listen' | 'onStatus'>,
): UseBoundStore<StoreApi<RunsState>> {
  /** Curves as they grow; the store publishes a new wrapper a frame. */
  const growing = new Map<string, MutableCurves>();
  const loading = new Map<string, Promise<void>>();
  let pending: { runId: string; event: RunEvent }[] = [];
  let scheduled = false;

  const curvesOf = (runId: string): MutableCurves => {
    const curves = growing.get(runId) ?? emptyCurves();
    growing.set(runId, curves);
    return curves;
  };
  const publish = (curves: MutableCurves): RunCurves => {
    curves.revision += 1;
    return { ...curves };
  };
  const withRuns = (runs: RunEntry[]): Pick<RunsState, 'runs' | 'activeRunId'> => ({
    runs,
    activeRunId: runs.find((run) => isActive(run.state))?.id ?? null,
  });
  const put = (runs: RunEntry[], entry: RunEntry): RunEntry[] =>
    [entry, ...runs.filter((run) => run.id !== entry.id)].sort(byNewest);

  const store = create<RunsState>()((set, get) => ({
    runs: [],
    curves: {},
    activeRunId: null,
    selectedRunId: null,

    select: (selectedRunId) => set({ selectedRunId }),
    async refresh(projectId = null) {
      const runs = await connection.request('runs.list', { projectId });
      set(withRuns([...runs].sort(byNewest)));
    },
    async loadLog(runId) {
      if (growing.get(runId)?.complete === true) return;
      const already = loading.get(runId);
      if (already !== undefined) return already;
      const load = readPages((from) => connection.request('runs.log', { runId, from }))
        .then((log) => {
          const live = growing.get(runId) ?? emptyCurves();
          const lastStep = log.batches.at(-1)?.step ?? 0;
          const lastEpoch = log.epochs.at(-1)?.epoch ?? 0;
          const curves: MutableCurves = {
            batches: log.batches.concat(live.batches.filter((r) => r.step > lastStep)),
            epochs: log.epochs.concat(live.epochs.filter((r) => r.epoch > lastEpoch)),
            revision: live.revision,
            complete: true,
          };
          growing.set(runId, curves);
          set((state) => ({ curves: { ...state.curves, [runId]: publish(curves) } }));
        })
        .finally(() => loading.delete(runId));
      loading.set(runId, load);
      return load;
    },
    async start({ projectPath, document, device = 'auto', seed = null, epochs = null }) {
      const input = { projectPath, document, device, seed, epochs };
      const entry = await connection.request('runs.start', input);
      // Its events are all there is so far.
      curvesOf(entry.id).complete = true;
      set((state) => ({ ...withRuns(put(state.runs, entry)), selectedRunId: entry.id }));
      return entry;
    },
    async pause(runId) {
      await connection.request('runs.pause', { runId });
    },
    async continueRun(runId) {
      await connection.request('runs.continue', { runId });
    },
    async stop(runId) {
      await connection.request('runs.stop', { runId });
    },
    async resume(runId) {
      await get().loadLog(runId);
      const entry = await connection.request('runs.resume', { runId });
      set((state) => ({ ...withRuns(put(state.runs, entry)), selectedRunId: runId }));
    },
    async keepGoing(runId, epochs) {
      await get().loadLog(runId);
      const entry = await connection.request('runs.keepGoing', { runId, epochs });
      set((state) => ({ ...withRuns(put(state.runs, entry)), selectedRunId: runId }));
    },
    async branch(runId, training) {
      const entry = await connection.request('runs.branch', { runId, training });
      curvesOf(entry.id).complete = true;
      set((state) => ({ ...withRuns(put(state.runs, entry)), selectedRunId: entry.id }));
    },
    async startSeries({ projectPath, networks, device = 'auto' }) {
      const entries = await connection.request('runs.startSeries', {
        projectPath,
        networks,
        device,
      });
      for (const { id } of entries) curvesOf(id).complete = true;
      set((state) => ({
        ...withRuns(entries.reduce(put, state.runs)),
        selectedRunId: entries[0]?.id ?? null,
      }));
      return entries;
    },
    async begin(runId) {
      const entry = await connection.request('runs.begin', { runId });
      set((state) => ({ ...withRuns(put(state.runs, entry)), selectedRunId: runId }));
    },
    async annotate(runId, annotations) {
      const entry = await connection.request('runs.annotate', { runId, ...annotations });
      set((state) => withRuns(put(state.runs, entry)));
    },
    trash: () => connection.request('runs.trash', {}),
    async restore(runId, deleted) {
      const entry = await connection.request('runs.restore', { runId, deleted: deleted ?? null });
      set((state) => withRuns(put(state.runs, entry)));
    },
    async deleteForGood(runId, deleted) {
      await connection.request('runs.deleteForGood', { runId, deleted });
    },
    async emptyTrash() {
      await connection.request('runs.emptyTrash', {});
    },
    async remove(runId) {
      await connection.request('runs.delete', { runId });
      forget(runId);
    },
  }));

  const forget = (runId: string): void => {
    growing.delete(runId);
    store.setState((state) => {
      const curves = { ...state.curves };
      delete curves[runId];
      return {
        ...withRuns(state.runs.filter((run) => run.id !== runId)),
        curves,
        selectedRunId: state.selectedRunId === runId ? null : state.selectedRunId,
      };
    });
  };

  const flush = (): void => {
    scheduled = false;
    const events = pending;
    pending = [];
    store.setState((state) => {
      const touched = new Set<string>();
      let runs = state.runs;
      for (const { runId, event } of events) {
        append(curvesOf(runId), event);
        if (event.type === 'batch' || event.type === 'epoch' || event.type === 'started')
          touched.add(runId);
        runs = runs.map((run) => {
          if (run.id !== runId) return run;
          const next = reduceRun(run.state, event);
          return next === run.state ? run : { ...run, state: next };
        });
      }
      const curves = { ...state.curves };
      for (const runId of touched) curves[runId] = publish(curvesOf(runId));
      return { ...withRuns(runs), curves };
    });
    const resting = new Set(events.filter(({ event }) => rests(event)).map(({ runId }) => runId));
    for (const runId of resting) fillIn(runId);
  };

  /** The wire carries at most 20 batches a second; the log has them all. */
  const fillIn = (runId: string): void => {
    curvesOf(runId).complete = false;
    // Without an answer the curve stays as it was drawn live; opening the run asks again.
    store
      .getState()
      .loadLog(runId)
      .catch(() => {});
  };

  connection.listen('run.event', (message) => {
    pending.push(message);
    if (scheduled) return;
    scheduled = true;
    nextFrame(flush);
  });
  connection.listen('run.changed', (entry) => {
    // Events that came before this entry are part of its state already, or superseded by it.
    if (pending.length > 0) flush();
    store.setState((state) => withRuns(put(state.runs, entry)));
  });
  connection.listen('run.deleted', ({ runId }) => forget(runId));
  connection.onStatus((status) => {
    if (status.phase !== 'open') return;
    // Events were missed while the host was away.
    for (const curves of growing.values()) curves.complete = false;
    const shown = Object.keys(store.getState().curves);
    void store
      .getState()
      .refresh()
      .then(() => Promise.all(shown.map((runId) => store.getState().loadLog(runId))))
      .catch(() => {
        // The connection went away again; the next one reads the list.
      });
  });
  return store;
}

export const useRuns = createRunsStore(client);

/** What the device of the project's running training found out about one block's kernel; null is nothing. */
export function fallbackFound(
  { runs, activeRunId }: RunsState,
  projectId: string | undefined,
  node: string,
): string | null {
  const run = runs.find(({ id }) => id === activeRunId);
  if (run === undefined || run.projectId !== projectId) return null;
  const { state } = run;
  if (state.phase !== 'training' && state.phase !== 'paused') return null;
  return state.fallbacks.find((one) => one.node === node)?.reason ?? null;
}
