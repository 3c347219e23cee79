/** Runs beside each other. */
import type { Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { openExample, trainButton } from './window.js';

async function trainToTheEnd(page: Page): Promise<void> {
  await trainButton(page).click();
  await expect(page.getByRole('main').getByText('Completed')).toBeVisible({ timeout: 60_000 });
}

test('two ticked runs are compared: what changed between them, their scores, and what is better beyond noise', async ({
  window,
}) => {
  await openExample(window, 'Next character');
  await trainToTheEnd(window);
  const go = (name: string) =>
    window.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  await go('Design');
  await window.getByRole('group', { name: 'Simple RNN', exact: true }).click();
  const units = window.getByLabel('Units', { exact: true }).first();
  await units.fill('5');
  await units.press('Enter');
  await trainButton(window).click();
  await go('Runs');
  const main = window.getByRole('main');
  await expect(main.getByRole('row', { name: /Completed/ })).toHaveCount(2, { timeout: 60_000 });
  for (const box of await main.getByRole('checkbox').all()) await box.check();
  await main.getByRole('button', { name: 'Compare 2 runs' }).click();

  const scores = main.getByRole('table', { name: 'Scores and costs' });
  await expect(scores.getByRole('row', { name: /^Parameters .*better/ })).toBeVisible();
  await expect(main.getByRole('table', { name: 'Network' })).toContainText('Simple RNN: units');
  await expect(main.getByText(/Data and training recipe the same/)).toBeVisible();
  await expect(main.getByRole('img', { name: /best|no validation loss/ })).toBeVisible();
  // Over time of training instead of epochs: one that learns faster may take longer.
  const axis = main.getByRole('group', { name: 'What the curves are drawn over' });
  await axis.getByRole('button', { name: 'Time' }).click();
  const box = await main.getByRole('application').first().boundingBox();
  if (box === null) throw new Error('the chart is not on screen');
  await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(main.getByText(/^[\d.]+ m?s$/).first()).toBeVisible();
  await main.getByRole('button', { name: 'All runs' }).click();
  await expect(main.getByRole('row', { name: /Completed/ })).toHaveCount(2);
});
