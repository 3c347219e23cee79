/**
 * Finds a Chromium for the end-to-end tests: one named by UNROLL_CHROMIUM, Playwright's own, or one of
 * the system. Where there is none it gets one: `playwright install chromium`, or apt as root on Debian.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium that is there, or null. */
export function findChromium() {
  const named = process.env.UNROLL_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...fixed].find((path) => existsSync(path)) ?? null;
}

const run = (command, args, timeout) =>
  spawnSync(command, args, { stdio: 'inherit', timeout }).status === 0;

/** As root on Debian or Ubuntu: installs packages with apt. False where that can't be done. */
export function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  if (!run('apt-get', ['update', '-qq'], 300_000)) return false;
  return run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    1_200_000,
  );
}

/** Like `findChromium`, but gets one where there is none; throws with what to do. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  console.log('No Chromium found: getting one.');
  // apt first where it can work: Playwright's own download needs further system libraries there.
  if (
    aptInstall(['chromium']) ||
    run(process.execPath, [playwrightCli(), 'install', 'chromium'], 600_000)
  ) {
    const now = findChromium();
    if (now) return now;
  }
  throw new Error(
    'The end-to-end tests need Chromium, and none could be installed. Run `npx playwright install chromium`, ' +
      'or `sudo apt-get install chromium` on Debian, or set UNROLL_CHROMIUM to the path of one.',
  );
}

function playwrightCli() {
  return join(import.meta.dirname, '..', 'node_modules', '@playwright', 'test', 'cli.js');
}
