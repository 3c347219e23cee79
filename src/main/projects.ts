/** Project files: listing, opening, saving without ever losing an earlier version. */
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import type { ExampleEntry, OpenProject, ProjectEntry } from '#shared/ipc/studio';
import {
  decodeText,
  fileError,
  hasCode,
  makeFolder,
  readBytes,
  readText,
  revisionOf,
  slug,
  timestamp,
  writeAtomic,
  writeNew,
} from './files.js';
import type { Workspace } from './workspace.js';

export const projectExtension = '.unroll.json';
const recentLimit = 50;
const backupLimit = 20;

export interface Projects {
  list(): Promise<ProjectEntry[]>;
  examples(): Promise<ExampleEntry[]>;
  open(path: string): Promise<OpenProject>;
  openExample(id: string): Promise<OpenProject>;
  create(document: ProjectDocument): Promise<OpenProject>;
  save(path: string, document: ProjectDocument, revision: string | null): Promise<string>;
  /** The project to show first: the last one open that still exists. */
  startPath(): Promise<string | null>;
}

/** Reads and parses a project file. Errors carry the path. */
export async function readProject(path: string): Promise<OpenProject> {
  const bytes = await readBytes(path);
  const document = parseDocument(decodeText(bytes, path), path);
  return { path, document, revision: revisionOf(bytes) };
}

export function exampleIds(folder: string): Promise<string[]> {
  return readdir(folder).then(
    (names) =>
      names
        .filter((name) => name.endsWith(projectExtension))
        .map((name) => name.slice(0, -projectExtension.length))
        .sort(),
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw fileError(error, folder, 'read');
    },
  );
}

export function createProjects(workspace: Workspace, examplesFolder: string): Projects {
  /** Files of which this session already kept the version it found. */
  const backedUp = new Set<string>();
  /** Copies of examples are made one after the other: two windows of a first start get the same one. */
  let copying: Promise<unknown> = Promise.resolve();
  /** Saves of one file happen one after the other. */
  const saving = new Map<string, Promise<unknown>>();

  const remember = (path: string): Promise<void> =>
    workspace.updateState((state) => ({
      ...state,
      recent: [path, ...state.recent.filter((other) => other !== path)].slice(0, recentLimit),
    }));

  async function entry(path: string): Promise<ProjectEntry | null> {
    const name = basename(path, projectExtension);
    try {
      const modified = (await stat(path)).mtime.toISOString();
      try {
        const { document } = await readProject(path);
        return { path, id: document.id, name: document.name, modified };
      } catch {
        // Listed all the same: opening it says what is wrong with it.
        return { path, id: '', name, modified };
      }
    } catch {
      return null;
    }
  }

  async function open(path: string): Promise<OpenProject> {
    if (!isAbsolute(path)) throw new StudioError('relative-path', `"${path}" is not a whole path.`);
    const project = await readProject(path);
    await remember(path);
    return project;
  }

  /** Keeps a copy of the version on disk in `backups/`, and the newest `backupLimit` of them. */
  async function backUp(path: string, content: Buffer): Promise<void> {
    const folder = join(
      workspace.backups,
      `${slug(basename(path, projectExtension), 'project')}-${revisionOf(path).slice(0, 8)}`,
    );
    await writeNew(folder, timestamp(new Date()), projectExtension, content);
    const old = (await readdir(folder)).sort().slice(0, -backupLimit);
    for (const name of old) await rm(join(folder, name), { force: true });
  }

  async function save(
    path: string,
    document: ProjectDocument,
    revision: string | null,
  ): Promise<string> {
    if (!isAbsolute(path) || !path.endsWith(projectExtension)) {
      throw new StudioError(
        'not-a-project-path',
        `"${path}" can't be a project file.`,
        `Use a whole path that ends with ${projectExtension}.`,
      );
    }
    const content = serializeDocument(document);
    const saved = revisionOf(content);
    let present: Buffer | null;
    try {
      present = await readBytes(path);
    } catch (error) {
      if (!hasCode(error, 'file-not-found')) throw error;
      present = null;
    }
    const found = present === null ? null : revisionOf(present);
    if (found === saved) return saved;
    if (revision !== null && found !== revision) {
      throw new StudioError(
        'revision-conflict',
        found === null
          ? `"${path}" was moved or deleted since it was opened.`
          : `"${path}" was changed by another program or window since it was opened.`,
        'Open it again to see that version, save yours under another name, or overwrite it.',
        { file: path },
      );
    }
    if (present !== null && (revision === null || !backedUp.has(path))) {
      await backUp(path, present);
      backedUp.add(path);
    }
    if (present === null) await makeFolder(dirname(path));
    await writeAtomic(path, content);
    return saved;
  }

  async function create(document: ProjectDocument): Promise<OpenProject> {
    const content = serializeDocument(document);
    const name = slug(document.name, 'project');
    const path = await writeNew(workspace.projects, name, projectExtension, content);
    backedUp.add(path);
    await remember(path);
    return { path, document, revision: revisionOf(content) };
  }

  async function copyExample(id: string): Promise<OpenProject> {
    const ids = await exampleIds(examplesFolder);
    if (!ids.includes(id)) {
      throw new StudioError(
        'unknown-example',
        `There is no example "${id}".`,
        `Examples: ${ids.join(', ')}.`,
      );
    }
    const earlier = (await workspace.readState()).examples[id];
    if (earlier !== undefined) {
      try {
        return await open(earlier);
      } catch (error) {
        if (!hasCode(error, 'file-not-found')) throw error;
      }
    }
    const source = join(examplesFolder, `${id}${projectExtension}`);
    const content = await readText(source);
    const document = parseDocument(content, source);
    const path = await writeNew(workspace.projects, id, projectExtension, content);
    await workspace.updateState((state) => ({
      ...state,
      examples: { ...state.examples, [id]: path },
    }));
    await remember(path);
    return { path, document, revision: revisionOf(content) };
  }

  function openExample(id: string): Promise<OpenProject> {
    const next = copying.then(() => copyExample(id));
    copying = next.catch(() => {});
    return next;
  }

  return {
    async list() {
      const { recent } = await workspace.readState();
      const own = (await exampleIds(workspace.projects)).map((name) =>
        join(workspace.projects, `${name}${projectExtension}`),
      );
      const entries = await Promise.all([...new Set([...own, ...recent])].map(entry));
      return entries
        .filter((one) => one !== null)
        .sort((a, b) => b.modified.localeCompare(a.modified));
    },
    async examples() {
      const ids = await exampleIds(examplesFolder);
      return Promise.all(
        ids.map(async (id) => {
          const path = join(examplesFolder, `${id}${projectExtension}`);
          const { document } = await readProject(path);
          const { name, description, data } = document;
          return { id, name, description, task: data.task, document };
        }),
      );
    },
    open,
    openExample,
    create,
    save(path, document, revision) {
      const earlier = saving.get(path) ?? Promise.resolve();
      const next = earlier.then(() => save(path, document, revision));
      const settled = next.catch(() => {});
      saving.set(path, settled);
      void settled.then(() => {
        if (saving.get(path) === settled) saving.delete(path);
      });
      return next;
    },
    async startPath() {
      const { recent } = await workspace.readState();
      for (const path of recent) {
        const there = await stat(path).then(
          (found) => found.isFile(),
          () => false,
        );
        if (there) return path;
      }
      return null;
    },
  };
}
