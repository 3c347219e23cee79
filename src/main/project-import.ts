/** Opening a `.unroll.zip`: its project, data file and run become part of the workspace. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import { preprocessingSchema } from '#shared/data/preprocessing';
import type { Imported, OpenProject } from '#shared/ipc/studio';
import { keepData } from './data-import.js';
import { fileError, hasCode, makeFolder, readText, writeAtomic } from './files.js';
import {
  checkpointFiles,
  dataPath,
  runFiles,
  sha256,
  withDataAt,
  zipManifestName,
  zipManifestSchema,
  zipProjectName,
} from './project-zip.js';
import { isRunning } from './processes.js';
import type { Projects } from './projects.js';
import { readRecord, readRunDocument, writeRecord, writeRunDocument } from './run-record.js';
import type { Workspace } from './workspace.js';

/** Unpacked, of one file and of all together. */
const limits = { file: 512 * 1024 * 1024, all: 1024 * 1024 * 1024, count: 100 };

const dataName = /^data\/[^/\\\0]{1,255}$/;
const known = new Set<string>([
  zipManifestName,
  zipProjectName,
  ...[...runFiles, 'run.json', 'document.json', 'preprocessing.json'].map((name) => `run/${name}`),
]);
const checkpointName = new RegExp(
  `^run/checkpoints/\\d{1,15}/(${checkpointFiles.join('|').replaceAll('.', '\\.')})$`,
);

/**
 * Overwrites nothing. A run that the workspace has already is not made twice; a project of which it has
 * another version becomes a project of its own, to which the run then belongs.
 *
 * @param name of the file, for messages.
 * @throws StudioError `bad-zip` where it is damaged, of another kind, or holds what it must not.
 */
export async function importProjectZip(
  name: string,
  bytes: Uint8Array,
  workspace: Workspace,
  projects: Projects,
): Promise<Imported> {
  const files = unpack(name, bytes);
  await cleanLeftovers(workspace.folder);
  const unique = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const staging = join(workspace.folder, `.import-${unique}`);
  try {
    for (const [path, content] of files) {
      if (!path.startsWith('run/')) continue;
      await writeStaged(join(staging, path.slice('run/'.length)), content);
    }
    return await install(name, files, staging, workspace, projects);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Of processes that ended in the middle. */
async function cleanLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\.import-(\d+)-[0-9a-f]+$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function install(
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
  staging: string,
  workspace: Workspace,
  projects: Projects,
): Promise<Imported> {
  const record = await readRecord(staging);
  if (!/^[\w-]+$/.test(record.id)) throw badZip(name, `"${record.id}" can't be the id of a run`);
  const preprocessing = preprocessingSchema.parse(
    JSON.parse(await readText(join(staging, 'preprocessing.json'))),
  );
  const packed = parseDocument(textOf(name, files, zipProjectName), zipProjectName);
  const ran = await readRunDocument(staging);
  const folder = join(workspace.runs, record.id);

  if (await exists(folder)) {
    const { projectId, baseFolder } = await readRecord(folder);
    const document = await readRunDocument(folder);
    const data = dataPath(document, baseFolder);
    const project =
      (await projectWithId(projects, projectId)) ??
      (await projects.create(
        data === null ? document : { ...document, data: withDataAt(document.data, data) },
      ));
    return { project, runId: record.id, runWasThere: true };
  }

  const data = [...files].find(([path]) => path.startsWith('data/'));
  const dataAt =
    data === undefined ? null : await keepData(workspace.data, basename(data[0]), data[1]);
  const place = <T extends ProjectDocument['data']>(recipe: T): T =>
    dataAt === null
      ? recipe
      : withDataAt(recipe, relative(workspace.projects, dataAt).replaceAll('\\', '/'));
  const wanted = { ...packed, data: place(packed.data) };
  const project = await projectFor(wanted, projects);
  const { id } = project.document;
  // The device that it was trained on may not be here.
  const here = { device: 'auto' as const, baseFolder: workspace.projects };
  await writeRecord(staging, { ...record, ...here, projectId: id });
  await writeRunDocument(staging, { ...ran, id, data: place(ran.data) });
  await writeAtomic(
    join(staging, 'preprocessing.json'),
    `${JSON.stringify({ ...preprocessing, recipe: place(preprocessing.recipe) }, null, 2)}\n`,
  );
  try {
    await rename(staging, folder);
  } catch (error) {
    throw fileError(error, folder, 'write');
  }
  return { project, runId: record.id, runWasThere: false };
}

/** The workspace's own where it is the same; else a new one, with an id that no project has. */
async function projectFor(document: ProjectDocument, projects: Projects): Promise<OpenProject> {
  const own = await projectWithId(projects, document.id);
  if (own === null) return projects.create(document);
  const content = (one: ProjectDocument): string =>
    serializeDocument(
      one.data.source.kind === 'file' ? { ...one, data: withDataAt(one.data, 'its own') } : one,
    );
  if (content(own.document) === content(document)) return own;
  return projects.create({ ...document, id: randomUUID() });
}

async function projectWithId(projects: Projects, id: string): Promise<OpenProject | null> {
  const found = (await projects.list()).find((entry) => entry.id === id);
  return found === undefined ? null : projects.open(found.path);
}

/** Every file by its path, checked against names that are known, sizes, and the manifest's checksums. */
function unpack(name: string, bytes: Uint8Array): Map<string, Uint8Array> {
  let all = 0;
  let count = 0;
  const packed = attempt(name, () =>
    unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        if (path.endsWith('/')) return false;
        if (!known.has(path) && !dataName.test(path) && !checkpointName.test(path))
          throw badZip(name, `"${path}" does not belong in it`);
        all += originalSize;
        count += 1;
        if (originalSize > limits.file || all > limits.all || count > limits.count)
          throw badZip(name, `"${path}" makes it larger than can be opened`);
        return true;
      },
    }),
  );
  const files = new Map(Object.entries(packed));
  const manifest = attempt(name, () =>
    zipManifestSchema.parse(JSON.parse(textOf(name, files, zipManifestName))),
  );
  files.delete(zipManifestName);
  const listed = Object.keys(manifest.files);
  for (const path of [...files.keys(), ...listed]) {
    const expected = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined;
    const content = files.get(path);
    if (content === undefined || expected === undefined || sha256(content) !== expected.sha256)
      throw badZip(name, `"${path}" is damaged or missing`);
  }
  return files;
}

function textOf(name: string, files: ReadonlyMap<string, Uint8Array>, path: string): string {
  const content = files.get(path);
  if (content === undefined) throw badZip(name, `it has no ${path}`);
  return strFromU8(content);
}

function attempt<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StudioError) throw error;
    throw badZip(name, 'it is damaged, or not written by Unroll Studio');
  }
}

const badZip = (name: string, why: string): StudioError =>
  new StudioError(
    'bad-zip',
    `"${name}" can't be opened: ${why}.`,
    'Export it again from the studio that trained it.',
    { file: name },
  );

async function writeStaged(path: string, content: Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  try {
    await writeFile(path, content, { flush: true });
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return false;
      throw fileError(error, path, 'read');
    },
  );
