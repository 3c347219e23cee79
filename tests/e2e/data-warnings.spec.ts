/** The Data view teaches: what is wrong with the data, in numbers, and one click that mends it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { trainBriefly } from './window.js';

async function importFile(page: Page, name: string, content: string): Promise<Locator> {
  await page.getByRole('navigation').getByRole('button', { name: 'Data' }).click();
  const main = page.getByRole('main');
  await main
    .getByLabel('Choose a data file')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  const dialog = page.getByRole('dialog', { name: `Import ${name}` });
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(main.getByRole('heading', { name: name.toLowerCase() })).toBeVisible();
  return main;
}

/** 400 mails of 3 to 42 words, nine in ten of them ham, and 40 that stand twice. */
function mails(): string {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const words = Array.from({ length: 3 + (i % 40) }, (_, at) => `word${(i * 7 + at) % 90}`);
    return `${i % 10 === 0 ? 'spam' : 'ham'},mail ${i < 360 ? i : i - 360} ${words.join(' ')}`;
  });
  return `label,text\n${rows.join('\n')}\n`;
}

test('text that is cut, and a class that dominates, are told in numbers; a mend is one undo step', async ({
  window,
}) => {
  const main = await importFile(window, 'Mails.csv', mails());
  const list = main.getByRole('region', { name: 'Worth knowing' });
  await expect(list).toContainText('“ham” dominates: 90.0 % of all labels.');
  await expect(list).toContainText('Always answering “ham” has an accuracy of 90.0 %');
  // One click weighs the classes in training.
  await expect(main.getByText(/in the training loss: ham/)).toHaveCount(0);
  await list.getByRole('button', { name: 'Weigh classes' }).click();
  await expect(list.getByRole('button', { name: 'Weigh classes' })).toHaveCount(0);
  await expect(list).toContainText('“Weigh classes” is in the recipe now; undo takes it back');
  await expect(
    main.getByText(/in the training loss: ham ×0\.5\d, spam ×[45](\.\d)?\./),
  ).toBeVisible();
  await window.getByRole('button', { name: /^Undo/ }).click();
  await expect(list.getByRole('button', { name: 'Weigh classes' })).toBeVisible();

  // What stands in two parts is brought together.
  await expect(list).toContainText(
    /\d+ validation or test rows repeat a text of the training part/,
  );
  await list.getByRole('button', { name: 'Keep repeats together' }).click();
  await expect(list).not.toContainText('repeat a text of the training part');
  await expect(list).toContainText('“Keep repeats together” is in the recipe now');
  await expect(main.getByRole('combobox', { name: 'Repeats' })).toHaveValue('All in one part');

  const longest = main.getByRole('slider', { name: 'Longest row' });
  await longest.scrollIntoViewIfNeeded();
  await expect(longest).toHaveAttribute('aria-valuemax', '44');

  // By key: each press is live, one stretch is one undo step.
  const before = Number(await longest.getAttribute('aria-valuenow'));
  await longest.focus();
  await window.keyboard.press('Home');
  for (let press = 0; press < 3; press++) await window.keyboard.press('PageUp');
  await expect(longest).toHaveAttribute('aria-valuenow', '35');
  await expect(longest).toHaveAttribute('aria-valuetext', /^35 tokens: 22\.\d % of the rows cut/);
  await expect(list).toContainText(/22\.\d % of the rows are longer than 35 tokens and are cut/);

  // The rows show where they are cut into tokens, and off.
  const rows = main.getByRole('region', { name: 'First rows', exact: true });
  await expect(rows.getByTitle('Cut off: the row is too long').first()).toBeVisible();
  await expect(rows.getByRole('row').nth(1)).toContainText('mail0word0word1word2');
  await rows.getByText('Text', { exact: true }).click();
  await expect(rows.getByRole('row').nth(1)).toContainText('mail 0 word0 word1 word2');

  // By mouse.
  await longest.scrollIntoViewIfNeeded();
  const box = await longest.boundingBox();
  if (box === null) throw new Error('the slider is not on screen');
  await window.mouse.move(box.x + box.width / 2, box.y + 30);
  await window.mouse.down();
  await window.mouse.move(box.x - 60, box.y + 30, { steps: 4 });
  const dragged = Number(await longest.getAttribute('aria-valuenow'));
  expect(dragged).toBeLessThan(35);
  // Not before the mouse is let go.
  const field = main.getByRole('spinbutton', { name: 'Longest row' });
  await expect(field).toHaveValue('35');
  await window.mouse.up();
  await expect(field).toHaveValue(String(dragged));

  await list.getByRole('button', { name: /^T = \d+: 95 % whole/ }).click();
  await expect(list).toContainText('is in the recipe now; undo takes it back');
  await expect(field).not.toHaveValue(String(dragged));
  for (const value of [dragged, 35, before]) {
    await window.getByRole('button', { name: /^Undo/ }).click();
    await expect(field).toHaveValue(String(value));
  }

  // Weighed classes are trained with, and told.
  await list.getByRole('button', { name: 'Weigh classes' }).click();
  await trainBriefly(window);
  await expect(main.getByRole('region', { name: 'Class weights' })).toContainText(
    /^Class weights.*ham ×0\.5\d, spam ×[45]/,
  );
  await expect(main.getByText('train, weighed')).toBeVisible();
  await window.getByRole('navigation').getByRole('button', { name: 'Design' }).click();
  const setting = window.getByRole('radiogroup', { name: 'Class weights' });
  await expect(setting.getByRole('radio', { name: 'Balanced' })).toBeChecked();
});

test('a series that is split at random looks ahead, and so does a column with the answer', async ({
  window,
}) => {
  const value = (day: number): string => (Math.sin(day * day) * 10).toFixed(3);
  const days = Array.from({ length: 200 }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    return `${date},${value(day)},${value(day + 1)}`;
  });
  const main = await importFile(window, 'Sales.csv', `date,sales,tomorrow\n${days.join('\n')}\n`);
  const list = main.getByRole('region', { name: 'Worth knowing' });
  await expect(list).toContainText('“tomorrow” gives away “sales” 1 row ahead.');
  await list.getByRole('button', { name: 'Leave out “tomorrow”' }).click();
  await expect(list).not.toContainText('gives away');
  await expect(main.getByText('fitted on the training rows only')).toBeVisible();

  await main.getByRole('combobox', { name: 'Method' }).click();
  await window.getByRole('option', { name: 'Random' }).click();
  await expect(list).toContainText(/\d+ of \d+ validation and test windows share rows/);
  await list.getByRole('button', { name: 'Split in order' }).click();
  await expect(list).not.toContainText('looks ahead');
  await expect(main.getByRole('combobox', { name: 'Method' })).toHaveValue('By time');
});

test('dates that are not in order are told before anything is kept, and one click sorts them', async ({
  window,
}) => {
  const days = Array.from({ length: 60 }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    return `${date},${(Math.sin(day) * 10).toFixed(3)}`;
  });
  const newestFirst = `date,sales\n${days.toReversed().join('\n')}\n`;
  await window.getByRole('navigation').getByRole('button', { name: 'Data' }).click();
  const main = window.getByRole('main');
  const file = { name: 'Newest.csv', mimeType: 'text/csv', buffer: Buffer.from(newestFirst) };
  await main.getByLabel('Choose a data file').setInputFiles(file);
  const dialog = window.getByRole('dialog', { name: 'Import Newest.csv' });
  const problems = dialog.getByRole('list', { name: 'Problems' });
  await expect(problems).toContainText('59 rows of “date” go back in time');
  await expect(problems).toContainText('lines 3, 4, 5');
  await problems.getByRole('button', { name: 'Sort by date' }).click();
  await expect(problems).toContainText('the rows are sorted by date before anything else');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toHaveCount(0);
  // From when to when each part is.
  await expect(main.getByText('2024-01-01 to 2024-02-11')).toBeVisible();
  await expect(main.getByText('2024-02-18 to 2024-02-29')).toBeVisible();

  // And where the file was kept as it is, the error has the same mend.
  await main.getByText('Sort by time').click();
  const error = main.getByRole('alert').filter({ hasText: 'does not come after' });
  await expect(error).toBeVisible();
  await error.getByRole('button', { name: 'Sort by date' }).click();
  await expect(error).toHaveCount(0);
  await expect(main.getByRole('switch', { name: 'Sort by time' })).toBeChecked();
});

test('what the network will see of a file is shown, and mended, before anything is kept', async ({
  window,
  studio,
}) => {
  await window.getByRole('navigation').getByRole('button', { name: 'Data' }).click();
  const main = window.getByRole('main');
  // Semicolons: the copy will be written anew.
  const buffer = Buffer.from(mails().replaceAll(',', ';'));
  const file = { name: 'Mails.csv', mimeType: 'text/csv', buffer };
  await main.getByLabel('Choose a data file').setInputFiles(file);
  const dialog = window.getByRole('dialog', { name: 'Import Mails.csv' });
  await dialog.getByText('What the network will see').click();
  const seen = dialog.getByRole('region', { name: 'What the network will see' });
  await expect(seen.getByRole('heading', { name: 'Mails.csv' })).toBeVisible();
  await expect(seen.getByRole('region', { name: 'One batch', exact: true })).toContainText('word');
  const list = seen.getByRole('region', { name: 'Worth knowing' });
  await expect(list).toContainText('repeat a text of the training part');
  await list.getByRole('button', { name: 'Use each text once' }).click();
  await expect(list).not.toContainText('repeat a text of the training part');
  const slider = seen.getByRole('slider', { name: 'Longest row' });
  await slider.focus();
  await window.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /^44 tokens: 0\.0 % of the rows cut/);

  // The tokenizer and the split too; Enter ends typing and imports nothing.
  const form = dialog.getByRole('complementary', { name: 'Data recipe' });
  await form.getByText('Character', { exact: true }).click();
  await expect(seen.getByRole('region', { name: 'First rows', exact: true })).toContainText(
    'mail␣',
  );
  await form.getByText('Word', { exact: true }).click();
  await form.getByRole('spinbutton', { name: 'Seed' }).fill('9');
  await window.keyboard.press('Enter');
  await expect(dialog).toBeVisible();

  const incoming = join(studio.workspace, 'incoming');
  const [staging = ''] = readdirSync(incoming);
  await expect.poll(() => readdirSync(join(incoming, staging)).length).toBe(1);
  expect(readdirSync(join(studio.workspace, 'data'))).toEqual([]);

  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(main.getByRole('combobox', { name: 'Repeats' })).toHaveValue('Use the first only');
  await expect(main.getByRole('spinbutton', { name: 'Longest row' })).toHaveValue('44');
  await expect(main.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('9');
  expect(readdirSync(join(studio.workspace, 'data'))).toEqual(['mails.csv']);
});
