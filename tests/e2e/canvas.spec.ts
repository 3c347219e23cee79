import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample } from './window.js';

const example = 'Sentiment: bidirectional LSTM';

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Add a block' });
const undo = (page: Page): Promise<void> => page.keyboard.press('Control+z');
const wires = (page: Page): Locator => network(page).locator('.react-flow__edge');

async function middleOf(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('nothing to point at');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** A place of the canvas where nothing stands. */
async function emptySpot(page: Page): Promise<{ x: number; y: number }> {
  const box = await network(page).boundingBox();
  if (box === null) throw new Error('no canvas');
  return { x: box.x + box.width * 0.62, y: box.y + 48 };
}

async function drag(page: Page, from: Locator, to: { x: number; y: number }): Promise<void> {
  const start = await middleOf(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 4 });
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

test.beforeEach(async ({ window }) => {
  await openExample(window, example);
  await expect(block(window, 'Bidirectional LSTM')).toBeVisible();
});

test('a block is added where the pointer is, by double-click and by /', async ({ window }) => {
  const spot = await emptySpot(window);
  await window.mouse.dblclick(spot.x, spot.y);
  await window.keyboard.type('gru');
  await expect(dialog(window).getByRole('option').first()).toContainText('GRU');
  await window.keyboard.press('Enter');
  const added = block(window, 'GRU');
  await expect(added).toBeVisible();
  const at = await middleOf(added);
  expect(Math.hypot(at.x - spot.x, at.y - spot.y)).toBeLessThan(120);

  await window.keyboard.press('/');
  await expect(dialog(window).getByRole('option')).not.toHaveCount(0);
  await window.keyboard.press('Escape');
  await expect(dialog(window)).toBeHidden();
  await undo(window);
  await expect(added).toBeHidden();
});

test('a wire dropped on the empty canvas offers the blocks that take it, and connects in one step', async ({
  window,
}) => {
  const before = await wires(window).count();
  const output = block(window, 'Embedding').getByLabel(/\(output\)/);
  await drag(window, output, await emptySpot(window));
  await expect(dialog(window).getByRole('option', { name: /^LSTM/ })).toBeVisible();
  await expect(dialog(window).getByRole('option', { name: /^Tokens/ })).toHaveCount(0);
  await dialog(window).getByRole('option', { name: /^LSTM/ }).click();
  await expect(block(window, 'LSTM')).toBeVisible();
  await expect(wires(window)).toHaveCount(before + 1);
  await undo(window);
  await expect(block(window, 'LSTM')).toBeHidden();
  await expect(wires(window)).toHaveCount(before);
});

test('the keyboard alone connects two blocks', async ({ window }) => {
  const before = await wires(window).count();
  const spot = await emptySpot(window);
  await window.mouse.dblclick(spot.x, spot.y);
  await window.keyboard.type('pool');
  await window.keyboard.press('Enter');
  await expect(block(window, 'Pool over time 2')).toBeVisible();
  await block(window, 'Embedding').focus();
  await window.keyboard.press('Enter');
  await window.keyboard.press('c');
  const status = network(window)
    .getByRole('status')
    .filter({ hasText: /^Connect/ });
  await expect(status).toContainText('Embedding, ');
  for (let tries = 0; tries < 12; tries++) {
    if ((await status.textContent())?.includes('Pool over time 2') === true) break;
    await window.keyboard.press('ArrowRight');
  }
  await expect(status).toContainText('Pool over time 2');
  await window.keyboard.press('Enter');
  await expect(status).toBeHidden();
  await expect(wires(window)).toHaveCount(before + 1);
  // The new block moved behind the one that feeds it in the tab order, and the focus stayed.
  await expect(block(window, 'Embedding')).toBeFocused();
  const names = await window
    .locator('.react-flow__node')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label')));
  expect(names.slice(0, 2)).toEqual(['Tokens', 'Embedding']);
  expect(names.at(-1)).toBe('Pool over time 2');
});

test('blocks travel as text to where the pointer is, and other text is refused with a reason', async ({
  window,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await block(window, 'Embedding dropout').click();
  await window.keyboard.press('Control+c');
  const text = await window.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(text)).toMatchObject({ format: 'unroll-blocks' });
  const spot = await emptySpot(window);
  await window.mouse.move(spot.x, spot.y);
  await window.keyboard.press('Control+v');
  const pasted = block(window, 'Embedding dropout 2');
  await expect(pasted).toBeVisible();
  const box = await pasted.boundingBox();
  expect(Math.hypot((box?.x ?? 0) - spot.x, (box?.y ?? 0) - spot.y)).toBeLessThan(16);

  await window.evaluate(() => navigator.clipboard.writeText('Dear Sir or Madam'));
  await window.keyboard.press('Control+v');
  await expect(window.getByText('other text (“Dear Sir or Madam”)')).toBeVisible();
});

test('selected blocks are aligned and distributed, each in one step', async ({ window }) => {
  const names = ['Tokens', 'Embedding', 'Embedding dropout'];
  const modifiers: ['Shift'] = ['Shift'];
  await block(window, 'Tokens').click();
  await block(window, 'Bidirectional LSTM').click({ modifiers });
  const left = async (name: string): Promise<number> =>
    Math.round((await block(window, name).boundingBox())?.x ?? NaN);
  await window.getByRole('button', { name: 'Align right edges' }).click();
  const right = async (name: string): Promise<number> => {
    const box = await block(window, name).boundingBox();
    return Math.round((box?.x ?? NaN) + (box?.width ?? NaN));
  };
  await expect
    .poll(async () => Math.abs((await right('Tokens')) - (await right('Bidirectional LSTM'))))
    .toBeLessThanOrEqual(1);
  await undo(window);
  await expect.poll(async () => (await left('Tokens')) - (await left('Dense'))).toBe(0);
  await block(window, 'Tokens').click();
  for (const name of names.slice(1)) await block(window, name).click({ modifiers });
  await window.keyboard.press('Alt+Shift+H');
  await expect
    .poll(async () => {
      const gapOf = async (a: string, b: string): Promise<number> =>
        (await left(b)) - (await right(a));
      return Math.abs(
        (await gapOf('Tokens', 'Embedding')) - (await gapOf('Embedding', 'Embedding dropout')),
      );
    })
    .toBeLessThanOrEqual(2);
});

test('dragging a block changes nothing but it and its wires', async ({ window }) => {
  await block(window, 'Dense').click();
  const others = await window.evaluateHandle(() => {
    const changed = new Set<string>();
    const nodes = [...document.querySelectorAll<HTMLElement>('.react-flow__node')];
    for (const node of nodes)
      new MutationObserver(() => changed.add(node.dataset['id'] ?? '')).observe(node, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    return { count: nodes.length, read: () => [...changed] };
  });
  const start = await middleOf(block(window, 'Dense'));
  await drag(window, block(window, 'Dense').getByText('Dense'), {
    x: start.x + 40,
    y: start.y + 56,
  });
  const changed = await others.evaluate(({ read }) => read());
  expect(changed).toEqual(['dense']);
});

test('the view goes to everything, to the selection and to 100 %, and tidying is one step', async ({
  window,
}) => {
  const zoom = window.getByRole('toolbar', { name: 'View' }).getByText(/%$/);
  await block(window, 'Dense').click();
  await window.keyboard.press('Shift+Digit0');
  await expect(zoom).toHaveText('100%');
  await window.keyboard.press('Shift+Digit1');
  await expect(zoom).not.toHaveText('100%');
  await window.keyboard.press('Shift+Digit2');
  await expect(zoom).toHaveText('100%');

  const spot = await emptySpot(window);
  await drag(window, block(window, 'Dense').getByText('Dense', { exact: true }), spot);
  const moved = await middleOf(block(window, 'Dense'));
  await window.keyboard.press('t');
  await expect
    .poll(async () =>
      Math.hypot(
        (await middleOf(block(window, 'Dense'))).x - moved.x,
        (await middleOf(block(window, 'Dense'))).y - moved.y,
      ),
    )
    .toBeGreaterThan(40);
});
