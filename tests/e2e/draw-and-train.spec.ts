/** The spine, as a new user drives it: draw a network with the mouse, train it, come back to it. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample, trainButton } from './window.js';

const problems = (page: Page) => page.getByRole('region', { name: 'Problems' });

/** Drags a block from the palette to a place on the canvas, in pixels from its top left. */
async function dragBlock(page: Page, title: string, x: number, y: number): Promise<void> {
  await page
    .getByRole('complementary', { name: 'Blocks' })
    .getByRole('button', { name: title, exact: true })
    .dragTo(network(page), { targetPosition: { x, y } });
}

const handle = (of: Locator, port: string, side: 'source' | 'target') =>
  of.locator(`.react-flow__handle.${side}[data-handleid="${port}"]`);

/** Draws a wire with the mouse. */
async function connect(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (start === null || end === null) throw new Error('a port is not on screen');
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x - 20, end.y + end.height / 2, { steps: 5 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 5 });
  await page.mouse.up();
}

test('blocks are dragged, wired and trained, the curve falls, and all is there after a reload', async ({
  window,
  studio,
}) => {
  await openExample(window, 'Next character');
  // An empty canvas: everything away.
  await block(window, 'Tokens').click();
  await window.keyboard.press('ControlOrMeta+a');
  await window.keyboard.press('Delete');
  await expect(block(window, 'Tokens')).toHaveCount(0);

  const row: [string, number, number][] = [
    ['Tokens', 100, 60],
    ['Embedding', 290, 60],
    ['Simple RNN', 470, 60],
    ['Time-distributed dense', 260, 330],
    ['Next token', 540, 330],
  ];
  for (const [title, x, y] of row) await dragBlock(window, title, x, y);
  const [tokens, embedding, rnn, dense, head] = row.map(([title]) => block(window, title));
  if (!tokens || !embedding || !rnn || !dense || !head) throw new Error('five blocks expected');
  for (const node of [tokens, embedding, rnn, dense, head]) await expect(node).toHaveCount(1);

  await connect(window, handle(tokens, 'out', 'source'), handle(embedding, 'in', 'target'));
  await connect(window, handle(embedding, 'out', 'source'), handle(rnn, 'in', 'target'));
  await connect(window, handle(dense, 'out', 'source'), handle(head, 'in', 'target'));
  await expect(network(window).getByText('1 × 4 × 64')).toBeVisible();

  // A vector does not fit a port that takes a sequence: refused, with the repair offered.
  await connect(window, handle(rnn, 'out', 'source'), handle(dense, 'in', 'target'));
  await window.getByRole('button', { name: 'Return all steps' }).first().click();
  await expect(rnn.getByText('all steps')).toBeVisible();
  await expect(problems(window)).toContainText('No problems');
  await expect(window.getByRole('status').first()).toHaveText(/Saved/);

  await trainButton(window).click();
  const main = window.getByRole('main');
  await expect(main.getByText('Completed')).toBeVisible({ timeout: 60_000 });
  const curves = main.getByRole('img', { name: /Curves up to epoch/ });
  await expect(curves).toHaveAttribute('aria-label', /Loss: train \d/);
  const row1 = main.getByRole('row', { name: /^Loss/ });
  expect(Number(await row1.getByRole('cell').first().textContent())).toBeLessThan(0.1);

  await window.reload();
  await expect(window.getByRole('textbox', { name: 'Project name' })).toHaveValue('Next character');
  await expect(block(window, 'Simple RNN')).toBeVisible();
  await window.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  await expect(main.getByRole('row', { name: /Completed/ })).toHaveCount(1);

  // And after the whole studio was started again.
  await window.goto('about:blank');
  await studio.restart();
  await window.goto(studio.url);
  await window.getByRole('navigation').getByRole('button', { name: 'Runs' }).click();
  await expect(main.getByRole('row', { name: /Completed/ })).toHaveCount(1);
  await window.getByRole('navigation').getByRole('button', { name: 'Playground' }).click();
  await main.getByRole('textbox', { name: 'Prompt' }).fill('hell');
  await expect(main.getByRole('row', { name: /^Insert o (100|99)\.\d %/ })).toBeVisible();
});

test('undo and redo bring a deleted block and its wires back and away again', async ({
  window,
}) => {
  const wires = network(window).getByRole('group', { name: /Wire from/ });
  await expect(wires).toHaveCount(7);
  await block(window, 'Pool over time').click();
  await window.keyboard.press('Delete');
  await expect(block(window, 'Pool over time')).toHaveCount(0);
  await expect(problems(window)).not.toContainText('No problems');
  await window.keyboard.press('ControlOrMeta+z');
  await expect(block(window, 'Pool over time')).toHaveCount(1);
  await expect(wires).toHaveCount(7);
  await expect(problems(window)).toContainText('No problems');
  await window.keyboard.press('ControlOrMeta+Shift+z');
  await expect(block(window, 'Pool over time')).toHaveCount(0);
});

test('a changed parameter changes shapes and counts at once and survives a reload', async ({
  window,
}) => {
  await block(window, 'Bidirectional LSTM').click();
  const inspector = window.getByRole('complementary', { name: 'Inspector' });
  const units = inspector.getByRole('spinbutton', { name: 'Units' });
  await units.fill('16');
  await units.press('Enter');
  await expect(network(window).getByText('32 × 40 × 32').first()).toBeVisible();
  await expect(window.getByRole('status').first()).toHaveText(/^Saved/);
  await window.reload();
  await expect(network(window).getByText('32 × 40 × 32').first()).toBeVisible();
});

test('an edit made right before the window goes is saved', async ({ window }) => {
  // The browser's own question, which Chromium asks where something was typed.
  window.on('dialog', (dialog) => void dialog.accept());
  const name = window.getByRole('textbox', { name: 'Project name' });
  await expect(name).not.toHaveValue('');
  await name.fill('Just in time');
  await window.reload();
  await expect(name).toHaveValue('Just in time');
});

test('a graph that is not ready says what is missing instead of training', async ({ window }) => {
  await block(window, 'Dense').click();
  await window.keyboard.press('Delete');
  await window
    .getByRole('banner')
    .getByRole('button', { name: /problem to solve/ })
    .click();
  await expect(problems(window)).toContainText('nothing is connected');
});
