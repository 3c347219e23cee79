/** Tests that need a folder of their own: it goes away by itself. */
import { test as base } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const test = base.extend<{ folder: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the dependencies from this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'unroll-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  },
});
