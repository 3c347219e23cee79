/** What the commands share: an engine of their own, the workspace's runs, and finding the project meant. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StudioError, type WireError } from '#shared/errors';
import { dataFindings } from '#shared/data/findings/index';
import { analyze } from '#shared/graph/analyze';
import type { ProjectDocument } from '#shared/graph/document';
import type { Problem } from '#shared/graph/problems';
import type { DeviceChoice, DeviceId } from '#shared/ipc/devices';
import { enginePath, examplesFolder } from '../app-paths.js';
import { forkEngine } from '../engine-process.js';
import { createEngineSupervisor, type EngineSupervisor } from '../engine-supervisor.js';
import { exampleIds, projectExtension, readProject } from '../projects.js';
import { workspacePath } from '../workspace.js';
import { CommandEnd, note } from './output.js';
import { personSettings } from './settings.js';

/** Runs a command with an engine process that ends with it. */
export async function withEngine<T>(work: (engine: EngineSupervisor) => Promise<T>): Promise<T> {
  if (!existsSync(enginePath)) {
    throw new CommandEnd(
      'internal',
      new StudioError('not-built', `${enginePath} is missing.`, 'Run `npm run build`.'),
    );
  }
  // What the engine prints is noise here, unless it dies: then its last words are in the error.
  const verbose = process.env['UNROLL_DEBUG'] !== undefined;
  const { threads } = (await personSettings()).current();
  const engine = createEngineSupervisor({
    path: enginePath,
    spawn: forkEngine,
    settings: () => ({ threads }),
    log: verbose ? note : () => {},
    // A command fails with its engine: nothing waits for another one.
    backOff: [],
  });
  engine.listen('log', ({ level, text }) => {
    if (verbose || level !== 'info') note(`${level}: ${text}`);
  });
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

export interface NamedProject {
  path: string;
  document: ProjectDocument;
  /** Where its relative data paths start. */
  baseFolder: string;
}

/** @param name path of a project file, or the id of an example. */
export async function loadProject(name: string): Promise<NamedProject> {
  const path = resolve(name);
  if (existsSync(path)) {
    const { document } = await readProject(path);
    return { path, document, baseFolder: dirname(path) };
  }
  const ids = await exampleIds(examplesFolder);
  if (ids.includes(name)) {
    const example = join(examplesFolder, `${name}${projectExtension}`);
    return {
      path: example,
      document: (await readProject(example)).document,
      baseFolder: examplesFolder,
    };
  }
  throw new StudioError(
    'file-not-found',
    `"${name}" is neither a file nor an example.`,
    `Examples: ${ids.join(', ')}.`,
  );
}

/** Folder of a run: that folder itself, or an id in the workspace. */
export function findRun(run: string, workspace: string | undefined): string {
  const folder = resolve(run);
  if (existsSync(join(folder, 'run.json'))) return folder;
  const inWorkspace = join(workspacePath(workspace), 'runs', run);
  if (/^[\w-]+$/.test(run) && existsSync(join(inWorkspace, 'run.json'))) return inWorkspace;
  throw new CommandEnd(
    'usage',
    new StudioError(
      'run-not-found',
      `"${run}" is neither a run's folder nor the id of a run in "${workspacePath(workspace)}".`,
      '`unroll train` prints id and folder of its run.',
    ),
  );
}

export interface Findings {
  problems: Problem[];
  /** Why the data can't be prepared; shapes that depend on it were not checked then. */
  dataError: WireError | null;
  warnings: { code: string; message: string; hint: string }[];
}

/** Checks the graph together with its data. Throws only what is neither's fault. */
export async function findProblems(
  engine: EngineSupervisor,
  { document, baseFolder }: NamedProject,
): Promise<Findings> {
  try {
    const preview = await engine.request('data.preview', {
      recipe: document.data,
      baseFolder,
      batchSize: document.training.batchSize,
    });
    const warnings = dataFindings(document.data, preview, document.training)
      .filter(({ severity }) => severity === 'warning')
      .map(({ code, title, explanation }) => ({ code, message: title, hint: explanation }));
    return { problems: analyze(document, preview.facts).problems, dataError: null, warnings };
  } catch (error) {
    const ours =
      error instanceof StudioError &&
      !['internal', 'engine-died', 'engine-failed'].includes(error.code);
    if (!ours) throw error;
    return { problems: analyze(document, null).problems, dataError: error.toWire(), warnings: [] };
  }
}

export const hasErrors = ({ problems, dataError }: Findings): boolean =>
  dataError !== null || problems.some(({ severity }) => severity === 'error');

/** The one that `auto` takes. */
export async function bestDevice(engine: EngineSupervisor): Promise<DeviceId> {
  const best = (await engine.request('devices.list', {})).find(({ chosen }) => chosen);
  // The cpu is always there.
  return best?.id ?? 'cpu';
}

/** Throws `device-unavailable` with the reason, before anything is made for a run. */
export async function requireDevice(engine: EngineSupervisor, device: DeviceChoice): Promise<void> {
  if (device === 'auto') return;
  const reports = await engine.request('devices.list', {});
  const report = reports.find(({ id }) => id === device);
  if (report?.available === true) return;
  const there = reports.filter(({ available }) => available).map(({ id }) => id);
  throw new StudioError(
    'device-unavailable',
    `The device "${device}" is not available: ${report?.reason ?? 'it is not known here.'}`,
    `Available: ${there.join(', ')}.`,
  );
}
