/** The folders of runs in a workspace: making one, finding one, listing them. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import type { DeviceChoice } from '#shared/ipc/devices';
import type { RunEntry } from '#shared/ipc/studio';
import { fileError, hasCode, makeFolder } from './files.js';
import { newRunId, readRecord, toEntry, writeRunDocument, type RunRecord } from './run-record.js';

export interface StartRequest {
  document: ProjectDocument;
  baseFolder: string | null;
  device: DeviceChoice;
  seed: number | null;
  epochs: number | null;
  /** A folder that is empty or not there yet; left out, one in the workspace is made. */
  folder?: string;
  tags?: string[];
}

export function folderOfRun(runsFolder: string, runId: string): string {
  if (!/^[\w-]+$/.test(runId))
    throw new StudioError('run-not-found', `There is no run "${runId}".`);
  return join(runsFolder, runId);
}

/** A folder with the document of a run that has not begun, and its record, which is not written yet. */
export async function newRun(
  runsFolder: string,
  request: StartRequest,
  now: Date,
  series: string | null,
): Promise<{ record: RunRecord; folder: string }> {
  const { document, baseFolder, device, seed, epochs, tags = [] } = request;
  const { id, folder } = await newRunFolder(runsFolder, now, request.folder);
  await writeRunDocument(folder, document);
  const record: RunRecord = {
    format: 'unroll-run',
    version: 1,
    id,
    projectId: document.id,
    projectName: document.name,
    created: now.toISOString(),
    baseFolder,
    device,
    seed: seed ?? document.training.seed,
    epochs,
    tags,
    note: '',
    series,
    parent: null,
    owner: null,
    state: { phase: 'idle' },
  };
  return { record, folder };
}

/** A new folder for a run: `given`, where it is empty or not there yet, or one in `runsFolder`. */
async function newRunFolder(
  runsFolder: string,
  now: Date,
  given: string | undefined,
): Promise<{ id: string; folder: string }> {
  const id = newRunId(now);
  if (given !== undefined) {
    await makeFolder(given);
    if ((await readdir(given)).length === 0) return { id, folder: given };
    throw new StudioError(
      'run-folder-exists',
      `"${given}" is not empty.`,
      'Choose another folder; a run that is there already goes on with --resume.',
      { file: given },
    );
  }
  const folder = join(runsFolder, id);
  await makeFolder(runsFolder);
  try {
    await mkdir(folder);
    return { id, folder };
  } catch (error) {
    // Two runs of one second with the same four random digits.
    if (hasCode(error, 'EEXIST')) return newRunFolder(runsFolder, now, given);
    throw fileError(error, folder, 'write');
  }
}

/**
 * Newest first. A damaged run is told to `log` and left out.
 * @param known what is known of the run in a folder better than its file says.
 */
export async function listRuns(
  runsFolder: string,
  known: (folder: string) => RunEntry | null,
  log: (line: string) => void,
): Promise<RunEntry[]> {
  const names = await readdir(runsFolder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw fileError(error, runsFolder, 'read');
  });
  const entries = await Promise.all(
    names.map(async (name): Promise<RunEntry | null> => {
      const folder = join(runsFolder, name);
      const entry = known(folder);
      if (entry !== null) return entry;
      try {
        return toEntry(await readRecord(folder), folder);
      } catch (error) {
        if (!hasCode(error, 'run-not-found'))
          log(error instanceof Error ? error.message : String(error));
        return null;
      }
    }),
  );
  return entries
    .filter((entry) => entry !== null)
    .sort((a, b) => b.created.localeCompare(a.created));
}
