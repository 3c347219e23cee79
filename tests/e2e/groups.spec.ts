/** Groups and comments on the canvas, with mouse and keyboard. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample } from './window.js';

const frame = (page: Page, name: string): Locator =>
  network(page).getByRole('group', { name: new RegExp(`^Group ${name},`) });
const collapsed = (page: Page, name: string): Locator =>
  network(page).getByRole('group', { name: `Collapsed group ${name}`, exact: true });
const wires = (page: Page): Locator => network(page).locator('.react-flow__edge');

async function placeOf(
  of: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('it is not on screen');
  return box;
}

/** Drags by an offset, from a point in the box: a part of its width and pixels from its top. */
async function drag(page: Page, of: Locator, by: { x: number; y: number }): Promise<void> {
  const { x, y, width } = await placeOf(of);
  await page.mouse.move(x + width / 2, y + 14);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + by.x / 2, y + 14 + by.y / 2, { steps: 4 });
  await page.mouse.move(x + width / 2 + by.x, y + 14 + by.y, { steps: 4 });
  await page.mouse.up();
}

async function groupTwo(page: Page): Promise<void> {
  await openExample(page, 'Next character');
  const [embedding, rnn] = [block(page, 'Embedding'), block(page, 'Simple RNN')];
  await embedding.click();
  await rnn.click({ modifiers: ['Shift'] });
  await page.keyboard.press('ControlOrMeta+g');
  await expect(frame(page, 'Group')).toBeVisible();
}

test('blocks are grouped in place, moved by the title, folded to one block with ports, and unfolded', async ({
  window: page,
}) => {
  await groupTwo(page);
  const before = await placeOf(block(page, 'Embedding'));
  const count = await wires(page).count();
  await page.keyboard.press('F2');
  await page.keyboard.type('Encoder');
  await page.keyboard.press('Enter');
  await expect(frame(page, 'Encoder')).toBeVisible();

  await drag(page, frame(page, 'Encoder').locator('[data-frame-title]'), { x: 0, y: 96 });
  await expect
    .poll(async () => (await placeOf(block(page, 'Embedding'))).y)
    .toBeGreaterThan(before.y + 40);
  const moved = await placeOf(block(page, 'Embedding'));

  await page.keyboard.press('e');
  const one = collapsed(page, 'Encoder');
  await expect(one).toContainText('2 blocks');
  await expect(block(page, 'Embedding')).toHaveCount(0);
  await expect(one.locator('.react-flow__handle.target')).toHaveCount(1);
  await expect(one.locator('.react-flow__handle.source')).toHaveCount(1);
  await expect(wires(page)).toHaveCount(count - 1);
  await one.dblclick();
  await expect(block(page, 'Embedding')).toBeVisible();
  expect(await placeOf(block(page, 'Embedding'))).toEqual(moved);
  await expect(wires(page)).toHaveCount(count);

  // Fold, unfold, move, name and group: one step each.
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ControlOrMeta+z');
  await expect(frame(page, '.*')).toHaveCount(0);
  expect(await placeOf(block(page, 'Embedding'))).toEqual(before);
});

test('a folded group is copied and deleted with its blocks, and unpacked', async ({
  window: page,
}) => {
  await groupTwo(page);
  await page.getByRole('button', { name: 'Collapse Group' }).click();
  const nodes = network(page).locator('.react-flow__node');
  const count = await nodes.count();
  await collapsed(page, 'Group').click();
  await page.keyboard.press('ControlOrMeta+d');
  await expect(collapsed(page, 'Group')).toHaveCount(2);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(collapsed(page, 'Group')).toHaveCount(1);

  await collapsed(page, 'Group').click();
  await page.keyboard.press('Delete');
  await expect(nodes).toHaveCount(count - 1);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(nodes).toHaveCount(count);
  await collapsed(page, 'Group').click();
  await page.keyboard.press('ControlOrMeta+Shift+g');
  await expect(collapsed(page, 'Group')).toHaveCount(0);
  await expect(block(page, 'Embedding')).toBeVisible();
});

test('a problem inside a folded group leads to its block: the group unfolds', async ({
  window: page,
}) => {
  await groupTwo(page);
  await page.keyboard.press('e');
  await expect(collapsed(page, 'Group')).toBeVisible();
  await network(page).getByRole('group', { name: 'Wire from Tokens to Embedding' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await page.keyboard.press('ControlOrMeta+j');
  await page
    .getByRole('region', { name: 'Problems' })
    .getByRole('listitem')
    .getByRole('button', { name: /Embedding.*nothing is connected/ })
    .click();
  await expect(block(page, 'Embedding')).toBeVisible();
  await expect(collapsed(page, 'Group')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Embedding');
});

test('a block is dragged into a frame', async ({ window: page }) => {
  await groupTwo(page);
  await expect(frame(page, 'Group')).toContainText('2 blocks');
  const { x, y } = await placeOf(block(page, 'Embedding'));
  const tokens = await placeOf(block(page, 'Tokens'));
  const by = { x: x - tokens.x, y: y + 24 - tokens.y };
  await drag(page, block(page, 'Tokens'), by);
  await expect(frame(page, 'Group')).toContainText('3 blocks');
});

test('a block that is added on a frame joins its group, and tidying keeps the group together', async ({
  window: page,
}) => {
  await groupTwo(page);
  const { x, y, width, height } = await placeOf(frame(page, 'Group'));
  await page.mouse.dblclick(x + width / 2, y + height - 6);
  await page.keyboard.type('dropout');
  await page.keyboard.press('Enter');
  await expect(frame(page, 'Group')).toContainText('3 blocks');
  await page.keyboard.press('t');
  await expect
    .poll(async () => {
      const around = await placeOf(frame(page, 'Group'));
      const others = await placeOf(block(page, 'Scores'));
      const apart =
        others.x > around.x + around.width ||
        others.x + others.width < around.x ||
        others.y > around.y + around.height ||
        others.y + others.height < around.y;
      return apart;
    })
    .toBe(true);
  await expect(frame(page, 'Group')).toContainText('3 blocks');
});

test('comments are written, sized, moved, and are in the file after a reload', async ({
  window: page,
  studio,
}) => {
  await openExample(page, 'Next character');
  await block(page, 'Embedding').click();
  await page.keyboard.press('Shift+C');
  await page.keyboard.type('Why 64?');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Larger did not help.');
  await page.keyboard.press('Escape');
  const comment = network(page).getByRole('group', { name: /^Comment: Why 64\?/ });
  await expect(comment).toBeVisible();
  const before = await placeOf(comment);
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await placeOf(comment)).y).toBeGreaterThan(before.y);
  const corner = await placeOf(comment.locator('.react-flow__resize-control'));
  await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
  await page.mouse.down();
  await page.mouse.move(corner.x + 60, corner.y + 40, { steps: 4 });
  await page.mouse.up();
  expect((await placeOf(comment)).width).toBeGreaterThan(before.width + 30);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.reload();
  await expect(comment).toContainText('Larger did not help.');
  const file = (await readdir(studio.workspace, { recursive: true })).find((name) =>
    /next-character.*\.unroll\.json$/.test(name),
  );
  const saved: unknown = JSON.parse(await readFile(join(studio.workspace, file ?? ''), 'utf8'));
  expect(saved).toMatchObject({
    version: 3,
    graph: { comments: [{ text: 'Why 64?\nLarger did not help.' }] },
  });
  await comment.click();
  await page.keyboard.press('Delete');
  await expect(comment).toHaveCount(0);
});
