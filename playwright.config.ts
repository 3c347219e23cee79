import { defineConfig } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { findChromium } from './scripts/browser.mjs';

/** The Electron spec runs wherever the binary was fetched; elsewhere Chromium drives the same studio. */
function hasElectron(): boolean {
  const pathFile = 'node_modules/electron/path.txt';
  if (!existsSync(pathFile)) return false;
  return existsSync(`node_modules/electron/dist/${readFileSync(pathFile, 'utf8')}`);
}

const executablePath = findChromium() ?? undefined;
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests/e2e',
  fullyParallel: false,
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'browser', testIgnore: /electron\.spec\.ts/ },
    ...(hasElectron() ? [{ name: 'electron', testMatch: /electron\.spec\.ts/ }] : []),
  ],
});
