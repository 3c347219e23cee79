/** The commands chosen last in the palette, newest first. Belongs to this machine's window. */
import { z } from 'zod';

const storageKey = 'unroll.palette';
const limit = 6;

export function readRecent(): string[] {
  try {
    return z
      .array(z.string())
      .parse(JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? '[]'));
  } catch {
    return [];
  }
}

export function remember(id: string): void {
  const ids = [id, ...readRecent().filter((other) => other !== id)].slice(0, limit);
  globalThis.localStorage?.setItem(storageKey, JSON.stringify(ids));
}
