/** Pause, resume and stop, by their buttons. */
import { expect, test } from './studio.js';

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
