/** What a network costs, how fast it will train, and what its recurrences do, as the window shows it. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { block, network, openExample } from './window.js';

const bar = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Model' });
const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });
const unrolled = (page: Page): Locator =>
  network(page).getByRole('region', { name: 'Bidirectional LSTM, unrolled' });

async function ready(page: Page): Promise<void> {
  // Sizes that come from the data are there.
  await expect(bar(page).getByRole('group', { name: 'Parameters: 155,714' })).toBeVisible();
}

test('the bar below tells what the network costs, why, and which block it is', async ({
  window: page,
}) => {
  await ready(page);
  await expect(bar(page).getByRole('group', { name: /^Memory: [\d.]+ MB$/ })).toBeVisible();
  await expect(bar(page).getByRole('group', { name: /^\/epoch: [\d.]+ G$/ })).toBeVisible();

  await bar(page)
    .getByRole('group', { name: /^FLOPs\/example/ })
    .hover();
  const tooltip = page.getByRole('tooltip');
  await expect(tooltip).toContainText('O(T·H²)');
  await expect(tooltip).toContainText('I = 64 inputs and H = 48 units');
  await page.mouse.move(640, 300);

  // One tab stop; arrow keys go from block to block, Enter selects.
  const pieces = bar(page).getByRole('toolbar', { name: 'FLOPs of each block' });
  await pieces.getByRole('button').first().focus();
  const recurrent = pieces.getByRole('button', {
    name: /^Bidirectional LSTM: 1\.\d+ M, 100 % of the FLOPs/,
  });
  for (let i = 0; i < 8 && !(await recurrent.evaluate((e) => e === document.activeElement)); i++)
    await page.keyboard.press('ArrowRight');
  await expect(recurrent).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(inspector(page).getByRole('heading', { name: 'Bidirectional' })).toBeVisible();

  await bar(page).getByRole('button', { name: 'Costs by block' }).click();
  const costs = page.getByRole('dialog', { name: 'Costs by block' });
  await expect(costs.getByRole('row', { name: /^Embedding 0 0 % 112,128 72 %/ })).toBeVisible();
  await costs.getByText('Parameters', { exact: true }).first().click();
  await costs.getByRole('button', { name: 'Embedding', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(inspector(page).getByRole('heading', { name: 'Embedding' })).toBeVisible();
  await expect(bar(page).getByRole('toolbar', { name: 'Parameters of each block' })).toBeVisible();
});

test('a calibration predicts the time of training, is kept, and is held against the next run', async ({
  window: page,
}) => {
  await ready(page);
  await expect(bar(page).getByText('not calibrated')).toBeVisible();
  await bar(page).getByRole('button', { name: 'Calibrate' }).click();
  const predicted = bar(page).getByRole('button', { name: 'Predicted time' });
  await expect(predicted).toContainText(/[\d.]+ ms\/step.*(ms|s)\/epoch/);
  await page.reload();
  await expect(predicted).toContainText(/[\d.]+ ms\/step/);

  await openExample(page, 'Sentiment: simple RNN');
  await inspector(page).getByLabel('Epochs').fill('1');
  await page.keyboard.press('Tab');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^Train/ })
    .click();
  await expect(page.getByText('Completed').first()).toBeVisible({ timeout: 60_000 });
  await predicted.click();
  const details = page.getByRole('dialog', { name: 'Predicted time' });
  await expect(details).toContainText('Calibrated');
  await expect(details).toContainText(/Last run here.*ms a step; predicted for it .*%/);
});

test('a recurrent block unrolls into its time steps by mouse and key, and the rows below make room', async ({
  window: page,
}) => {
  await ready(page);
  const recurrent = block(page, 'Bidirectional LSTM');
  const below = block(page, 'Dense');
  /** From row two to row three, as a multiple of that from one to two: the window may zoom. */
  const gap = async (): Promise<number> => {
    const tops = await Promise.all(
      [block(page, 'Tokens'), recurrent, below].map(
        async (one) => (await one.boundingBox())?.y ?? 0,
      ),
    );
    const [first = 0, second = 0, third = 0] = tops;
    return (third - second) / (second - first);
  };
  const before = await gap();
  await recurrent.getByRole('button', { name: 'Unrolled over time' }).click();
  const drawing = unrolled(page);
  await expect(
    drawing.getByRole('heading', { name: 'Bidirectional LSTM, 40 steps' }),
  ).toBeVisible();
  await expect(drawing.getByText('W', { exact: true })).toHaveCount(4);
  await expect(drawing.getByText('W′', { exact: true })).toHaveCount(4);
  await expect.poll(gap).toBeGreaterThan(before + 1);
  // A way of looking at the network, not a change of it.
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();

  await drawing.getByRole('button', { name: 'Step on' }).click();
  await page.keyboard.press('ArrowRight');
  await expect(drawing.getByText('step 2', { exact: true })).toBeVisible();
  await expect(drawing).toContainText(
    'x of step 2 and h of step 1 and c of step 1 give h and c of step 2',
  );

  // What the block does changes what is drawn: with its last step alone, step 2 has no output.
  await expect(drawing.getByText('y2', { exact: true })).toBeVisible();
  await recurrent.getByText('Bidirectional LSTM', { exact: true }).click();
  await inspector(page).getByRole('radiogroup').getByText('Last step', { exact: true }).click();
  await expect(drawing.getByText('y2', { exact: true })).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(drawing.getByText('y2', { exact: true })).toBeVisible();

  // A block that is moved while there is room keeps its row; near the edge the canvas would pan along.
  await page.getByRole('button', { name: 'Show everything' }).click();
  for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Zoom out' }).click();
  await expect.poll(async () => (await below.boundingBox())?.y).toBeLessThan(600);
  const from = await below.boundingBox();
  await page.mouse.move((from?.x ?? 0) + 30, (from?.y ?? 0) + 8);
  await page.mouse.down();
  await page.mouse.move((from?.x ?? 0) + 130, (from?.y ?? 0) + 8, { steps: 5 });
  await page.mouse.up();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await page.reload();
  await expect(unrolled(page)).toBeVisible();
  await block(page, 'Bidirectional LSTM').getByText('Bidirectional LSTM', { exact: true }).click();
  await page.keyboard.press('u');
  await expect(unrolled(page)).toHaveCount(0);
  await expect.poll(gap).toBeCloseTo(before, 1);
  await page.keyboard.press('u');
  await expect(unrolled(page)).toBeVisible();
});

test('the equations are those of the block as it is set, and every letter is explained', async ({
  window: page,
}) => {
  await ready(page);
  await block(page, 'Bidirectional LSTM').getByText('Bidirectional LSTM', { exact: true }).click();
  const equations = inspector(page).getByRole('region', { name: 'Equations' });
  await expect(equations.getByText('forget gate', { exact: true })).toBeVisible();
  await equations.getByText('Wi', { exact: true }).hover();
  await expect(page.getByRole('tooltip')).toContainText('W ∈ ℝ⁶⁴ˣ¹⁹²');

  await equations.getByText('What is return_sequences?').click();
  await expect(equations).toContainText('This block: True');

  await inspector(page).getByRole('combobox', { name: 'Cell' }).click();
  await page.getByRole('option', { name: 'GRU' }).click();
  await expect(equations.getByText('forget gate', { exact: true })).toHaveCount(0);
  await expect(equations.getByText('candidate, reset after')).toBeVisible();
  await inspector(page).getByText('Reset after', { exact: true }).click();
  await expect(equations.getByText('candidate, reset before')).toBeVisible();
});
