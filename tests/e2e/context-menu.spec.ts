/** What a right click on the canvas offers, and names typed where they stand. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample } from './window.js';

const item = (page: Page, name: string): Locator => page.getByRole('menuitem', { name });

test.beforeEach(async ({ window }) => {
  await openExample(window, 'Next character');
  await expect(block(window, 'Embedding')).toBeVisible();
});

test('the menu of a block is about that block, and says what is not possible', async ({
  window,
}) => {
  await block(window, 'Embedding').click({ button: 'right', position: { x: 60, y: 50 } });
  await expect(item(window, 'Unroll or fold')).toBeDisabled();
  await expect(item(window, 'Unroll or fold')).toHaveAttribute('title', /No recurrent block/);
  await item(window, 'Duplicate').click();
  await expect(block(window, 'Embedding 2')).toBeVisible();
  await window.keyboard.press('Control+z');
  await expect(block(window, 'Embedding 2')).toBeHidden();

  // The same from the keyboard.
  await block(window, 'Embedding').focus();
  await window.keyboard.press('Shift+F10');
  await expect(item(window, 'Rename')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(item(window, 'Rename')).toBeHidden();
});

test('a name is typed on the block itself', async ({ window }) => {
  await block(window, 'Embedding').click();
  await window.keyboard.press('F2');
  await window.keyboard.type('Letters');
  await window.keyboard.press('Enter');
  await expect(block(window, 'Letters')).toBeVisible();
  await block(window, 'Letters').getByText('Letters').dblclick();
  await window.keyboard.type('Other');
  await window.keyboard.press('Escape');
  await expect(block(window, 'Letters')).toBeVisible();
  await window.keyboard.press('Control+z');
  await expect(block(window, 'Embedding')).toBeVisible();
});

test('what is copied by the menu is pasted where the menu was opened', async ({ window }) => {
  await window.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await block(window, 'Embedding').click({ button: 'right', position: { x: 60, y: 50 } });
  await item(window, 'Copy').click();
  const canvas = await network(window).boundingBox();
  if (canvas === null) throw new Error('no canvas');
  const spot = { x: canvas.x + canvas.width * 0.5, y: canvas.y + 40 };
  await window.mouse.click(spot.x, spot.y, { button: 'right' });
  await item(window, 'Paste').click();
  const pasted = block(window, 'Embedding 2');
  await expect(pasted).toBeVisible();
  const box = await pasted.boundingBox();
  expect(Math.hypot((box?.x ?? 0) - spot.x, (box?.y ?? 0) - spot.y)).toBeLessThan(24);
});
