/** The Code panel: it follows the graph, and blocks and lines point at each other. */
import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expect, test } from './studio.js';
import { block, network } from './window.js';

const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Code' });
const code = (page: Page): Locator => panel(page).getByRole('textbox', { name: /model\./ });
/** Lines that are marked as those of a block. */
const marked = (page: Page, how: 'selected' | 'hovered'): Locator =>
  code(page).locator(`[data-block="${how}"]`);

async function openCode(page: Page): Promise<void> {
  // The first shapes are there when the data is prepared.
  await expect(network(page).getByText('32 × 40 × 64').first()).toBeVisible();
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await expect(code(page)).toContainText('LSTM(');
}

test('the code follows the graph, in each framework', async ({ window }) => {
  await openCode(window);
  await expect(code(window)).toContainText('nn.LSTM(');
  await panel(window).getByRole('tab', { name: 'Keras' }).click();
  await expect(code(window)).toContainText('layers.LSTM(48');

  await block(window, 'Bidirectional LSTM').click();
  const units = window
    .getByRole('complementary', { name: 'Inspector' })
    .getByRole('spinbutton', { name: 'Units' });
  await units.fill('16');
  await units.press('Enter');
  await expect(code(window)).toContainText('layers.LSTM(16');
  await window.keyboard.press('ControlOrMeta+z');
  await expect(code(window)).toContainText('layers.LSTM(48');

  await panel(window).getByRole('tab', { name: 'TypeScript' }).click();
  await expect(code(window)).toContainText('import');
});

test('a block marks its lines, a line marks and selects its block', async ({ window }) => {
  await openCode(window);
  await panel(window).getByRole('tab', { name: 'Keras' }).click();
  await block(window, 'Dense').hover();
  await expect(marked(window, 'hovered').first()).toContainText('Dense(2');

  await block(window, 'Bidirectional LSTM').click();
  await expect(marked(window, 'selected').filter({ hasText: 'LSTM(48' })).toBeInViewport();

  const line = code(window).getByText('layers.Embedding(').first();
  await line.hover();
  await expect(block(window, 'Embedding').locator('[data-linked]')).toHaveCount(1);
  await line.click();
  await expect(block(window, 'Embedding')).toHaveClass(/selected/);
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('textbox', { name: 'Name' }),
  ).toHaveValue('Embedding');
});

test('the code is reached, read and left by the keyboard alone, and stays open', async ({
  window,
}) => {
  await openCode(window);
  await code(window).focus();
  const here = marked(window, 'hovered');
  for (let lines = 0; lines < 100 && (await here.count()) === 0; lines++)
    await window.keyboard.press('ArrowDown');
  await expect(here.first()).toBeInViewport();
  await window.keyboard.press('Enter');
  await expect(marked(window, 'selected').first()).toBeInViewport();
  // Deleting text that can't be changed deletes no block either.
  await window.keyboard.press('Delete');
  await expect(network(window).getByRole('group', { name: /Wire from/ })).toHaveCount(7);

  const width = async (): Promise<number> => (await panel(window).boundingBox())?.width ?? 0;
  const before = await width();
  await panel(window).getByRole('separator', { name: 'Width of the code' }).focus();
  await window.keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(before + 24);
  await window.reload();
  await expect(code(window)).toContainText('LSTM(');
  expect(await width()).toBe(before + 24);
  await window.keyboard.press('ControlOrMeta+e');
  await expect(panel(window)).toHaveCount(0);
});

test('a broken graph keeps the last good code and says what stops it', async ({ window }) => {
  await openCode(window);
  await block(window, 'Dense').click();
  await window.keyboard.press('Delete');
  const status = panel(window).getByRole('status').filter({ hasText: 'nothing is connected' });
  await expect(status).toBeVisible();
  await expect(code(window)).toContainText('LSTM(');
  await status.getByRole('button', { name: 'Show' }).click();
  await expect(block(window, 'Classify')).toHaveClass(/selected/);
  await window.keyboard.press('ControlOrMeta+z');
  await expect(status).toHaveCount(0);
});

test('the shown file is copied and saved whole', async ({ window, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openCode(window);
  await panel(window).getByRole('button', { name: 'Copy model.py' }).click();
  await expect(panel(window).getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await window.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^"""[\s\S]*nn\.LSTM\([\s\S]*\n$/);

  const download = window.waitForEvent('download');
  await panel(window).getByRole('button', { name: 'Save model.py' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('model.py');
  expect(await readFile(await saved.path(), 'utf8')).toBe(copied);

  await panel(window).getByRole('combobox', { name: 'File' }).click();
  await window.getByRole('option', { name: 'verify.py' }).click();
  await expect(panel(window).getByRole('textbox', { name: /verify\.py/ })).toBeVisible();
});
