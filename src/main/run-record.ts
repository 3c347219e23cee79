/** What a run's folder holds for main: `run.json`, `document.json`, and the engine's `log.jsonl`. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import { deviceChoiceSchema } from '#shared/ipc/devices';
import type { RunEntry } from '#shared/ipc/studio';
import { annotationFields } from '#shared/run/annotations';
import { runEventSchema } from '#shared/run/events';
import { addRecord, type RunRecords } from '#shared/run/records';
import { isActive, runStateSchema, type RunState } from '#shared/run/state';
import { describeError } from '#shared/zod-message';
import { fileError, hasCode, readText, timestamp, writeAtomic } from './files.js';
import { isRunning } from './processes.js';

const runRecordSchema = z.object({
  format: z.literal('unroll-run'),
  version: z.literal(1),
  id: z.string(),
  projectId: z.string(),
  projectName: z.string(),
  /** ISO 8601. */
  created: z.string(),
  /** Where relative data paths start. */
  baseFolder: z.string().nullable(),
  device: deviceChoiceSchema,
  seed: z.number().int().nullable(),
  epochs: z.number().int().nullable(),
  tags: annotationFields.tags.default([]),
  note: annotationFields.note.default(''),
  /** Shared by the runs that were started together to be compared. */
  series: z.string().nullable().default(null),
  /** The main process that works on it, while it is active. */
  owner: z.object({ pid: z.number().int(), host: z.string() }).nullable(),
  state: runStateSchema,
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Main touches `run.json` this often while a run is active, in milliseconds. */
export const heartbeatInterval = 10_000;

export const ownProcess = (): NonNullable<RunRecord['owner']> => ({
  pid: process.pid,
  host: hostname(),
});

const recordPath = (folder: string): string => join(folder, 'run.json');
const documentPath = (folder: string): string => join(folder, 'document.json');
const checkpointsFolder = (folder: string): string => join(folder, 'checkpoints');

/** `20260131-235959-a1b2`: sorts by time, UTC. */
export const newRunId = (now: Date): string =>
  `${timestamp(now).slice(0, 15)}-${randomBytes(2).toString('hex')}`;

export const toEntry = (record: RunRecord, folder: string): RunEntry => ({
  id: record.id,
  projectId: record.projectId,
  projectName: record.projectName,
  folder,
  created: record.created,
  seed: record.seed,
  epochs: record.epochs,
  tags: record.tags,
  note: record.note,
  series: record.series,
  state: record.state,
});

/**
 * The record of a run folder. A run that is written down as active although no process works on it any
 * more was interrupted: it is given back as failed, with the checkpoint it can be resumed from.
 */
export async function readRecord(folder: string): Promise<RunRecord> {
  const path = recordPath(folder);
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (!hasCode(error, 'file-not-found')) throw error;
    throw new StudioError('run-not-found', `"${folder}" is not a run folder: it has no run.json.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StudioError('run-damaged', `"${path}" is not JSON.`, '', { file: path });
  }
  const parsed = runRecordSchema.safeParse(json);
  if (!parsed.success) {
    const { message, place } = describeError(parsed.error, json);
    throw new StudioError('run-damaged', `The file is not a run of this version: ${message}`, '', {
      file: path,
      ...place,
    });
  }
  const record = parsed.data;
  if (!isActive(record.state) || (await isAlive(record.owner, path))) return record;
  return { ...record, owner: null, state: await interrupted(record.state, folder) };
}

export const writeRecord = (folder: string, record: RunRecord): Promise<void> =>
  writeAtomic(recordPath(folder), `${JSON.stringify(record, null, 2)}\n`);

export const heartbeatPath = recordPath;

export async function readRunDocument(folder: string): Promise<ProjectDocument> {
  const path = documentPath(folder);
  return parseDocument(await readText(path), path);
}

export const writeRunDocument = (folder: string, document: ProjectDocument): Promise<void> =>
  writeAtomic(documentPath(folder), serializeDocument(document));

/** Another living main process on this machine; a process id that was given anew has no heartbeat. */
async function isAlive(owner: RunRecord['owner'], path: string): Promise<boolean> {
  if (owner === null || owner.pid === process.pid) return false;
  const age = Date.now() - (await stat(path)).mtimeMs;
  if (age > 6 * heartbeatInterval) return false;
  if (owner.host !== hostname()) return true;
  return isRunning(owner.pid);
}

async function interrupted(state: RunState, folder: string): Promise<RunState> {
  const checkpointStep =
    (await newestCheckpoint(folder)) ?? (state.phase === 'idle' ? null : state.checkpointStep);
  const error = new StudioError(
    'interrupted',
    'The studio ended while this run was active.',
    checkpointStep === null
      ? 'It had not begun to train: start it again.'
      : `Resume it from its checkpoint at step ${checkpointStep}.`,
  );
  return { phase: 'failed', error: error.toWire(), checkpointStep };
}

/** Step of the newest checkpoint in the folder, `checkpoints/<step>/`. */
export async function newestCheckpoint(folder: string): Promise<number | null> {
  let names: string[];
  try {
    names = await readdir(checkpointsFolder(folder));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw fileError(error, checkpointsFolder(folder), 'read');
  }
  const steps = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return steps.length === 0 ? null : Math.max(...steps);
}

/**
 * Every batch and epoch of `log.jsonl`. A line that was torn by a crash is left out, and what was trained
 * after the checkpoint that a run resumed from is replaced by what the resumed run logged.
 */
export async function readLog(folder: string): Promise<RunRecords> {
  const records: RunRecords = { batches: [], epochs: [] };
  const path = join(folder, 'log.jsonl');
  try {
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
    for await (const line of lines) {
      const event = parseEvent(line);
      if (event !== null) addRecord(records, event);
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw fileError(error, path, 'read');
  }
  return records;
}

function parseEvent(line: string): z.infer<typeof runEventSchema> | null {
  try {
    return runEventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
