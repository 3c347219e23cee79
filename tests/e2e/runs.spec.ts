/** The list of runs: tags and notes, deleting and the trash, keyboard, filter, columns, CSV. */
import type { Locator, Page } from '@playwright/test';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Studio } from './studio.js';
import { openExample, trainButton } from './window.js';

const main = (page: Page): Locator => page.getByRole('main');
const go = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
const rows = (page: Page): Locator => main(page).getByRole('row', { name: /Completed/ });
const messages = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });
const trashed = (page: Page): Locator => page.getByRole('dialog', { name: 'Trash' });
/** Types into the field that has just opened. */
async function typeInto(page: Page, name: string, text: string): Promise<void> {
  const field = page.getByRole('dialog', { name }).locator('input:visible, textarea').first();
  await expect(field).toBeFocused();
  await page.keyboard.type(text);
}
/** Keys that nobody waits between. */
async function atOnce(page: Page, text: string): Promise<void> {
  await Promise.all([...text].map((key) => page.keyboard.press(key)));
}
const recordsIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const record = async (studio: Studio, id: string): Promise<{ tags: string[]; note: string }> =>
  JSON.parse(await readFile(join(studio.workspace, 'runs', id, 'run.json'), 'utf8'));

/** Trains so many runs and shows the list; the names of the runs, newest first. */
async function withRuns(page: Page, count: number): Promise<string[]> {
  await openExample(page, 'Next character');
  for (let made = 1; made <= count; made += 1) {
    await trainButton(page).click();
    // Where a run that starts is shown.
    const view = page.getByRole('navigation').getByRole('button', { name: 'Train' });
    await expect(view).toHaveAttribute('aria-current', 'page', { timeout: 30_000 });
    await go(page, 'Runs');
    await expect(rows(page)).toHaveCount(made, { timeout: 60_000 });
  }
  return rows(page).getByRole('rowheader').allTextContents();
}

test('tags and a note are written into the run, found again by the filter, and lost to nothing', async ({
  window,
  studio,
}) => {
  const [newer = '', older = ''] = await withRuns(window, 2);
  const [olderId = ''] = recordsIn(join(studio.workspace, 'runs')).sort();
  const olderRow = main(window).getByRole('row', { name: older });

  // By mouse, with a comma and with Enter.
  await olderRow.getByRole('button', { name: `Tags of ${older}` }).click();
  const tags = window.getByRole('combobox', { name: `Tags of ${older}` });
  await tags.pressSequentially('baseline, seed 2');
  await tags.press('Enter');
  await window.keyboard.press('Escape');
  await expect(olderRow).toContainText('baseline');
  await expect
    .poll(async () => (await record(studio, olderId)).tags)
    .toEqual(['baseline', 'seed 2']);

  // By keyboard, with a suggestion from the other run.
  await main(window)
    .getByRole('row', { name: newer })
    .click({ position: { x: 5, y: 5 } });
  await window.keyboard.press('t');
  await typeInto(window, `Tags of ${newer}`, 'base');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Enter');
  await window.keyboard.press('Escape');
  await expect(main(window).getByRole('row', { name: newer })).toContainText('baseline');

  // Both at once, beside what each has.
  await window.keyboard.press('ControlOrMeta+a');
  await main(window).getByRole('button', { name: 'Tag', exact: true }).click();
  await typeInto(window, 'Tag', 'kept');
  await window.keyboard.press('Enter');
  await window.keyboard.press('Escape');
  await expect
    .poll(async () => (await record(studio, olderId)).tags)
    .toEqual(['baseline', 'seed 2', 'kept']);
  await main(window)
    .getByRole('row', { name: newer })
    .click({ position: { x: 5, y: 5 } });

  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('n');
  await typeInto(window, `Note of ${older}`, 'Learned by heart');
  await window.keyboard.press('Escape');
  await expect.poll(async () => (await record(studio, olderId)).note).toBe('Learned by heart');
  // A note that is written over can be had back.
  await window.keyboard.press('n');
  await typeInto(window, `Note of ${older}`, '');
  await window.keyboard.press('ControlOrMeta+a');
  await window.keyboard.type('No');
  await window.keyboard.press('Escape');
  await expect(olderRow.getByRole('button', { name: /^Note/ })).toHaveText('No');
  await messages(window).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await record(studio, olderId)).note).toBe('Learned by heart');

  await main(window).getByRole('textbox', { name: 'Filter runs' }).fill('by heart');
  await expect(rows(window)).toHaveCount(1);
  await main(window).getByRole('textbox', { name: 'Filter runs' }).fill('nowhere');
  await main(window).getByRole('button', { name: 'Show all' }).click();
  await main(window).getByRole('button', { name: 'Any tag' }).click();
  await window.getByRole('menuitemcheckbox', { name: /seed 2/ }).click();
  await expect(rows(window)).toHaveCount(1);
  await window.getByRole('menuitem', { name: 'Any tag' }).click();
  await expect(rows(window)).toHaveCount(2);
  await window.keyboard.press('Escape');

  await main(window).getByRole('columnheader', { name: 'Note' }).getByRole('button').click();
  await expect(rows(window).first()).toContainText('Learned by heart');
  await expect(main(window).getByRole('columnheader', { name: 'Note' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
});

test('letters typed at full speed behind T and N all arrive', async ({ window, studio }) => {
  const [name = ''] = await withRuns(window, 1);
  const [id = ''] = recordsIn(join(studio.workspace, 'runs'));
  await rows(window)
    .first()
    .click({ position: { x: 5, y: 5 } });
  await atOnce(window, 'tquick');
  await window.keyboard.press('Enter');
  await window.keyboard.press('Escape');
  await expect.poll(async () => (await record(studio, id)).tags).toEqual(['quick']);
  await atOnce(window, 'nfirst');
  await window.keyboard.press('Escape');
  await expect.poll(async () => (await record(studio, id)).note).toBe('first');
  // On at its end.
  await atOnce(window, 'n, then');
  await window.keyboard.press('Escape');
  await expect.poll(async () => (await record(studio, id)).note).toBe('first, then');
  await expect(main(window).getByRole('row', { name })).toBeFocused();
});

test('a list of hundreds is walked, extended, sorted and filtered beyond what is in view', async ({
  window,
  studio,
}) => {
  await withRuns(window, 1);
  const runs = join(studio.workspace, 'runs');
  const [id = ''] = recordsIn(runs);
  await expect.poll(() => readFile(join(runs, id, 'run.json'), 'utf8')).toContain('"done"');
  const trained = JSON.parse(await readFile(join(runs, id, 'run.json'), 'utf8'));
  // All of them older than the one that was trained.
  const name = (index: number): string => `Run ${(0x1000 + index).toString(16)}`;
  for (let index = 1; index < 300; index += 1) {
    const created = new Date(Date.UTC(2020, 0, 1) - index * 60_000).toISOString();
    const copy = `20200101-000000-${name(index).slice(4)}`;
    await mkdir(join(runs, copy));
    const record = {
      ...trained,
      id: copy,
      created,
      seed: index,
      tags: index % 3 === 0 ? ['third'] : [],
    };
    await writeFile(join(runs, copy, 'run.json'), JSON.stringify(record));
  }
  await window.reload();
  await go(window, 'Runs');
  const list = main(window).getByRole('grid', { name: 'Runs' });
  const row = (title: string): Locator => list.getByRole('row', { name: title });
  await expect(list).toHaveAttribute('aria-rowcount', '301');
  await rows(window)
    .first()
    .click({ position: { x: 5, y: 5 } });

  await window.keyboard.press('End');
  await expect(row(name(299))).toBeFocused();
  await expect(row(name(299))).toBeInViewport({ ratio: 1 });
  await expect(row(name(299))).toHaveAttribute('aria-rowindex', '301');
  await window.keyboard.press('ArrowUp');
  await expect(row(name(298))).toBeFocused();
  await window.keyboard.press('Space');
  for (let page = 0; page < 5; page += 1) await window.keyboard.press('Shift+PageUp');
  await expect(row(name(248))).toBeFocused();
  await expect(row(name(248))).toBeInViewport({ ratio: 1 });
  await expect(main(window).getByRole('status')).toHaveText('51 selected');
  await window.keyboard.press('Home');
  await expect(rows(window).first()).toBeFocused();
  await expect(rows(window).first()).toBeInViewport({ ratio: 1 });

  // The focus stays where it is while the wheel takes it out of view; the columns stay as wide as they were.
  const heading = list.getByRole('columnheader', { name: 'Loss' });
  const before = await heading.boundingBox();
  await heading.hover();
  await window.mouse.wheel(0, 3000);
  await expect(row(name(100))).toBeInViewport();
  expect(await heading.boundingBox()).toEqual(before);
  await expect(rows(window).first()).toBeFocused();
  await window.keyboard.press('ArrowDown');
  await expect(row(name(1))).toBeFocused();
  await expect(row(name(1))).toBeInViewport({ ratio: 1 });

  await list.getByRole('columnheader', { name: 'Seed' }).getByRole('button').click();
  await main(window).getByRole('textbox', { name: 'Filter runs' }).fill('third');
  await expect(list).toHaveAttribute('aria-rowcount', '100');
  await expect(rows(window).first()).toContainText(name(3));
  await expect(main(window).getByRole('status')).toHaveText('17 selected');
});

test('a note that can’t be written stays, is said to be unsaved, and is written when it can be', async ({
  window,
  studio,
}) => {
  const [name = ''] = await withRuns(window, 1);
  const runs = join(studio.workspace, 'runs');
  const [id = ''] = recordsIn(runs);
  const file = join(runs, id, 'run.json');
  // Its end is written a moment after it is shown.
  await expect.poll(() => readFile(file, 'utf8')).toContain('"done"');
  const before = await readFile(file, 'utf8');
  await writeFile(file, 'damaged');
  const cell = main(window).getByRole('button', { name: `Note of ${name}` });
  await cell.click();
  await typeInto(window, `Note of ${name}`, 'Not to be lost');
  await expect(messages(window).getByRole('alert')).toContainText('run.json');
  await window.keyboard.press('Escape');
  await expect(cell).toHaveAccessibleName(/Not to be lost, not saved$/);

  await writeFile(file, before);
  await cell.click();
  await window.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await record(studio, id)).note).toBe('Not to be lost');
  await expect(cell).not.toHaveAccessibleName(/not saved/);
});

test('deleted runs go to the trash at once, and come back from it until they are deleted for good', async ({
  window,
  studio,
}) => {
  const [first = '', second = '', third = ''] = await withRuns(window, 3);
  const runs = join(studio.workspace, 'runs');
  await rows(window)
    .first()
    .click({ position: { x: 5, y: 5 } });
  await window.keyboard.press('Delete');
  await expect(rows(window)).toHaveCount(2);
  expect(recordsIn(runs)).toHaveLength(2);
  // The next one has the focus now.
  await expect(main(window).getByRole('row', { name: second })).toBeFocused();
  await expect(messages(window)).toContainText(`${first} deleted`);
  await messages(window).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(window)).toHaveCount(3);

  await window.keyboard.press('ControlOrMeta+a');
  await main(window).getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(messages(window)).toContainText('3 runs deleted');
  expect(recordsIn(runs)).toHaveLength(0);
  await expect(main(window).getByText('No runs yet.')).toBeVisible();

  await main(window).getByRole('button', { name: 'Trash' }).click();
  const list = trashed(window);
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(list).toContainText(/3 runs, [\d.]+ [kM]B/);
  await list
    .getByRole('listitem', { name: first })
    .getByRole('button', { name: 'Restore' })
    .click();
  await expect(rows(window)).toHaveCount(1);
  await expect(rows(window)).toContainText(first);

  await list.getByRole('button', { name: `Delete ${second} for good` }).click();
  await list.getByRole('button', { name: 'Keep' }).click();
  await list.getByRole('button', { name: `Delete ${second} for good` }).click();
  await list.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list.getByRole('listitem')).toContainText(third);
  await list.getByRole('button', { name: 'Empty trash' }).click();
  await list.getByRole('button', { name: 'Delete for good', exact: true }).click();
  await expect(list).toContainText('The trash is empty');
  expect(recordsIn(join(studio.workspace, 'trash'))).toHaveLength(0);
  expect(recordsIn(runs)).toHaveLength(1);
});

test('the list is worked by keyboard, its columns are remembered, and it is saved as CSV', async ({
  window,
}) => {
  const names = await withRuns(window, 3);
  const ticked = main(window).getByRole('row', { selected: true });
  const list = main(window).getByRole('grid', { name: 'Runs' });
  expect(
    await list.evaluate((table) => table.scrollWidth <= (table.parentElement?.clientWidth ?? 0)),
  ).toBe(true);

  await rows(window)
    .first()
    .click({ position: { x: 5, y: 5 } });
  await window.keyboard.press('Space');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Space');
  await expect(ticked).toHaveCount(2);
  await expect(main(window).getByRole('img', { name: /best|no validation loss/ })).toBeVisible();
  const lines = main(window).getByRole('list', { name: 'Lines' }).getByRole('listitem');
  await expect(lines).toHaveText(names.slice(0, 2));
  await window.keyboard.press('Escape');
  await expect(ticked).toHaveCount(0);
  await window.keyboard.press('Home');
  await window.keyboard.press('Shift+ArrowDown');
  await window.keyboard.press('Shift+ArrowDown');
  await window.keyboard.press('Shift+ArrowUp');
  await expect(ticked).toHaveCount(2);
  await expect(main(window).getByRole('button', { name: 'Compare 2 runs' })).toBeVisible();

  const saving = window.waitForEvent('download');
  await main(window).getByRole('button', { name: 'Save the selected 2 runs as CSV' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('runs.csv');
  const csv = (await readFile(await saved.path(), 'utf8')).split('\r\n');
  expect(csv).toHaveLength(4);
  expect(csv[0]).toContain('training time (s)');
  for (const [index, name] of names.slice(0, 2).entries())
    expect(csv[index + 1]).toContain(name.replace('Run ', ''));

  await main(window).getByRole('button', { name: 'Columns' }).click();
  await window.getByRole('menuitemcheckbox', { name: 'Seed' }).click();
  await window.getByRole('menuitemcheckbox', { name: 'ms/step' }).click();
  await window.keyboard.press('Escape');
  await window.reload();
  await go(window, 'Runs');
  await expect(list.getByRole('columnheader', { name: 'ms/step' })).toBeVisible();
  await expect(list.getByRole('columnheader', { name: 'Seed' })).toHaveCount(0);

  await rows(window)
    .nth(1)
    .click({ position: { x: 5, y: 5 } });
  await window.keyboard.press('Enter');
  await expect(main(window).getByRole('heading', { name: names[1] ?? '' })).toBeVisible();
});
