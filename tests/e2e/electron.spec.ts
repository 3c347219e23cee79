/** The desktop application itself. Runs where Electron's binary is installed and a window can be shown. */
import { _electron, expect, type ElectronApplication } from '@playwright/test';
import { join } from 'node:path';
import { electronExecutable } from '../../scripts/electron.mjs';
import { test as base } from './folder.js';
import { block, openExample, trainButton } from './window.js';

const test = base.extend<{ application: ElectronApplication }>({
  application: async ({ folder: workspace }, use) => {
    const executable: string | null = electronExecutable('.');
    if (executable === null) throw new Error("Electron's binary is not installed.");
    const environment = Object.entries({
      ...process.env,
      UNROLL_WORKSPACE: workspace,
      UNROLL_SETTINGS: join(workspace, 'settings.json'),
    }).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && entry[0] !== 'ELECTRON_RUN_AS_NODE',
    );
    const application = await _electron.launch({
      executablePath: executable,
      // The folder's package.json names out/main/electron.js. Chromium's sandbox refuses root.
      args: ['.', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      env: Object.fromEntries(environment),
    });
    await use(application);
    const { exitCode, signalCode } = application.process();
    if (exitCode === null && signalCode === null) await application.close();
  },
});

/** Process ids of the engines that the application runs. */
const engines = (application: ElectronApplication): Promise<number[]> =>
  application.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ name }) => name === 'Unroll engine')
      .map(({ pid }) => pid),
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the application opens, trains an example, and closes together with its engine', async ({
  application,
}) => {
  const window = await application.firstWindow();
  await window
    .getByRole('button', { name: /^Sentiment: bidirectional LSTM/ })
    .click({ timeout: 60_000 });
  await expect(block(window, 'Bidirectional LSTM')).toBeVisible();
  await openExample(window, 'Next character');
  await trainButton(window).click();
  await expect(window.getByRole('main').getByText('Completed')).toBeVisible({ timeout: 60_000 });

  const running = await engines(application);
  expect(running).toHaveLength(1);
  const host = application.process();
  const closed = application.waitForEvent('close');
  await application.evaluate(({ BrowserWindow }) => {
    for (const open of BrowserWindow.getAllWindows()) open.close();
  });
  await closed;
  expect(host.exitCode).toBe(0);
  for (const pid of running) await expect.poll(() => isAlive(pid)).toBe(false);
});
