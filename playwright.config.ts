import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/browser.mjs';
import { electronExecutable, hasDisplay } from './scripts/electron.mjs';

/** The Electron spec runs where there is one to run; Chromium drives the same studio everywhere. */
const hasElectron = electronExecutable('.') !== null && hasDisplay();
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
    ...(hasElectron ? [{ name: 'electron', testMatch: /electron\.spec\.ts/ }] : []),
  ],
});
