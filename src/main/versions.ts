/** What the studio runs on, for its About and for reports of defects. */
import { createRequire } from 'node:module';
import { arch, release, type } from 'node:os';
import { z } from 'zod';
import { appVersion } from './app-paths.js';

export interface Version {
  name: string;
  version: string;
}

const tensorFlowJs = (): string =>
  z
    .object({ version: z.string() })
    .parse(createRequire(import.meta.url)('@tensorflow/tfjs-core/package.json')).version;

export function versions(): Version[] {
  const { electron, chrome, node, v8 } = process.versions;
  const found: [string, string | undefined][] = [
    ['Unroll Studio', appVersion],
    ['Electron', electron],
    ['Chromium', chrome],
    ['Node.js', node],
    ['V8', v8],
    ['TensorFlow.js', tensorFlowJs()],
    ['System', `${type()} ${release()}, ${arch()}`],
  ];
  return found.flatMap(([name, version]) => (version === undefined ? [] : [{ name, version }]));
}
