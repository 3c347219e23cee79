/** Writing into a run's folder: whole files or nothing, and errors that say what to do. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { StudioError } from '#shared/errors';

/** What a failed write means for the person; other errors are returned as they are. */
export function fileError(thrown: unknown, path: string): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StudioError(
        'disk-full',
        `There is no space left to write ${path}.`,
        'Free some space and resume: the last whole checkpoint is kept.',
        { file: path },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StudioError(
        'folder-not-writable',
        `No permission to write ${path}.`,
        'Give yourself write permission there, or choose another folder.',
        { file: path },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new StudioError(
        'folder-not-writable',
        `${path} can't be written: a file lies where a folder is needed.`,
        'Move that file away, or choose another folder.',
        { file: path },
      );
    default:
      return thrown;
  }
}

export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Atomic and on the disk when it returns: a reader sees the old file or the new one. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const partial = `${path}.tmp`;
  try {
    await writeFile(partial, data, { flush: true });
    await rename(partial, path);
  } catch (error) {
    throw fileError(error, path);
  }
}

export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);

/** A view of the floats' bytes (little endian on every platform Node supports TF.js on). */
export const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** The floats in a file's bytes, copied so that they are aligned. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const copy = bytes.slice();
  return new Float32Array(copy.buffer, 0, Math.floor(copy.byteLength / 4));
}
