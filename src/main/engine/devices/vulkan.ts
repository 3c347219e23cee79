/**
 * Linux only: is there a Vulkan loader and a driver? Asked before Dawn is, since Dawn writes its own
 * warnings to stderr and gives no reason.
 */
import { existsSync, readdirSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';

const loaderName = 'libvulkan.so.1';

/** Driver manifests named in the environment, as the Vulkan loader reads it. */
function manifestsNamed(): string[] {
  return [process.env['VK_DRIVER_FILES'], process.env['VK_ICD_FILENAMES']].flatMap((list) =>
    (list ?? '').split(':').filter((path) => path !== ''),
  );
}

/** Where the Vulkan loader looks for driver manifests. */
function manifestFolders(): string[] {
  const lists = [
    process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'),
    process.env['XDG_CONFIG_DIRS'] ?? '/etc/xdg',
    '/etc',
    process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'),
    process.env['XDG_DATA_DIRS'] ?? '/usr/local/share:/usr/share',
  ];
  return lists.flatMap((list) => list.split(':')).map((folder) => join(folder, 'vulkan/icd.d'));
}

function hasDriver(): boolean {
  const named = manifestsNamed();
  if (named.length > 0) return named.some((path) => existsSync(path));
  return manifestFolders().some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json')),
  );
}

/**
 * Loads the shared library and keeps it, so that Dawn's later `dlopen` by the bare name finds it even
 * where it is outside the linker's path. Node refuses it as an addon, after it was mapped: with
 * RTLD_NODELETE that refusal doesn't unmap it.
 */
function loadAndKeep(path: string): boolean {
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    return error instanceof Error && error.message.includes('did not self-register');
  }
  return true;
}

/** The system's loader, or the one that Electron and Chromium ship beside their files. */
function hasLoader(): boolean {
  if (loadAndKeep(loaderName)) return true;
  return [process.execPath, ...manifestsNamed()]
    .map((path) => join(dirname(path), loaderName))
    .some((path) => existsSync(path) && loadAndKeep(path));
}

/** Why Vulkan can't run here, or null where it can. */
export function whyNoVulkan(): string | null {
  if (!hasDriver()) {
    return 'No Vulkan driver found. Install the GPU’s driver with Vulkan support.';
  }
  if (!hasLoader()) {
    return `No Vulkan loader (${loaderName}) found. Install it, on Debian and Ubuntu with apt-get install libvulkan1.`;
  }
  return null;
}
