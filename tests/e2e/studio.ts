/** Starts the real studio (`unroll serve`) in a workspace of its own and opens it in the browser. */
import type { Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { test as base } from './folder.js';

export interface Studio {
  url: string;
  workspace: string;
  process: ChildProcess;
  /** Ends the host and starts another one on the same workspace. */
  restart(): Promise<void>;
}

async function startHost(workspace: string): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ['bin/unroll.js', 'serve', '--port', '0', '--workspace', workspace],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, UNROLL_SETTINGS: join(workspace, 'settings.json') },
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(output);
      if (match) resolve(match[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`unroll serve ended with ${code}: ${output}`)));
  });
  return { url, process: child };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

export const test = base.extend<{ studio: Studio; window: Page }>({
  studio: async ({ folder: workspace }, use) => {
    const first = await startHost(workspace);
    const studio: Studio = {
      ...first,
      workspace,
      async restart() {
        await stop(studio.process);
        Object.assign(studio, await startHost(workspace));
      },
    };
    await use(studio);
    await stop(studio.process);
  },
  /** The studio's window with the first example open; a page error or a console error fails the test. */
  window: async ({ page, studio }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(studio.url);
    await page.getByRole('button', { name: /^Sentiment: bidirectional LSTM/ }).click();
    // Until it is there the gallery would close again under what a test does next.
    await page.getByRole('region', { name: 'Network' }).waitFor();
    await use(page);
    if (errors.length > 0) throw new Error(`The page reported errors:\n${errors.join('\n')}`);
  },
});
export { expect } from '@playwright/test';
