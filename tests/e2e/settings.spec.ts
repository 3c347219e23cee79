/** Settings: kept over a restart, the same in every window and on the command line. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { jsonLines, unroll } from './cli.js';
import { expect, test, type Studio } from './studio.js';
import { chooseInMenu, network, trainButton } from './window.js';

async function openSettings(page: Page): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
  return page.getByRole('main');
}

/** The page is left first: it would complain of the host that is gone. */
async function restart(page: Page, studio: Studio): Promise<void> {
  await page.goto('about:blank');
  await studio.restart();
  await page.goto(studio.url);
}

test('theme, device and threads are kept over a restart, told to other windows, and used', async ({
  window,
  studio,
  context,
}) => {
  const other = await context.newPage();
  await other.goto(studio.url);
  await expect(network(other)).toBeVisible();

  const settings = await openSettings(window);
  await settings.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
  await settings.getByRole('radio', { name: /^WebAssembly/ }).check();
  await settings.getByRole('combobox', { name: 'Threads' }).click();
  await window.getByRole('option', { name: '1', exact: true }).click();
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
  await other.close();

  await restart(window, studio);
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(network(window)).toBeVisible();
  await trainButton(window).click();
  const main = window.getByRole('main');
  await expect(main.getByText(/^WebAssembly.* · 1 thread$/)).toBeVisible({ timeout: 30_000 });
  await chooseInMenu(window, 'Run', 'Stop');
  await openSettings(window);
  await expect(main.getByRole('radio', { name: /^WebAssembly/ })).toBeChecked();
  await expect(main.getByRole('combobox', { name: 'Threads' })).toHaveValue('1');
  const shown = main.getByRole('radio', { name: /^CPU/ });
  await shown.check();
  await expect(shown).toBeChecked();

  // The command line takes the same device; a flag wins.
  const train = async (...flags: string[]): Promise<unknown> => {
    const { stdout } = await unroll(
      ['train', 'next-character', '--epochs', '1', '--json', ...flags],
      {
        workspace: studio.workspace,
      },
    );
    return jsonLines(stdout).at(-1)?.device;
  };
  expect(await train()).toBe('cpu');
  expect(await train('--device', 'wasm')).toBe('wasm');
});

test('a workspace is checked before it is taken, and a damaged file of settings is kept aside and told', async ({
  window,
  studio,
}) => {
  const settings = await openSettings(window);
  const path = settings.getByRole('textbox', { name: /^Workspace folder/ });
  const use = settings.getByRole('button', { name: 'Use this folder' });
  const missing = join(studio.workspace, 'elsewhere');
  await path.fill(missing);
  await use.click();
  await expect(settings.getByRole('alert')).toContainText('does not exist');
  await mkdir(missing);
  await use.click();
  await expect(settings.getByRole('alert')).toHaveCount(0);
  await expect(use).toBeDisabled();
  const file = join(studio.workspace, 'settings.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    version: 1,
    workspace: missing,
  });
  await settings.getByRole('button', { name: 'Back to the default folder' }).click();
  await expect(path).not.toHaveValue(missing);

  await writeFile(file, '{');
  await restart(window, studio);
  await expect(window.getByRole('region', { name: 'Messages' })).toContainText(
    /settings could not be read.*kept as .*\.bak/s,
  );
});

test('About tells versions and device to copy, and the licence of every package', async ({
  window,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await chooseInMenu(window, 'Help', 'About Unroll Studio');
  const about = window.getByRole('dialog', { name: 'About Unroll Studio' });
  await expect(about).toContainText(process.versions.node);
  await about.getByRole('button', { name: /^Copy versions/ }).click();
  await expect(about.getByRole('status')).toHaveText('Copied');
  const copied = await window.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Unroll Studio: \d+\.\d+\.\d+\n(.*\n)*TensorFlow\.js: 4\./);
  expect(copied).toContain('Device for new runs: ');

  await about.getByRole('button', { name: 'Licences…' }).click();
  const licences = window.getByRole('dialog', { name: 'Licences' });
  await licences.getByText('Unroll Studio', { exact: true }).click();
  await expect(licences.getByLabel('Licence of Unroll Studio')).toContainText('MIT License');
  await licences.getByRole('textbox', { name: /^Find a package/ }).fill('react-dom');
  await licences.getByText(/^react-dom \d/).click();
  await expect(licences.getByLabel(/^Licence of react-dom/)).toContainText('Meta Platforms');
});
