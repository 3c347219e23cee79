/** Pause, resume and stop, by their buttons. */
import { serious } from './axe.js';
import { expect, test } from './studio.js';
import { openExample, trainButton } from './window.js';

test('a run pauses, goes on, and stops with a checkpoint that it can be resumed from', async ({
  window,
}) => {
  const main = window.getByRole('main');
  const progress = main.getByText(/step \d+ \/ \d+/);
  await window.getByRole('banner').getByRole('button', { name: 'Train' }).click();
  await expect(progress).toBeVisible({ timeout: 30_000 });

  await main.getByRole('button', { name: 'Pause' }).click();
  await expect(main.getByText('Paused')).toBeVisible();
  const pausedAt = await progress.textContent();
  await window.waitForTimeout(1_000);
  expect(await progress.textContent()).toBe(pausedAt);

  await main.getByRole('button', { name: 'Resume' }).click();
  await expect(progress).not.toHaveText(pausedAt ?? '');

  await main.getByRole('button', { name: 'Stop' }).click();
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
  await expect(main.getByRole('button', { name: /Resume/ })).toBeVisible();
});

test('a data set is chosen, and previewed with its rows and classes', async ({ window }) => {
  const main = window.getByRole('main');
  await window.getByRole('navigation').getByRole('button', { name: 'Data' }).click();
  await expect(main.getByText('One batch')).toBeVisible();
  await expect(main.getByText('negative').first()).toBeVisible();
  await main.getByRole('radio', { name: /Spam mails/ }).check();
  await expect(main.getByText('6,046 rows')).toBeVisible({ timeout: 30_000 });
  await expect(main.getByText('spam', { exact: true }).first()).toBeVisible();
});

test('a run that ended keeps going for as many epochs as a person wants, as the same run', async ({
  window,
}) => {
  await openExample(window, 'Next character');
  await window.getByRole('complementary').getByLabel('Epochs').fill('3');
  await window.keyboard.press('Tab');
  await trainButton(window).click();
  const main = window.getByRole('main');
  await expect(main.getByText('Completed', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(main.getByText('Epoch 3 / 3')).toBeVisible();
  const name = await main.getByRole('heading', { level: 2 }).first().textContent();

  await main.getByRole('button', { name: 'Keep going' }).click();
  const epochs = window.getByRole('dialog').getByRole('spinbutton', { name: 'More epochs' });
  await expect(epochs).toBeFocused();
  await expect(epochs).toHaveValue('10');
  await window.keyboard.type('4');
  await expect(window.getByText('From epoch 4 to 7')).toBeVisible();
  expect(await serious(window, 'Keep going')).toEqual([]);
  await window.keyboard.press('Enter');

  await expect(main.getByText('Epoch 7 / 7')).toBeVisible({ timeout: 60_000 });
  await expect(main.getByText('Completed', { exact: true }).first()).toBeVisible();
  await expect(main.getByText('All 7 epochs done')).toBeVisible();
  await expect(main.getByRole('heading', { level: 2 }).first()).toHaveText(name ?? '');
  await expect(main.getByRole('img', { name: /Curves up to epoch 7/ })).toBeVisible();
});
