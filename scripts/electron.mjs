/** Finds Electron's binary, which its npm package downloads apart, or gets it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a window can be shown. */
export function hasDisplay() {
  if (process.platform === 'win32') return true;
  if (process.platform === 'darwin') return process.env.SSH_CONNECTION === undefined;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Path of the installed binary, or null. */
export function electronExecutable(root) {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const executable = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : null;
}

/** Downloads the binary, or takes it from Electron's cache; null where neither works. */
export async function fetchElectron(root) {
  // Without a network this gives up within seconds; a cached binary is still unpacked in that time.
  const reachable = await canDownload();
  if (reachable) console.log('Downloading Electron (about 120 MB, once) …');
  spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    stdio: 'ignore',
    timeout: reachable ? 300_000 : 8_000,
  });
  return electronExecutable(root);
}

async function canDownload() {
  // Behind a proxy only the download itself can tell.
  if (process.env.HTTPS_PROXY || process.env.https_proxy) return true;
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/';
  try {
    await fetch(mirror, { method: 'HEAD', signal: AbortSignal.timeout(4_000) });
    return true;
  } catch {
    return false;
  }
}
