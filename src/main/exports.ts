/** Exporting a run: a whole folder (or file) at the place that was asked for, then its own check. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ExportTarget } from '#shared/codegen/types';
import type { ProjectDocument } from '#shared/graph/document';
import type { ExportPhase, ExportResult } from '#shared/run/exported';
import { appVersion } from './app-paths.js';
import type { EngineSupervisor } from './engine-supervisor.js';
import { manifestName, writeFolder, type Manifest } from './export-folder.js';
import { slug } from './files.js';
import { writeProjectZip, zipExtension } from './project-zip.js';
import { readRecord, readRunDocument, type RunRecord } from './run-record.js';
import { verifyExport } from './verify-export.js';

export interface ExportRequest {
  /** The run's folder. */
  folder: string;
  target: ExportTarget;
  /** Absolute. */
  path: string;
  /** Replaces an earlier export. */
  overwrite: boolean;
  verify: boolean;
}

export interface ExportContext {
  engine: EngineSupervisor;
  onPhase: (phase: ExportPhase) => void;
  /** Ends a check that runs. */
  signal?: AbortSignal;
}

/**
 * @throws StudioError `export-exists`, `not-an-export`, `run-not-found`, `run-has-no-weights`,
 * `folder-not-writable`, `disk-full`.
 */
export async function exportRun(
  request: ExportRequest,
  { engine, onPhase, signal }: ExportContext,
): Promise<ExportResult> {
  const { folder, target, path, verify } = request;
  if (!isAbsolute(path)) throw new StudioError('relative-path', `"${path}" is not a whole path.`);
  const record = await readRecord(folder);
  const document = await readRunDocument(folder);
  onPhase('writing');
  const written =
    target === 'zip'
      ? await zipFile(request, record, document)
      : await exportFolder(request, target, record, document, engine);
  const page = target === 'report' ? await readFile(join(path, 'report.html'), 'utf8') : null;
  if (!verify) return { target, path, ...written, verification: notAsked, page };
  onPhase('verifying');
  const verification = await verifyExport({
    target,
    folder: path,
    ...(signal === undefined ? {} : { signal }),
  });
  return { target, path, ...written, verification, page };
}

type Written = Pick<ExportResult, 'files' | 'warnings'>;

async function zipFile(
  { folder, path, overwrite }: ExportRequest,
  record: RunRecord,
  document: ProjectDocument,
): Promise<Written> {
  const version = appVersion;
  const warnings = await writeProjectZip({ folder, record, document, version, path, overwrite });
  return { files: [{ path: basename(path), bytes: (await stat(path)).size }], warnings };
}

async function exportFolder(
  { folder, path, overwrite }: ExportRequest,
  target: Exclude<ExportTarget, 'zip'>,
  record: RunRecord,
  document: ProjectDocument,
  engine: EngineSupervisor,
): Promise<Written> {
  const { id, created, baseFolder } = record;
  let warnings: string[] = [];
  const manifest: Manifest = {
    format: 'unroll-export',
    version: 1,
    target,
    run: id,
    created: new Date().toISOString(),
  };
  await writeFolder(path, overwrite, manifest, async (out) => {
    ({ warnings } = await engine.request('run.export', {
      folder,
      out,
      target,
      document: ranDocument(document, record),
      baseFolder,
      run: { id, created, studio_version: appVersion },
    }));
  });
  return { files: await filesIn(path), warnings };
}

const notAsked = {
  state: 'not-run' as const,
  reason: 'not-asked' as const,
  message: 'It was not verified.',
  install: null,
  verify: null,
};

/** What the run really trained: its own seed and epochs stand in the recipe. */
const ranDocument = (document: ProjectDocument, { seed, epochs }: RunRecord): ProjectDocument => ({
  ...document,
  training: {
    ...document.training,
    ...(seed === null ? {} : { seed }),
    ...(epochs === null ? {} : { epochs }),
  },
});

/** Every file below the folder with its size: README.md first, then by name. */
async function filesIn(folder: string): Promise<ExportResult['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name !== manifestName)
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const { size } = await stat(path);
        return { path: relative(folder, path).replaceAll('\\', '/'), bytes: size };
      }),
  );
  const first = ({ path }: { path: string }): number => (path === 'README.md' ? 0 : 1);
  return files.sort((a, b) => first(a) - first(b) || a.path.localeCompare(b.path));
}

/** A name for the export: `my-project-pytorch`, `my-project.unroll.zip`. */
export function exportName(document: ProjectDocument, target: ExportTarget): string {
  const name = slug(document.name, 'project');
  return target === 'zip' ? `${name}${zipExtension}` : `${name}-${target}`;
}

/** A path in the folder that nothing has yet. */
export async function freePath(
  folder: string,
  document: ProjectDocument,
  target: ExportTarget,
): Promise<string> {
  const name = exportName(document, target);
  const extension = target === 'zip' ? zipExtension : '';
  const stem = name.slice(0, name.length - extension.length);
  for (let count = 1; ; count++) {
    const path = join(folder, `${stem}${count === 1 ? '' : `-${count}`}${extension}`);
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) return path;
  }
}
