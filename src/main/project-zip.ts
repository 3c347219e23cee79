/**
 * `.unroll.zip`: a run with all that belongs to it, to be opened in another workspace. It holds
 *
 *     unroll.json            what it is, and size and checksum of every other file
 *     project.unroll.json    the project as the run trained it
 *     data/<name>            the user's data file, where the project has one
 *     run/…                  the run's folder: record, program, vocabulary and scaler, weights, log, result,
 *                            and the newest checkpoint
 *
 * Paths of the machine it comes from are not in it.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { strToU8, zip, type AsyncZippable } from 'fflate';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import { serializeDocument } from '#shared/graph/parse';
import { preprocessingSchema, type Preprocessing } from '#shared/data/preprocessing';
import { isActive } from '#shared/run/state';
import { fileError, hasCode, makeFolder, readBytes, readText, writeAtomic } from './files.js';
import { newestCheckpoint, type RunRecord } from './run-record.js';

export const zipExtension = '.unroll.zip';
export const zipManifestName = 'unroll.json';
export const zipProjectName = 'project.unroll.json';

export const zipManifestSchema = z.object({
  format: z.literal('unroll-zip'),
  version: z.literal(1),
  /** Version of the studio that wrote it. */
  studio: z.string(),
  /** ISO 8601. */
  created: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number().int().min(0), sha256: z.string() })),
});
export type ZipManifest = z.infer<typeof zipManifestSchema>;

/** Files of a run's folder that go along as they are, where they are there. */
export const runFiles = [
  'program.json',
  'facts.json',
  'samples.json',
  'log.jsonl',
  'result.json',
  'weights/model.bin',
  'weights/model.json',
] as const;
export const checkpointFiles = ['state.json', 'weights.bin', 'slots.bin', 'best.bin'] as const;

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Where the data lie that a recipe names; null for a dataset that ships. */
export function dataPath(
  { data }: Pick<ProjectDocument, 'data'>,
  baseFolder: string | null,
): string | null {
  return data.source.kind === 'file' ? resolve(baseFolder ?? '', data.source.path) : null;
}

/** The recipe with its file elsewhere. */
export const withDataAt = <T extends ProjectDocument['data']>(recipe: T, path: string): T => ({
  ...recipe,
  source: { kind: 'file', path },
});

export interface ZipOptions {
  /** The run's folder, its record and its document. */
  folder: string;
  record: RunRecord;
  document: ProjectDocument;
  /** Of the studio. */
  version: string;
  path: string;
  overwrite: boolean;
}

/**
 * @returns what it lacks and why.
 * @throws StudioError `export-exists`, `not-a-zip-path`, `run-active`, `run-has-no-weights`, `disk-full`,
 * `folder-not-writable`.
 */
export async function writeProjectZip(options: ZipOptions): Promise<string[]> {
  const { folder, record, path, version } = options;
  await refusePath(options);
  if (isActive(record.state))
    throw new StudioError(
      'run-active',
      `Run ${record.id} is being trained.`,
      'Wait for its end or stop it first.',
    );
  const checkpoint = await newestCheckpoint(folder);
  if (checkpoint === null)
    throw new StudioError(
      'run-has-no-weights',
      `Run ${record.id} has no checkpoint.`,
      'It ended before its training began: start a new run.',
      { file: folder },
    );

  const files = new Map<string, Uint8Array>();
  const warnings: string[] = [];
  const paths = [
    ...runFiles,
    ...checkpointFiles.map((name) => `checkpoints/${checkpoint}/${name}`),
  ];
  for (const name of paths) {
    const bytes = await readIfThere(join(folder, name));
    if (bytes !== null) files.set(`run/${name}`, bytes);
  }
  let { document } = options;
  let preprocessing = await readPreprocessing(folder);
  const data = dataPath(document, record.baseFolder);
  if (data !== null) {
    // Where the person keeps it is nobody else's business.
    const place = `data/${basename(data)}`;
    document = { ...document, data: withDataAt(document.data, place) };
    preprocessing = { ...preprocessing, recipe: withDataAt(preprocessing.recipe, place) };
    const bytes = await readIfThere(data);
    if (bytes === null)
      warnings.push(
        `The data file "${data}" is not there any more: opened elsewhere, the run predicts but can't be trained on.`,
      );
    else files.set(place, bytes);
  }
  const json = (value: unknown): Uint8Array => strToU8(`${JSON.stringify(value, null, 2)}\n`);
  files.set('run/preprocessing.json', json(preprocessing));
  files.set('run/run.json', json({ ...record, baseFolder: null, owner: null }));
  files.set('run/document.json', strToU8(serializeDocument(document)));
  files.set(zipProjectName, strToU8(serializeDocument(document)));

  const manifest: ZipManifest = {
    format: 'unroll-zip',
    version: 1,
    studio: version,
    created: new Date().toISOString(),
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }]),
    ),
  };
  const archive = await compress({
    [zipManifestName]: json(manifest),
    ...Object.fromEntries(files),
  });
  await makeFolder(dirname(path));
  await writeAtomic(path, archive);
  return warnings;
}

async function refusePath({ path, overwrite }: ZipOptions): Promise<void> {
  const file = { file: path };
  if (!path.endsWith('.zip'))
    throw new StudioError(
      'not-a-zip-path',
      `"${path}" does not end with .zip.`,
      `Give it a name such as project${zipExtension}.`,
      file,
    );
  const found = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw fileError(error, path, 'read');
  });
  if (found === null || (found.isFile() && overwrite)) return;
  throw new StudioError(
    'export-exists',
    found.isFile() ? `"${path}" is there already.` : `"${path}" is a folder.`,
    found.isFile()
      ? 'Choose another name, or say that it may be replaced.'
      : 'Choose another name.',
    file,
  );
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readBytes(path);
  } catch (error) {
    if (hasCode(error, 'file-not-found')) return null;
    throw error;
  }
}

async function readPreprocessing(folder: string): Promise<Preprocessing> {
  return preprocessingSchema.parse(JSON.parse(await readText(join(folder, 'preprocessing.json'))));
}

const compress = (files: AsyncZippable): Promise<Buffer> =>
  new Promise((done, fail) =>
    zip(files, (error, bytes) => (error ? fail(error) : done(Buffer.from(bytes.buffer)))),
  );
