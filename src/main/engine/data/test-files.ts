/** Real files for this folder's tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError, type WireError } from '#shared/errors';

export interface TestFolder {
  path: string;
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'unroll-data-'));
  return {
    path,
    write(name, content) {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The error that a person gets to see. Anything but a `StudioError` is thrown on. */
export async function errorOf(work: () => unknown): Promise<WireError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StudioError) return error.toWire();
    throw error;
  }
  throw new Error('no error was thrown');
}
