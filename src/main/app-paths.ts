/** Where the parts of the studio lie, from source, from `out/main` and from a packaged application. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The nearest folder above this file that has the studio's package.json. */
function findRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error(`no package.json above ${here}`);
}

export const appRoot = findRoot();

const resources = process.env['UNROLL_RESOURCES'] || join(appRoot, 'resources');

export const enginePath = join(appRoot, 'out', 'main', 'engine.js');
export const rendererFolder = join(appRoot, 'out', 'renderer');
export const examplesFolder = join(resources, 'examples');
export const iconPath = join(resources, 'icons', 'icon.png');

export const appVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8'))).version;
