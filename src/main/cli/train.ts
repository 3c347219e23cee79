/** `unroll train`: trains a project in the terminal. The run is kept like the studio's own. */
import { join, resolve } from 'node:path';
import { StudioError } from '#shared/errors';
import { formatProblem } from '#shared/graph/problems';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { RunEntry } from '#shared/ipc/studio';
import type { RunEvent, RunSummary } from '#shared/run/events';
import type { EngineSupervisor } from '../engine-supervisor.js';
import { createRuns, type Runs, type RunsListener } from '../runs.js';
import { readRecord, readRunDocument } from '../run-record.js';
import { workspacePath } from '../workspace.js';
import { exitCodes } from './exit-codes.js';
import { CommandEnd, failingAs, note, printJson } from './output.js';
import { createReporter, printSummary } from './progress.js';
import {
  findProblems,
  hasErrors,
  loadProject,
  requireDevice,
  withEngine,
  type NamedProject,
} from './session.js';

export interface TrainOptions {
  out?: string;
  device: DeviceChoice;
  epochs?: number;
  seed?: number;
  resume?: boolean;
  json?: boolean;
  workspace?: string;
}

export async function train(name: string, options: TrainOptions): Promise<number> {
  const project = await failingAs('badProject', () => loadProject(name));
  if (options.resume === true && options.seed !== undefined) {
    throw new CommandEnd(
      'usage',
      new StudioError('seed-of-resumed-run', 'A resumed run keeps its seed.', 'Leave --seed out.'),
    );
  }
  return withEngine(async (engine) => {
    await refuseBadProject(engine, project);
    await failingAs('deviceUnavailable', () => requireDevice(engine, options.device));

    const reporter = createReporter(project.document, options.json === true);
    const waiting = waitForEnd(reporter.event);
    const runs = createRuns({
      ...runFolders(options.workspace),
      engine,
      log: note,
      listener: waiting.listener,
    });
    const signals = stopOnSignal(runs, waiting.runId);
    try {
      const entry = await startOrResume(runs, project, options);
      note(`Run ${entry.id} in ${entry.folder}`);
      const end = await waiting.end;
      reporter.close();
      // Nothing is active any more: this waits for the last write of run.json.
      await runs.close(0);
      if (end.type === 'failed') {
        const error = StudioError.fromWire(end.error);
        if (error.code === 'engine-died' && signals.count() > 0) throw new CommandEnd('stopped');
        return await failingAs('trainingFailed', () => Promise.reject<number>(error));
      }
      const { reason, ...scores } = end.summary;
      if (options.json === true) {
        const { id, folder } = entry;
        printJson({ type: 'done', run: id, folder, reason, ...scores } satisfies DoneLine);
      } else printSummary(end.summary, entry);
      return reason === 'stopped' && signals.count() > 0
        ? exitCodes.stopped.code
        : exitCodes.ok.code;
    } finally {
      reporter.close();
      signals.off();
    }
  });
}

/** The last line of `--json`: the summary's fields beside where the run lies. */
type DoneLine = { type: 'done'; run: string; folder: string } & RunSummary;

async function refuseBadProject(engine: EngineSupervisor, project: NamedProject): Promise<void> {
  const findings = await failingAs('badProject', () => findProblems(engine, project));
  for (const problem of findings.problems) note(formatProblem(problem));
  for (const { message, hint } of findings.warnings) note(`warning: data: ${message} ${hint}`);
  if (!hasErrors(findings)) return;
  if (findings.dataError !== null)
    throw new CommandEnd('badProject', StudioError.fromWire(findings.dataError));
  const errors = findings.problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  throw new CommandEnd(
    'badProject',
    new StudioError(
      first?.code ?? 'checks-failed',
      `"${project.document.name}" can't be trained: ${errors.length} ${errors.length === 1 ? 'problem' : 'problems'}, the first: ${first?.message ?? ''}`,
      first?.hint ?? '',
      {
        file: project.path,
        ...(first === undefined || first.node === null ? {} : { node: first.node }),
      },
    ),
  );
}

export function runFolders(workspace: string | undefined): {
  runsFolder: string;
  trashFolder: string;
} {
  const folder = workspacePath(workspace);
  return { runsFolder: join(folder, 'runs'), trashFolder: join(folder, 'trash') };
}

async function startOrResume(
  runs: Runs,
  project: NamedProject,
  { out, resume, device, epochs, seed }: TrainOptions,
): Promise<RunEntry> {
  if (resume !== true) {
    return failingAs(out === undefined ? 'trainingFailed' : 'usage', () =>
      runs.start({
        document: project.document,
        baseFolder: project.baseFolder,
        device,
        seed: seed ?? null,
        epochs: epochs ?? null,
        ...(out === undefined ? {} : { folder: resolve(out) }),
      }),
    );
  }
  return failingAs('usage', async () => {
    const folder = out === undefined ? await newestRun(runs, project) : resolve(out);
    const { projectId } = await readRecord(folder);
    if (projectId !== project.document.id) {
      throw new StudioError(
        'other-project',
        `The run in "${folder}" is of another project.`,
        'Give the project that it was started from.',
      );
    }
    const { graph, data } = await readRunDocument(folder);
    const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
    if (!same(graph, project.document.graph) || !same(data, project.document.data))
      note('The project was changed since the run began: the run goes on with what it began with.');
    return runs.resumeFolder(folder, {
      ...(device === 'auto' ? {} : { device }),
      ...(epochs === undefined ? {} : { epochs }),
    });
  });
}

async function newestRun(runs: Runs, { document }: NamedProject): Promise<string> {
  const [newest] = await runs.list(document.id);
  if (newest !== undefined) return newest.folder;
  throw new StudioError(
    'run-not-found',
    `The workspace has no run of "${document.name}" to go on with.`,
    'Leave --resume out, or name its folder with --out.',
  );
}

type RunEnd = Extract<RunEvent, { type: 'done' | 'failed' }>;

interface Waiting {
  listener: RunsListener;
  /** Id of the run as soon as there is one. */
  runId(): string | null;
  end: Promise<RunEnd>;
}

/** @param report gets every event but the last one, which the command prints with more in it. */
function waitForEnd(report: (event: RunEvent) => void): Waiting {
  let runId: string | null = null;
  let finish: (end: RunEnd) => void = () => {};
  const end = new Promise<RunEnd>((resolve) => (finish = resolve));
  return {
    listener: {
      event(_, event) {
        if (event.type === 'done' || event.type === 'failed') finish(event);
        else report(event);
      },
      changed: ({ id }) => (runId = id),
      deleted() {},
    },
    runId: () => runId,
    end,
  };
}

/** The first Ctrl-C or SIGTERM stops the run with a checkpoint, the second ends at once. */
function stopOnSignal(runs: Runs, runId: () => string | null): { count(): number; off(): void } {
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    const id = runId();
    if (count > 1 || id === null) process.exit(exitCodes.stopped.code);
    note('\nStopping after this batch, with a checkpoint. Ctrl-C again ends at once.');
    runs.stop(id).catch(() => {});
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    count: () => count,
    off() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
