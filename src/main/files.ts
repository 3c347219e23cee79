/** Reading and writing files with errors that say which file, what is wrong and what to do. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { StudioError } from '#shared/errors';

/** True for a system error (`ENOENT`) or a `StudioError` (`file-not-found`) with this code. */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** A system error as a `StudioError` about `path`; anything else is a bug and stays as it is. */
export function fileError(error: unknown, path: string, action: 'read' | 'write'): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const place = { file: path };
  const folder = dirname(path);
  switch (code) {
    case 'ENOENT':
      return new StudioError(
        'file-not-found',
        action === 'read' ? `"${path}" does not exist.` : `The folder "${folder}" does not exist.`,
        action === 'read' ? 'Check the path; the file may have been moved or deleted.' : '',
        place,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return action === 'read'
        ? new StudioError(
            'file-not-readable',
            `"${path}" can't be read (${code}).`,
            'Check its permissions.',
            place,
          )
        : new StudioError(
            'folder-not-writable',
            `"${path}" can't be written: ${
              code === 'EROFS'
                ? 'its disk is read-only'
                : code === 'ENOTDIR'
                  ? 'a part of its path is a file, not a folder'
                  : 'the permission is missing'
            } (${code}).`,
            `Give yourself write permission for "${folder}", or use another folder.`,
            place,
          );
    case 'EISDIR':
      return new StudioError('not-a-file', `"${path}" is a folder, not a file.`, '', place);
    case 'ENOSPC':
    case 'EDQUOT':
      return new StudioError(
        'disk-full',
        `"${path}" can't be written: the disk is full (${code}).`,
        'Free some space, for example by emptying the trash folder of the workspace. Nothing that was saved before is lost.',
        place,
      );
    case 'ENAMETOOLONG':
      return new StudioError(
        'name-too-long',
        `The name "${basename(path)}" is too long.`,
        '',
        place,
      );
    default:
      return error;
  }
}

export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/** UTF-8 text without its byte-order mark. Throws `invalid-utf8` where the bytes are something else. */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path), path);
}

export function decodeText(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new StudioError(
      'invalid-utf8',
      `"${path}" is not valid UTF-8 text.`,
      'Save it with the encoding UTF-8 and try again.',
      { file: path },
    );
  }
}

/** Replaces the whole file or leaves it as it was: a new file beside it, flushed, then renamed over it. */
export async function writeAtomic(path: string, content: string | Buffer): Promise<void> {
  try {
    await writeFileAtomic(path, content);
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

/** Makes the folder and those above it. (Node's recursive mkdir calls a read-only disk ENOENT.) */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') && dirname(path) !== path) {
      await makeFolder(dirname(path));
      return makeFolder(path);
    }
    if (!hasCode(error, 'EEXIST')) throw fileError(error, path, 'write');
    const found = await stat(path).catch((reason: unknown) => {
      throw fileError(reason, path, 'write');
    });
    if (found.isDirectory()) return;
    throw new StudioError(
      'folder-not-writable',
      `"${path}" is a file, and a folder is needed there.`,
      'Move the file away, or use another folder.',
      { file: path },
    );
  }
}

/**
 * Makes an empty file under the first free name, `name.ext`, `name-2.ext`, …, so that two writers never get
 * the same one.
 * @param fits says of a file that has such a name that it will do; then nothing is made.
 */
export async function claimNew(
  folder: string,
  name: string,
  extension: string,
  fits: (path: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<{ path: string; claimed: boolean }> {
  await makeFolder(folder);
  for (let count = 1; ; count++) {
    const path = join(folder, `${name}${count === 1 ? '' : `-${count}`}${extension}`);
    try {
      await (await open(path, 'wx')).close();
      return { path, claimed: true };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw fileError(error, path, 'write');
      if (await fits(path)) return { path, claimed: false };
    }
  }
}

/** Writes a new file under the first free name and returns its path. */
export async function writeNew(
  folder: string,
  name: string,
  extension: string,
  content: string | Buffer,
): Promise<string> {
  const { path } = await claimNew(folder, name, extension);
  try {
    await writeAtomic(path, content);
    return path;
  } catch (error) {
    await unlink(path);
    throw error;
  }
}

/** Moves a file or folder into `folder` under a free name; returns where it lies now. */
export async function moveInto(folder: string, path: string): Promise<string> {
  await makeFolder(folder);
  const stamp = timestamp(new Date());
  const target = join(folder, `${basename(path)}--${stamp}`);
  try {
    await rename(path, target);
    return target;
  } catch (error) {
    throw fileError(error, path, 'write');
  }
}

export const revisionOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/** `20260131-235959-123`, UTC: sorts by time and can stand in a file name. */
export function timestamp(date: Date): string {
  const [day, time] = date.toISOString().replace('Z', '').split('T');
  return `${day?.replaceAll('-', '')}-${time?.replaceAll(':', '').replace('.', '-')}`;
}

/** A short file name made from a person's text: `Café: 2. try` becomes `cafe-2-try`. */
export function slug(text: string, fallback: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const short = Array.from(plain).slice(0, 60).join('').replace(/-+$/, '');
  // Names that Windows keeps for devices can't be file names there.
  return short === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/.test(short) ? fallback : short;
}
