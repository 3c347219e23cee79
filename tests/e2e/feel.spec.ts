/** The window as a whole: first start, command palette, shortcuts, and two windows of one project. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from './studio.js';
import { block, chooseInMenu, network } from './window.js';

test('the palette adds a block, opens an example and says why a command is not possible', async ({
  window,
}) => {
  await expect(block(window, 'Bidirectional LSTM')).toBeVisible();
  await expect(window).toHaveTitle('Sentiment: bidirectional LSTM — Unroll Studio');
  const search = window.getByRole('combobox', { name: /^Search commands/ });
  // Also where one types on before it is there, the first time; the letters are no shortcuts then.
  await block(window, 'Bidirectional LSTM').focus();
  await window.keyboard.press('ControlOrMeta+k');
  await window.keyboard.type('3 undo');
  await expect(search).toHaveValue('3 undo');
  await window.keyboard.press('Escape');
  await expect(search).toHaveCount(0);
  await expect(block(window, 'Bidirectional LSTM')).toBeFocused();
  await window.keyboard.press('ControlOrMeta+k');
  await window.keyboard.type('theme: dark');
  await window.keyboard.press('Enter');
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await window.keyboard.press('ControlOrMeta+k');
  await search.fill('theme: light');
  await window.keyboard.press('Enter');
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'light');

  await window.keyboard.press('ControlOrMeta+k');
  await search.fill('undo');
  const undo = window.getByRole('option', { name: /^Undo/ });
  await expect(undo).toHaveAttribute('aria-disabled', 'true');
  await expect(undo).toContainText('Nothing to undo.');
  await search.fill('add gru');
  await expect(window.getByRole('option').first()).toContainText('Add GRU');
  await window.keyboard.press('Enter');
  await expect(search).toHaveCount(0);
  await expect(block(window, 'GRU')).toBeVisible();
  await window.keyboard.press('ControlOrMeta+z');
  await expect(block(window, 'GRU')).toHaveCount(0);

  await window.keyboard.press('ControlOrMeta+k');
  // What was chosen last comes first.
  await expect(window.getByRole('option').first()).toContainText('Add GRU');
  await search.fill('weather forecast');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('textbox', { name: 'Project name' })).toHaveValue(
    'Weather forecast',
  );

  await window.getByRole('region', { name: 'Network' }).click({ position: { x: 300, y: 30 } });
  await window.keyboard.press('?');
  const sheet = window.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('Command palette');
  await window.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await chooseInMenu(window, 'View', /^Theme: dark/);
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a term says its meaning under the pointer and for who comes with the Tab key', async ({
  window,
}) => {
  await network(window).click({ position: { x: 300, y: 30 } });
  const inspector = window.getByRole('complementary', { name: 'Inspector' });
  const tip = window.getByRole('tooltip');
  await inspector.getByText('Patience', { exact: true }).hover();
  await expect(tip).toHaveText('Epochs without improvement after which the training ends.');
  await inspector.getByRole('spinbutton', { name: 'Batch size' }).click();
  await expect(tip).toHaveCount(0);
  await window.keyboard.press('Shift+Tab');
  await expect(inspector.getByRole('spinbutton', { name: 'Epochs' })).toBeFocused();
  await expect(tip).toContainText('One pass over all training rows.');
  await window.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);

  await window.getByRole('navigation').getByRole('button', { name: 'Data', exact: true }).click();
  const padding = window.getByText('Padding, all rows to one length', { exact: true });
  await expect(padding).toBeVisible();
  await window.getByRole('slider', { name: 'Longest row' }).focus();
  await window.keyboard.press('Tab');
  await expect(padding).toBeFocused();
  await expect(tip).toContainText('Fills shorter rows of a batch');
});

test('a second window looks on until it takes over, and nothing is lost', async ({
  window,
  studio,
  context,
}) => {
  await expect(block(window, 'Bidirectional LSTM')).toBeVisible();
  const second = await context.newPage();
  await second.goto(studio.url);
  const told = /open in another window/;
  await expect(second.getByRole('alert')).toContainText(told);
  await expect(window.getByRole('alert')).toHaveCount(0);
  await block(second, 'Pool over time').click();
  await second.keyboard.press('Delete');
  await expect(block(second, 'Pool over time')).toHaveCount(1);

  // Taken over right after an edit: the first window saves it before it lets go.
  await window.getByRole('textbox', { name: 'Project name' }).fill('Edited in the first');
  await window.keyboard.press('Enter');
  await second.getByRole('button', { name: 'Edit here' }).click();
  await expect(second.getByRole('textbox', { name: 'Project name' })).toHaveValue(
    'Edited in the first',
  );
  await expect(second.getByRole('alert')).toHaveCount(0);
  await expect(window.getByRole('alert')).toContainText(told);

  await block(second, 'Pool over time').click();
  await second.keyboard.press('Delete');
  await expect(block(second, 'Pool over time')).toHaveCount(0);
  await expect(second.getByRole('status').first()).toHaveText(/^Saved/);
  await second.close();
  await expect(window.getByRole('alert')).toContainText('can be edited here again');
  await window.getByRole('button', { name: 'Edit here' }).click();
  await expect(block(window, 'Pool over time')).toHaveCount(0);
});

test('a first start shows the examples as pictures, in less than 700 kB of gzipped JavaScript', async ({
  page,
  studio,
}) => {
  await page.goto(studio.url);
  const cards = page.getByRole('region', { name: 'Examples' }).getByRole('button');
  await expect(cards).toHaveCount(10);
  await expect(cards.filter({ hasText: 'Weather forecast' })).toContainText('Seattle weather');
  await expect(cards.first().locator('svg').first()).toBeVisible();
  await expect(page.getByRole('complementary', { name: 'Your projects' })).toContainText(
    'None yet',
  );
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js')),
  );
  const bytes = scripts
    .map((path) => gzipSync(readFileSync(join('out/renderer', path))).length)
    .reduce((sum, size) => sum + size, 0);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(700_000);
});
