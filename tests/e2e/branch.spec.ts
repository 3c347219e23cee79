/** A paused run branches: another learning rate from there on, as a run of its own. */
import { serious } from './axe.js';
import { expect, test } from './studio.js';
import { openExample, trainButton } from './window.js';

test('a paused run branches with another learning rate; both runs are kept, and the parent is resumed', async ({
  window,
}) => {
  await openExample(window, 'Character language model');
  const main = window.getByRole('main');
  await trainButton(window).click();
  const progress = main.getByText(/step \d+ \/ \d+/);
  await expect(progress).toBeVisible({ timeout: 60_000 });
  await main.getByRole('button', { name: 'Pause' }).click();
  await expect(main.getByText('Paused', { exact: true })).toBeVisible();
  const parent = (await main.getByRole('heading', { level: 2 }).first().textContent()) ?? '';

  // By its button, or from the palette.
  await window.keyboard.press('ControlOrMeta+k');
  const search = window.getByRole('combobox', { name: /^Search commands/ });
  await search.fill('keep going');
  await expect(window.getByRole('option').first()).toContainText('The run has not ended.');
  await search.fill('branch');
  await window.keyboard.press('Enter');
  const dialog = window.getByRole('dialog', { name: `Branch from ${parent}` });
  await expect(dialog).toContainText('Nothing is changed yet');
  const rate = dialog.getByRole('spinbutton', { name: 'Learning rate' });
  const before = await rate.inputValue();
  await rate.click();
  await window.keyboard.type('0.0005');
  await expect(dialog.getByText(/→ 5e-4/)).toBeVisible();
  await expect(dialog).toContainText('is stopped at its checkpoint and kept');
  expect(await serious(window, 'Branch')).toEqual([]);
  await dialog.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('2');
  await window.keyboard.press('Enter');

  // The branch: its own name, where it comes from, and what was changed.
  await expect(main.getByRole('heading', { level: 2 }).first()).toContainText('branch');
  await expect(
    main.getByText(
      new RegExp(`Branched from ${parent} at epoch [01].*: epochs 8 → 2, learning rate .* → 5e-4`),
    ),
  ).toBeVisible();
  await expect(progress).toBeVisible({ timeout: 60_000 });
  await expect(main.getByText('parent', { exact: true })).toBeVisible();
  expect(Number(before)).toBeGreaterThan(0.0005);

  await main.getByRole('button', { name: 'Stop' }).click();
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();

  const views = window.getByRole('navigation');
  await views.getByRole('button', { name: 'Runs' }).click();
  await expect(main.getByRole('row', { name: /Run [0-9a-f]{4}/ })).toHaveCount(2);
  const branch = main.getByRole('row', { name: /branch/ });
  await expect(branch).toHaveCount(1);
  // The list leads to the parent, too.
  await branch.getByRole('button', { name: `: branch of ${parent} at epoch` }).click();
  await expect(main.getByRole('heading', { level: 2 }).first()).toHaveText(parent);
  await views.getByRole('button', { name: 'Runs' }).click();
  await branch.getByRole('rowheader').getByRole('button').first().click();

  // The parent waits where it was.
  await main.getByRole('button', { name: parent, exact: true }).click();
  await expect(main.getByRole('heading', { level: 2 }).first()).toHaveText(parent);
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
  await main.getByRole('button', { name: /Resume from step/ }).click();
  await expect(progress).toBeVisible({ timeout: 60_000 });
  await main.getByRole('button', { name: 'Stop' }).click();
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
});
