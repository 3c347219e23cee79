/** Deleted runs: their folders lie in the workspace's trash until it is emptied. */
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { RunEntry, TrashedRun } from '#shared/ipc/studio';
import { fileError, hasCode, makeFolder, moveInto } from './files.js';
import { readRecord, toEntry } from './run-record.js';

export interface RunTrash {
  /** Newest first; what is in the trash and is no run is left out. */
  list(): Promise<TrashedRun[]>;
  take(runFolder: string): Promise<void>;
  /** Throws `run-not-in-trash`, or `run-exists` where the workspace has a run of this id again. */
  restore(runId: string, deleted: string | null): Promise<RunEntry>;
  /** For good. Throws `run-not-in-trash`. */
  remove(runId: string, deleted: string): Promise<void>;
  empty(): Promise<void>;
}

/** As `moveInto` names what it moves. */
const trashedName = /^(.+)--(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{3})$/;

interface Found extends TrashedRun {
  folder: string;
}

export function createRunTrash(runsFolder: string, trashFolder: string): RunTrash {
  async function find(name: string): Promise<Found | null> {
    const [, id, year, month, day, hours, minutes, seconds, milliseconds] =
      trashedName.exec(name) ?? [];
    if (id === undefined) return null;
    const folder = join(trashFolder, name);
    try {
      const run = toEntry(await readRecord(folder), folder);
      const deleted = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`;
      return run.id === id ? { run, deleted, bytes: await sizeOf(folder), folder } : null;
    } catch (error) {
      if (error instanceof StudioError) return null;
      throw error;
    }
  }

  async function all(): Promise<Found[]> {
    const names = await readdir(trashFolder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw fileError(error, trashFolder, 'read');
    });
    const found = await Promise.all(names.map(find));
    return found.filter((one) => one !== null).sort((a, b) => b.deleted.localeCompare(a.deleted));
  }

  /** A run that was brought back as a copy and deleted again lies there twice: null takes the newer one. */
  async function one(runId: string, deleted: string | null): Promise<Found> {
    const found = (await all()).find(
      (candidate) =>
        candidate.run.id === runId && (deleted === null || candidate.deleted === deleted),
    );
    if (found !== undefined) return found;
    throw new StudioError('run-not-in-trash', `Run ${runId} is not in the trash any more.`);
  }

  async function removeFolder(folder: string): Promise<void> {
    try {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw fileError(error, folder, 'write');
    }
  }

  return {
    list: async () => (await all()).map(({ run, deleted, bytes }) => ({ run, deleted, bytes })),
    async take(runFolder) {
      await moveInto(trashFolder, runFolder);
    },
    async restore(runId, deleted) {
      const found = await one(runId, deleted);
      const folder = join(runsFolder, runId);
      await makeFolder(runsFolder);
      if (await stat(folder).catch(() => null))
        throw new StudioError('run-exists', `The workspace has a run ${runId} already.`);
      try {
        await rename(found.folder, folder);
      } catch (error) {
        throw fileError(error, folder, 'write');
      }
      return { ...found.run, folder };
    },
    async remove(runId, deleted) {
      const { folder } = await one(runId, deleted);
      await removeFolder(folder);
    },
    async empty() {
      for (const { folder } of await all()) await removeFolder(folder);
    },
  };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
