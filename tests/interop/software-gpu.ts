/**
 * Points Vulkan to SwiftShader, the software GPU that ships with Chromium and Electron, so that the
 * WebGPU device can be tested on machines without a GPU. Call it before the device is first probed.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = 'vk_swiftshader_icd.json';

function folders(): string[] {
  const playwright =
    process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache/ms-playwright');
  const browsers = existsSync(playwright) ? readdirSync(playwright) : [];
  return [
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    ...browsers.flatMap((browser) => [
      join(playwright, browser, 'chrome-linux'),
      join(playwright, browser, 'chrome-linux64'),
    ]),
    fileURLToPath(new URL('../../node_modules/electron/dist', import.meta.url)),
  ];
}

export function useSoftwareGpu(): void {
  if (process.env['VK_ICD_FILENAMES'] !== undefined) return;
  const path = folders()
    .map((folder) => join(folder, manifest))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Error(
      `SwiftShader (${manifest}) is in none of ${folders().join(', ')}. ` +
        'Install it with: apt-get install chromium (or point VK_ICD_FILENAMES to a Vulkan driver).',
    );
  }
  process.env['VK_ICD_FILENAMES'] = path;
}
