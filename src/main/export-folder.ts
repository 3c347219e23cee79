/**
 * Folders that are whole or not there. What is being written lies beside its place under a name that says
 * so, and takes the place when it is done; an earlier export stays until then. What a crash leaves behind
 * is cleaned away by the next export to the same place.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '#shared/errors';
import { exportTargetSchema } from '#shared/run/exported';
import { fileError, hasCode, makeFolder, readText, writeAtomic } from './files.js';
import { isRunning } from './processes.js';

/** Says of a folder that it is an export of ours: only such a one is ever replaced. */
export const manifestName = '.unroll-export.json';

const manifestSchema = z.object({
  format: z.literal('unroll-export'),
  version: z.literal(1),
  target: exportTargetSchema,
  /** Id of the run. */
  run: z.string(),
  /** ISO 8601. */
  created: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * @param fill writes into an empty folder; where it fails nothing has changed.
 * @throws StudioError `export-exists`, `not-an-export`, `folder-not-writable`, and what `fill` throws.
 */
export async function writeFolder(
  path: string,
  overwrite: boolean,
  manifest: Manifest,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await cleanLeftovers(path);
  await refuseExisting(path, overwrite);
  await makeFolder(dirname(path));
  const partial = besides(path, 'partial');
  try {
    await mkdir(partial);
  } catch (error) {
    throw fileError(error, partial, 'write');
  }
  try {
    await fill(partial);
    await writeAtomic(join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    // It may have come meanwhile.
    await refuseExisting(path, overwrite);
    await takePlace(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function takePlace(partial: string, path: string): Promise<void> {
  const old = besides(path, 'replaced');
  let replaced = false;
  try {
    if ((await contents(path))?.length === 0) await rmdir(path);
    else if (await exists(path)) {
      await rename(path, old);
      replaced = true;
    }
    await rename(partial, path);
  } catch (error) {
    if (replaced) await rename(old, path);
    throw fileError(error, path, 'write');
  }
  if (replaced) await rm(old, { recursive: true, force: true });
}

/** A name in the same folder, so that it can be renamed, with the process that made it. */
function besides(path: string, state: 'partial' | 'replaced'): string {
  const suffix = `${process.pid}-${randomBytes(3).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${state}-${suffix}`);
}

async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  const names = await contents(path);
  if (names === null || names.length === 0) return;
  if (!overwrite)
    throw new StudioError(
      'export-exists',
      `"${path}" is not empty.`,
      'Choose another folder, or say that it may be replaced.',
      { file: path },
    );
  const text = await readText(join(path, manifestName)).catch(() => 'null');
  if (isManifest(text)) return;
  throw new StudioError(
    'not-an-export',
    `"${path}" is no earlier export, so it is not replaced.`,
    'Choose another folder, or empty this one yourself.',
    { file: path },
  );
}

function isManifest(text: string): boolean {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Names in the folder; null where there is none. @throws StudioError where something else is there. */
async function contents(path: string): Promise<string[] | null> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'ENOTDIR'))
      throw new StudioError(
        'export-exists',
        `"${path}" can't be a folder: a file is in the way.`,
        'Choose another folder.',
        { file: path },
      );
    throw fileError(error, path, 'read');
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Of processes that ended in the middle: half-written folders go, an export that was moved away comes back. */
async function cleanLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const match = /^\.(.+)\.(partial|replaced)-(\d+)-[0-9a-f]{6}$/.exec(name);
    if (match?.[1] !== basename(path) || isRunning(Number(match[3]))) continue;
    const leftover = join(folder, name);
    if (match[2] === 'replaced' && !(await exists(path))) await rename(leftover, path);
    else await rm(leftover, { recursive: true, force: true });
  }
}
