/** Optional packages, found from the source tree and from the bundle alike. */
import { createRequire } from 'node:module';

export const requirePackage = createRequire(import.meta.url);

/** The file that loading the package would run; null where it isn't installed. */
export function entryOf(name: string): string | null {
  try {
    return requirePackage.resolve(name);
  } catch {
    return null;
  }
}
