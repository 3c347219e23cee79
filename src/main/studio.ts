/**
 * The studio without a window: implements the studio contract over a workspace and an engine process.
 * Electron, the browser host and tests attach windows to it, each over a port.
 */
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { StudioError } from '#shared/errors';
import { serve, type EventPayload, type Port, type Server } from '#shared/ipc/channel';
import type { MenuCommandId } from '#shared/menus';
import { studioContract, type StudioContract, type StudioHandlers } from '#shared/ipc/studio';
import { appVersion, enginePath, examplesFolder } from './app-paths.js';
import { createCalibrations } from './calibrations.js';
import { createStaging, decodeBase64 } from './data-import.js';
import type { EngineSpawn } from './engine-process.js';
import { createEngineSupervisor } from './engine-supervisor.js';
import { exportRun, freePath } from './exports.js';
import { createLeases, holdingHandlers } from './leases.js';
import { importProjectZip } from './project-import.js';
import { createPredictions } from './predictions.js';
import { createProjects } from './projects.js';
import { createRunQueue } from './run-queue.js';
import { createRuns, type Runs } from './runs.js';
import type { SettingsStore } from './settings.js';
import { versions } from './versions.js';
import { defaultWorkspace, openWorkspace } from './workspace.js';

export interface StudioOptions {
  /** Folder of the workspace; made where it is missing. */
  workspace: string;
  /** The workspace was named on the command line or in the environment. */
  workspaceAsked: boolean;
  settings: SettingsStore;
  /** Left out where the window is not on this machine's screen. */
  desktop?: Desktop;
  host: 'electron' | 'browser';
  engineSpawn: EngineSpawn;
  enginePath?: string;
  examplesFolder?: string;
  /** Lines for the log: what the engine prints, and defects. */
  log?: (line: string) => void;
}

export interface Desktop {
  showFolder(path: string): Promise<void>;
  chooseFolder(): Promise<string | null>;
}

export interface Studio {
  handlers: StudioHandlers;
  /** Serves a window until its port closes. */
  attach(port: Port): void;
  /** Has the windows open a project file. */
  open(path: string): void;
  /** Has the windows run a command of shared/menus. */
  command(id: MenuCommandId): void;
  /** Process id of the engine, while there is one. */
  enginePid(): number | undefined;
  /** Stops the active run with a checkpoint (waits at most `milliseconds` for it) and ends the engine. */
  close(milliseconds?: number): Promise<void>;
}

type EventName = keyof StudioContract['events'] & string;

/** Throws `folder-not-writable` or `disk-full` where the workspace can't be made. */
export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { settings, log = () => {} } = options;
  const workspace = await openWorkspace(options.workspace);
  const windows = new Set<Server<StudioContract>>();
  const emit = <K extends EventName>(name: K, payload: EventPayload<StudioContract, K>): void => {
    for (const window of windows) window.emit(name, payload);
  };

  const engine = createEngineSupervisor({
    path: options.enginePath ?? enginePath,
    spawn: options.engineSpawn,
    settings: () => ({ threads: settings.current().threads }),
    log,
  });
  engine.onReport((report) => emit('engine.status', report));
  const stopSettings = settings.onChange((changed) => {
    emit('settings.changed', changed);
    // An engine that is away reads them when it starts.
    engine.request('engine.configure', { threads: changed.threads }).catch(() => {});
  });
  engine.listen('run.generated', (step) => emit('run.generated', step));
  engine.listen('log', ({ level, text }) => log(`engine ${level}: ${text}`));

  const projects = createProjects(workspace, options.examplesFolder ?? examplesFolder);
  const leases = createLeases();
  const queue = createRunQueue((): Runs => runs, log);
  const staging = await createStaging(workspace, engine);
  const runs = createRuns({
    runsFolder: workspace.runs,
    trashFolder: workspace.trash,
    engine,
    log,
    listener: {
      event: (runId, event) => emit('run.event', { runId, event }),
      changed: (entry) => emit('run.changed', entry),
      ended: (entry) => queue.ended(entry),
      deleted: (runId) => emit('run.deleted', { runId }),
    },
  });

  const predictions = createPredictions(engine, (runId) => runs.folderOf(runId));
  const desktop = (): Desktop => {
    if (options.desktop !== undefined) return options.desktop;
    throw new StudioError(
      'no-desktop',
      'The studio runs in a browser and opens no windows of this machine.',
      `The folder is "${workspace.folder}".`,
    );
  };
  const calibrations = createCalibrations(workspace, engine, () => settings.current().threads);
  const closing = new AbortController();

  const handlers: StudioHandlers = {
    'app.info': async () => ({
      version: appVersion,
      host: options.host,
      workspace: workspace.folder,
      workspaceAsked: options.workspaceAsked,
      defaultWorkspace,
      cores: availableParallelism(),
      threadsAsked: Boolean(process.env['UNROLL_THREADS']),
      node: process.versions.node,
      startPath: await projects.startPath(),
    }),
    'app.devices': () => engine.request('devices.list', {}),
    'app.about': () => ({ versions: versions() }),
    'app.showWorkspace': async () => {
      await desktop().showFolder(workspace.folder);
      return {};
    },
    'app.chooseFolder': async () => ({ path: await desktop().chooseFolder() }),

    'settings.get': () => ({
      settings: settings.current(),
      path: settings.path,
      problem: settings.problem,
    }),
    'settings.change': (change) => settings.update(change),

    'devices.calibrations': () => calibrations.list(),
    'devices.calibrate': ({ device }) => calibrations.measure(device),

    'projects.list': () => projects.list(),
    'projects.examples': () => projects.examples(),
    'projects.open': ({ path }) => projects.open(path),
    'projects.openExample': ({ id }) => projects.openExample(id),
    'projects.create': ({ document }) => projects.create(document),
    // Every window has its own, see `attach`; what is no window edits nothing.
    'projects.hold': () => ({ held: true }),
    'projects.letGo': () => ({}),
    'projects.save': async ({ path, document, revision }) => ({
      revision: await projects.save(path, document, revision),
    }),

    'projects.import': async ({ name, base64 }) => {
      const imported = await importProjectZip(
        name,
        decodeBase64(name, base64, 'Open it with `unroll import`.'),
        workspace,
        projects,
      );
      const { runId, runWasThere } = imported;
      if (!runWasThere) {
        const entry = (await runs.list(null)).find(({ id }) => id === runId);
        if (entry !== undefined) emit('run.changed', entry);
      }
      return imported;
    },

    'data.builtin': () => engine.request('data.builtin', {}),
    'data.preview': ({ recipe, projectPath, batchSize }) =>
      engine.request('data.preview', {
        recipe,
        baseFolder: projectPath === null ? null : dirname(projectPath),
        batchSize,
      }),
    'data.stage': ({ id, name, base64 }) => staging.add(id, name, base64),
    'data.look': ({ id, ...request }) =>
      engine.request('data.look', { path: staging.pathOf(id), ...request }),
    'data.keep': ({ id, name, rewrite }) => staging.keep(id, name, rewrite),
    'data.try': (request) => staging.try(request),
    'data.discard': ({ id }) => staging.discard(id).then(() => ({})),
    'data.describe': ({ path }) => {
      if (!isAbsolute(path))
        throw new StudioError('relative-path', `"${path}" is not a whole path.`);
      return engine.request('data.describe', { path });
    },

    'runs.list': ({ projectId }) => runs.list(projectId),
    'runs.log': ({ runId, from }) => runs.log(runId, from),
    'runs.document': ({ runId }) => runs.document(runId),
    'runs.start': ({ projectPath, document, device, seed, epochs }) =>
      runs.start({ document, baseFolder: dirname(projectPath), device, seed, epochs }),
    'runs.startSeries': ({ projectPath, device, networks }) =>
      runs.startSeries(
        networks.map(({ document, tags }) => ({
          document,
          baseFolder: dirname(projectPath),
          device,
          seed: null,
          epochs: null,
          tags,
        })),
      ),
    'runs.begin': ({ runId }) => runs.begin(runId),
    'runs.annotate': ({ runId, ...annotations }) => runs.annotate(runId, annotations),
    'runs.resume': ({ runId }) => runs.resume(runId),
    'runs.keepGoing': ({ runId, epochs }) => runs.keepGoing(runId, epochs),
    'runs.branch': ({ runId, training }) => runs.branch(runId, training),
    'runs.pause': ({ runId }) => runs.pause(runId).then(() => ({})),
    'runs.continue': ({ runId }) => runs.continue(runId).then(() => ({})),
    'runs.stop': ({ runId }) => runs.stop(runId).then(() => ({})),
    'runs.delete': ({ runId }) => runs.delete(runId).then(() => ({})),
    'runs.trash': () => runs.trash(),
    'runs.restore': ({ runId, deleted }) => runs.restore(runId, deleted),
    'runs.deleteForGood': ({ runId, deleted }) =>
      runs.deleteForGood(runId, deleted).then(() => ({})),
    'runs.emptyTrash': () => runs.emptyTrash().then(() => ({})),
    'runs.predict': ({ runId, request }) => predictions.predict(runId, request),
    'runs.prefixes': ({ runId, job, input }) => predictions.prefixes(runId, job, input),
    'runs.rollOut': ({ runId, job, horizon }) => predictions.rollOut(runId, job, horizon),
    'runs.generate': ({ runId, job, ...request }) => predictions.generate(runId, job, request),
    'jobs.cancel': ({ job }) => predictions.cancel(job),
    'runs.gradients': ({ runId }) => predictions.gradients(runId),
    'runs.results': ({ runId }) => runs.results(runId),
    'runs.export': ({ runId, target, path, overwrite, verify }) =>
      exportRun(
        { folder: runs.folderOf(runId), target, path, overwrite, verify },
        {
          engine,
          onPhase: (phase) => emit('export.progress', { runId, target, phase }),
          signal: closing.signal,
        },
      ),
    'runs.exportPath': async ({ runId, target }) => {
      const document = await runs.document(runId);
      return { path: await freePath(join(workspace.folder, 'exports'), document, target) };
    },
  };

  return {
    handlers,
    attach(port) {
      const holding = holdingHandlers(
        leases,
        handlers,
        (path) => window.emit('project.wanted', { path }),
        (path, free) => window.emit('project.free', { path, free }),
      );
      const window = serve(studioContract, port, { ...handlers, ...holding.handlers }, (error) =>
        log(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      );
      windows.add(window);
      port.onClose(() => {
        windows.delete(window);
        holding.end();
      });
      // With the window's first request: before it, nobody may listen yet.
      const stop = port.onMessage(() => {
        stop();
        window.emit('engine.status', engine.report());
      });
    },
    open: (path) => emit('app.open', { path }),
    command: (id) => emit('app.command', { id }),
    enginePid: () => engine.pid(),
    async close(milliseconds = 15_000) {
      stopSettings();
      closing.abort();
      await runs.close(milliseconds);
      await engine.dispose();
      await staging.close();
      for (const window of windows) window.close();
    },
  };
}
