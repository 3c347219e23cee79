/** The Data view: a file is looked at before it is kept, and what the preview says of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';

async function openData(page: Page): Promise<Locator> {
  await page.getByRole('navigation').getByRole('button', { name: 'Data' }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'Review sentences' })).toBeVisible();
  return main;
}

const pick = (main: Locator, name: string, content: string | Buffer): Promise<void> =>
  main
    .getByLabel('Choose a data file')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

const choose = async (page: Page, field: Locator, option: string): Promise<void> => {
  await field.click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

/** 60 days in Latin-1 with semicolons, a row too short, an empty cell, and one that is no number. */
function weather(): Buffer {
  const days = Array.from({ length: 60 }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    return `${date};${(10 + Math.sin(day / 5)).toFixed(2)};${day % 7};${day % 2 ? 'north' : 'south'}`;
  });
  days[10] = '2024-01-11;;3;south';
  days[11] = '2024-01-12;?;3;south';
  days[20] = '2024-01-21;9.5';
  return Buffer.from(`date;température;wind;site\n${days.join('\n')}\n`, 'latin1');
}

test('a file is looked at first; cancelling keeps nothing; importing is one undo step', async ({
  window,
  studio,
}) => {
  const main = await openData(window);
  const kept = (): string[] => readdirSync(join(studio.workspace, 'data'));

  // Anywhere on the view.
  const content = weather().toString('base64');
  const transfer = await window.evaluateHandle((base64) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    data.items.add(new File([bytes], 'Weather.csv'));
    return data;
  }, content);
  const batch = main.getByRole('region', { name: 'One batch', exact: true });
  await batch.dispatchEvent('dragover', { dataTransfer: transfer });
  await expect(main.getByText('Drop the file to look at it')).toBeVisible();
  await batch.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(main.getByText('Drop the file to look at it')).toHaveCount(0);

  const dialog = window.getByRole('dialog', { name: 'Import Weather.csv' });
  await expect(dialog.getByText('59 rows × 4 columns')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Encoding' })).toHaveValue(/Latin-1/);
  await expect(dialog.getByRole('combobox', { name: 'Separator' })).toHaveValue('Semicolon ;');
  await expect(dialog.getByRole('columnheader', { name: /température/ })).toBeVisible();
  const problems = dialog.getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText('1 row has more or fewer cells');
  await expect(problems).toContainText('line 22');
  await expect(problems).toContainText('2 cells of “température” are no number');
  await expect(problems).toContainText('lines 12, 13');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  expect(kept()).toEqual([]);
  await expect(main.getByRole('heading', { name: 'Review sentences' })).toBeVisible();

  await pick(main, 'Weather.csv', weather());
  await choose(window, dialog.getByRole('combobox', { name: 'Role of wind' }), 'Ignore');
  await expect(dialog.getByText('Give at least one column of numbers')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled();
  const temperature = dialog.getByRole('combobox', { name: 'Role of température' });
  await choose(window, temperature, 'Input and target');
  await problems.getByRole('button', { name: 'Leave the rows out' }).click();
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(main.getByRole('heading', { name: 'weather.csv' })).toBeVisible();
  expect(kept()).toEqual(['weather.csv']);
  const copy = readFileSync(join(studio.workspace, 'data', 'weather.csv'), 'utf8').split('\n');
  expect(copy[0]).toBe('date,température,wind,site');
  expect(copy).toHaveLength(1 + 57 + 1);

  await window.getByRole('button', { name: /^Undo/ }).click();
  await expect(main.getByRole('heading', { name: 'Review sentences' })).toBeVisible();
  await window.getByRole('button', { name: /^Redo/ }).click();
  await expect(main.getByRole('heading', { name: 'weather.csv' })).toBeVisible();
});

test('how a file is read can be changed, and what is no data is refused in words', async ({
  window,
  studio,
}) => {
  const main = await openData(window);
  const mails = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'ham' : 'spam'}|mail number ${i}`);
  await pick(main, 'mails.txt', mails.join('\n'));
  const dialog = window.getByRole('dialog');
  await expect(dialog.getByText('40 rows × 2 columns')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Role of column 2' })).toHaveValue('Text');
  await dialog.getByText('Header', { exact: true }).click();
  await expect(dialog.getByRole('columnheader', { name: /mail number 0/ })).toBeVisible();
  await expect(dialog.getByText('39 rows × 2 columns')).toBeVisible();
  await choose(window, dialog.getByRole('combobox', { name: 'Format' }), 'Plain text');
  await expect(dialog.getByText('40 lines')).toBeVisible();
  await expect(dialog.getByRole('combobox', { name: 'Task' })).toHaveValue('Next token');
  await window.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await pick(main, 'sheet.xlsx', 'PK\x03\x04 …');
  await expect(dialog.getByText('"sheet.xlsx" is a spreadsheet')).toBeVisible();
  await expect(dialog.getByText('Export its sheet as CSV')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  expect(existsSync(join(studio.workspace, 'data', 'sheet.xlsx'))).toBe(false);
  expect(readdirSync(join(studio.workspace, 'incoming')).length).toBe(1);
});
