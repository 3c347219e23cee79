/** The Export dialog: from a finished run to a folder that proves itself. */
import type { Locator, Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './studio.js';
import { openExample, trainButton } from './window.js';

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
  await window.getByRole('button', { name: 'Export code and weights' }).click();
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
