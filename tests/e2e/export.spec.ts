/** The Export dialog: from a finished run to a folder that proves itself. */
import type { Locator, Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './studio.js';
import { chooseInMenu, network, openExample, trainButton } from './window.js';

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /^Export Run/ });

async function trained(page: Page): Promise<void> {
  await openExample(page, 'Next character');
  await trainButton(page).click();
  await expect(page.getByRole('main').getByText('Completed')).toBeVisible({ timeout: 90_000 });
}

test('a finished run goes to PyTorch, and the dialog says that the numbers are the same', async ({
  window,
  studio,
}) => {
  test.setTimeout(240_000);
  await trained(window);
  await window.getByRole('main').getByRole('button', { name: 'Export' }).click();
  await expect(dialog(window).getByRole('radio', { name: /^PyTorch/ })).toBeChecked();
  const folder = join(studio.workspace, 'exports', 'next-character-pytorch');
  await expect(dialog(window).getByRole('textbox', { name: 'Folder' })).toHaveValue(folder);
  await dialog(window).getByRole('button', { name: 'Export', exact: true }).click();

  await expect(
    dialog(window).getByText(
      /^The same numbers in PyTorch \d.*: (largest difference \S+|no difference) over \d+ rows?\.$/,
    ),
  ).toBeVisible({ timeout: 120_000 });
  await expect(dialog(window).getByRole('list', { name: 'Files' })).toContainText('model.py');
  expect(await readFile(join(folder, 'model.py'), 'utf8')).toContain('class ');
  expect(existsSync(join(folder, 'verify.py'))).toBe(true);
});

test('what is there is replaced only when told to, and never what is no export', async ({
  window,
  studio,
}) => {
  test.setTimeout(240_000);
  await trained(window);
  await window.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  await window.getByRole('button', { name: /^Actions of Run/ }).click();
  await window.getByRole('menuitem', { name: 'Export code and weights' }).click();
  const path = dialog(window).getByRole('textbox', { name: 'Folder' });
  await dialog(window)
    .getByRole('checkbox', { name: /compare its numbers/ })
    .uncheck();
  const start = dialog(window).getByRole('button', { name: 'Export', exact: true });
  await start.click();
  await expect(dialog(window).getByText('Not verified', { exact: true })).toBeVisible();
  await dialog(window).getByRole('button', { name: 'Export to something else' }).click();

  const taken = join(studio.workspace, 'exports', 'next-character-pytorch');
  await expect(path).toHaveValue(`${taken}-2`);
  await path.fill(taken);
  await start.click();
  await dialog(window).getByRole('button', { name: 'Replace it' }).click();
  await expect(dialog(window).getByRole('button', { name: 'Done' })).toBeVisible();
  await dialog(window).getByRole('button', { name: 'Export to something else' }).click();

  const mine = join(studio.workspace, 'my-thesis');
  await mkdir(mine);
  await writeFile(join(mine, 'chapter.txt'), 'years of work');
  await path.fill(mine);
  await start.click();
  await dialog(window).getByRole('button', { name: 'Replace it' }).click();
  await expect(dialog(window).getByRole('alert')).toContainText('no earlier export');
  expect(await readFile(join(mine, 'chapter.txt'), 'utf8')).toBe('years of work');
});

/** Chooses a file for the import of the File menu, as a person does. */
async function importZip(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await chooseInMenu(page, 'File', /^Import a project/);
  await (await chooser).setFiles(path);
}

test('a project zip brings its project and its trained run back', async ({ window, studio }) => {
  test.setTimeout(240_000);
  await trained(window);
  await chooseInMenu(window, 'File', /^Export the newest run/);
  await dialog(window)
    .getByRole('radio', { name: /^Project zip/ })
    .check();
  const zip = join(studio.workspace, 'exports', 'next-character.unroll.zip');
  await expect(dialog(window).getByRole('textbox', { name: 'File' })).toHaveValue(zip);
  await dialog(window).getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog(window).getByText('The project zip is written.')).toBeVisible();
  await dialog(window).getByRole('button', { name: 'Done' }).click();

  await window.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  const runs = window.getByRole('main').getByRole('row', { name: /Completed/ });
  await runs.getByRole('button', { name: /^Actions of Run/ }).click();
  await window.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(runs).toHaveCount(0);

  await importZip(window, zip);
  await expect(network(window)).toBeVisible();
  await expect(window.getByRole('textbox', { name: 'Project name' })).toHaveValue('Next character');
  await window.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  await expect(runs).toHaveCount(1);
  await window.getByRole('navigation').getByRole('button', { name: 'Playground' }).click();
  await window.getByRole('main').getByRole('textbox', { name: 'Prompt' }).fill('hell');
  await expect(window.getByRole('row', { name: /^Insert o (100|99)\.\d %/ })).toBeVisible();

  const broken = join(studio.workspace, 'broken.unroll.zip');
  await writeFile(broken, 'no zip at all');
  await importZip(window, broken);
  await expect(window.getByRole('region', { name: 'Messages' }).getByRole('alert')).toContainText(
    'broken.unroll.zip',
  );
});

test('a report opens in a tab of its own, drawn and without a complaint', async ({ window }) => {
  test.setTimeout(240_000);
  await trained(window);
  await window.getByRole('main').getByRole('button', { name: 'Export' }).click();
  await dialog(window)
    .getByRole('radio', { name: /^Report/ })
    .check();
  await expect(dialog(window).getByRole('checkbox')).toHaveCount(0);
  await expect(dialog(window).getByRole('textbox', { name: 'Folder' })).toHaveValue(/-report$/);
  await dialog(window).getByRole('button', { name: 'Export', exact: true }).click();
  const tab = window.waitForEvent('popup');
  await dialog(window).getByRole('button', { name: 'Open the report' }).click();
  const report = await tab;
  await expect(report.getByRole('heading', { name: 'Next character' })).toBeVisible();
  await expect(report.locator('svg').first()).toBeVisible();
});
