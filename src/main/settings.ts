/**
 * The person's settings in one JSON file. Window, command line and engine read the same one; what is
 * given on a command line or in the environment wins over it.
 */
import { mkdtemp, rename, rmdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { StudioError, toWireError, type WireError } from '#shared/errors';
import {
  defaultSettings,
  settingsFileSchema,
  settingsSchema,
  settingsVersion,
  type Settings,
  type SettingsChange,
} from '#shared/settings';
import { describeError } from '#shared/zod-message';
import { fileError, hasCode, makeFolder, readText, timestamp, writeAtomic } from './files.js';

export interface SettingsStore {
  path: string;
  current(): Settings;
  /** Why the file did not count when it was read; null where it did, or where there was none. */
  problem: WireError | null;
  /**
   * Changes some of them and writes the file; changes happen one after the other.
   * @throws StudioError of `checkWorkspace`, `folder-not-writable` or `disk-full`; then nothing changed.
   */
  update(change: SettingsChange): Promise<Settings>;
  onChange(listener: (settings: Settings) => void): () => void;
}

/** UNROLL_SETTINGS, else `settings.json` where this system keeps a program's settings. */
export function settingsPath(): string {
  const named = process.env['UNROLL_SETTINGS'];
  if (named !== undefined && named !== '') return resolve(named);
  const home = homedir();
  const folder =
    process.platform === 'win32'
      ? join(process.env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Unroll Studio')
      : process.platform === 'darwin'
        ? join(home, 'Library', 'Application Support', 'Unroll Studio')
        : join(process.env['XDG_CONFIG_HOME'] || join(home, '.config'), 'unroll-studio');
  return join(folder, 'settings.json');
}

interface Read {
  settings: Settings;
  problem: WireError | null;
}

function parse(text: string): Settings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('it is not valid JSON');
  }
  const parsed = settingsFileSchema.safeParse(json);
  if (!parsed.success) throw new Error(describeError(parsed.error, json).message);
  return settingsSchema.parse({ ...defaultSettings, ...parsed.data });
}

/** A file that can't be used is moved aside, never overwritten. */
async function read(path: string): Promise<Read> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (hasCode(error, 'file-not-found')) return { settings: defaultSettings, problem: null };
    if (!hasCode(error, 'invalid-utf8'))
      return { settings: defaultSettings, problem: toWireError(error) };
    text = '';
  }
  try {
    return { settings: parse(text), problem: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const aside = `${path}.${timestamp(new Date())}.bak`;
    const kept = await rename(path, aside).then(
      () => `It is kept as "${aside}".`,
      () => 'It could not be moved aside.',
    );
    const problem = new StudioError(
      'settings-damaged',
      `The settings could not be read: ${why}. The defaults are used.`,
      kept,
      { file: path },
    );
    return { settings: defaultSettings, problem: problem.toWire() };
  }
}

/**
 * Whether a folder can be the workspace of the next start.
 * @throws StudioError `relative-path`, `file-not-found`, `not-a-folder` or `folder-not-writable`.
 */
export async function checkWorkspace(folder: string): Promise<void> {
  const place = { file: folder };
  if (!isAbsolute(folder))
    throw new StudioError(
      'relative-path',
      `"${folder}" is not a whole path.`,
      'Give it from the root of the disk.',
      place,
    );
  const found = await stat(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw fileError(error, folder, 'read');
    throw new StudioError(
      'file-not-found',
      `The folder "${folder}" does not exist.`,
      'Make it first, or give another one.',
      place,
    );
  });
  if (!found.isDirectory())
    throw new StudioError('not-a-folder', `"${folder}" is a file.`, 'Give a folder.', place);
  // Permissions alone don't tell of read-only disks on every system: writing does.
  const trial = join(folder, '.unroll-');
  await mkdtemp(trial).then(rmdir, (error: unknown) => {
    throw fileError(error, join(folder, 'projects'), 'write');
  });
}

/** Never fails: a file that can't be read counts as the defaults, and `problem` says so. */
export async function openSettings(path = settingsPath()): Promise<SettingsStore> {
  const first = await read(path);
  let current = first.settings;
  let queue: Promise<unknown> = Promise.resolve();
  const listeners = new Set<(settings: Settings) => void>();

  const write = async (change: SettingsChange): Promise<Settings> => {
    if (typeof change.workspace === 'string') await checkWorkspace(change.workspace);
    // Another studio of this person may have changed the file since.
    const { settings, problem } = await read(path);
    // What is damaged lies beside it now; what may only not be read stays as it is.
    if (problem !== null && problem.code !== 'settings-damaged')
      throw StudioError.fromWire(problem);
    const next = settingsSchema.parse({ ...settings, ...change });
    await makeFolder(dirname(path));
    const content = { version: settingsVersion, ...next };
    await writeAtomic(path, `${JSON.stringify(content, null, 2)}\n`);
    current = next;
    for (const listener of [...listeners]) listener(next);
    return next;
  };

  return {
    path,
    current: () => current,
    problem: first.problem,
    update(change) {
      const next = queue.then(() => write(change));
      queue = next.catch(() => {});
      return next;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
