/** What a run's folder holds for main: `run.json`, `document.json`, and the engine's `log.jsonl`. */
import { randomBytes } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import type { ProjectDocument } from '#shared/graph/document';
import { parseDocument, serializeDocument } from '#shared/graph/parse';
import { deviceChoiceSchema } from '#shared/ipc/devices';
import type { RunEntry } from '#shared/ipc/studio';
import { annotationFields } from '#shared/run/annotations';
import { parentSchema } from '#shared/run/branch';
import { runEventSchema, type RunEvent } from '#shared/run/events';
import type { LogPage } from '#shared/run/records';
import { isActive, runStateSchema, type RunState } from '#shared/run/state';
import { classWeightsSchema } from '#shared/training/class-weights';
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
  /** Where it branched off another run; older records lack it. */
  parent: parentSchema.nullable().default(null),
  /** What its rows count in the training loss by their class, since it began; left out where all count the same. */
  classWeights: classWeightsSchema.optional(),
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
export const checkpointsFolder = (folder: string): string => join(folder, 'checkpoints');

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
  parent: record.parent,
  classWeights: record.classWeights,
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
  const record = { ...parsed.data, seed: parsed.data.seed ?? (await documentSeed(folder)) };
  if (!isActive(record.state) || (await isAlive(record.owner, path))) return record;
  return { ...record, owner: null, state: await interrupted(record.state, folder) };
}

/** Older records left out a seed that is the document's. */
const documentSeed = (folder: string): Promise<number | null> =>
  readRunDocument(folder).then(
    ({ training }) => training.seed,
    () => null,
  );

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

/** A piece of a log that every process on its way reads in a few milliseconds. */
const pageBytes = 1 << 18;
const lineEnd = 10;

/**
 * The events in a piece of `log.jsonl`. A line that was torn by a crash is left out.
 * @param from where a line begins, in bytes.
 */
export async function readLogPage(folder: string, from: number): Promise<LogPage> {
  const path = join(folder, 'log.jsonl');
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(pageBytes), 0, pageBytes, from);
      const atEnd = bytesRead < pageBytes;
      const bytes = atEnd ? bytesRead : buffer.lastIndexOf(lineEnd) + 1 || bytesRead;
      const lines = buffer.toString('utf8', 0, bytes).split('\n');
      const events = lines.flatMap((line) => parseEvent(line) ?? []);
      return { events, next: atEnd ? null : from + bytes };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { events: [], next: null };
    throw fileError(error, path, 'read');
  }
}

function parseEvent(line: string): RunEvent | null {
  try {
    return runEventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
