/** Where the files that ship with the studio lie. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `resources/data`: under `UNROLL_RESOURCES` where that is set, else in the nearest folder above this
 * file that has it (from source and from `out/main`), else in the packaged application's resources.
 */
export function dataFolder(): string {
  const given = process.env['UNROLL_RESOURCES'];
  if (given !== undefined && given !== '') return join(given, 'data');
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'resources', 'data');
    if (existsSync(candidate)) return candidate;
  }
  // Set by Electron only: where its packager puts extra resources.
  const packaged = 'resourcesPath' in process ? String(process.resourcesPath) : here;
  return join(packaged, 'data');
}
