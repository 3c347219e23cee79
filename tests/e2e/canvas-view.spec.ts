/** Looking around on the canvas and selecting by area. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample } from './window.js';

const overview = (page: Page): Locator =>
  network(page).getByRole('img', { name: 'Overview of the network' });

async function boxOf(
  of: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('it is not on screen');
  return box;
}

async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await page.mouse.up();
}

test.beforeEach(async ({ window }) => {
  await openExample(window, 'Next character');
  await expect(block(window, 'Embedding')).toBeVisible();
});

test('an area drawn with Shift selects the blocks in it', async ({ window }) => {
  const [tokens, embedding] = [
    await boxOf(block(window, 'Tokens')),
    await boxOf(block(window, 'Embedding')),
  ];
  await window.keyboard.down('Shift');
  await drag(
    window,
    { x: tokens.x - 12, y: tokens.y - 12 },
    { x: embedding.x + embedding.width + 12, y: embedding.y + embedding.height + 8 },
  );
  await window.keyboard.up('Shift');
  await expect(network(window).locator('.react-flow__node.selected')).toHaveCount(2);
  await expect(window.getByRole('complementary').getByText('2 blocks')).toBeVisible();
});

test('the view is moved with Space, with the wheel and in the overview, and the blocks stay', async ({
  window,
}) => {
  const before = await boxOf(block(window, 'Embedding'));
  const { x, y, width } = await boxOf(network(window));
  // Over a block: Space pans where a drag would move it.
  await block(window, 'Embedding').hover();
  await window.keyboard.down('Space');
  await drag(
    window,
    { x: before.x + 40, y: before.y + 12 },
    { x: before.x + 140, y: before.y + 62 },
  );
  await window.keyboard.up('Space');
  const panned = await boxOf(block(window, 'Embedding'));
  expect(panned.x - before.x).toBeGreaterThan(60);
  expect(panned.y - before.y).toBeGreaterThan(30);
  await expect(window.getByRole('button', { name: 'Undo' })).toBeDisabled();

  await window.mouse.move(x + width / 2, y + 20);
  await window.mouse.wheel(100, 50);
  await expect.poll(async () => (await boxOf(block(window, 'Embedding'))).x).toBeLessThan(panned.x);

  const map = await boxOf(overview(window));
  const wheeled = await boxOf(block(window, 'Embedding'));
  const middle = { x: map.x + map.width / 2, y: map.y + map.height / 2 };
  await drag(window, middle, { x: middle.x + 20, y: middle.y });
  await expect
    .poll(async () => (await boxOf(block(window, 'Embedding'))).x)
    .toBeLessThan(wheeled.x - 20);
});
