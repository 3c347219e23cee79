/** No serious violation of WCAG on any screen, in both themes. */
import { serious } from './axe.js';
import { expect, test } from './studio.js';
import { block, chooseInMenu, openExample, trainButton } from './window.js';

test('every screen is free of serious violations, light and dark', async ({ window }) => {
  await openExample(window, 'Next character');
  await trainButton(window).click();
  const main = window.getByRole('main');
  await expect(main.getByText('Completed')).toBeVisible({ timeout: 60_000 });
  const go = (name: string) =>
    window.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  const found: string[] = [];
  for (const theme of ['light', 'dark']) {
    await chooseInMenu(window, 'View', `Theme: ${theme}`);
    const look = async (screen: string): Promise<void> => {
      found.push(...(await serious(window, `${screen}, ${theme}`)));
    };
    await go('Design');
    await block(window, 'Simple RNN').click();
    await look('Design');
    await go('Data');
    await expect(main.getByText('One batch')).toBeVisible();
    await look('Data');
    await go('Train');
    await look('Train');
    await go('Runs');
    await look('Runs');
    await go('Playground');
    await look('Playground');
    await window.keyboard.press('Control+k');
    await expect(window.getByRole('listbox', { name: 'Results' })).toBeVisible();
    await look('Command palette');
    await window.keyboard.press('Escape');
    await chooseInMenu(window, 'Help', /^Keyboard shortcuts/);
    await expect(window.getByRole('dialog')).toBeVisible();
    await look('Keyboard shortcuts');
    await window.keyboard.press('Escape');
    await window.getByRole('button', { name: 'Projects and examples' }).click();
    await expect(window.getByRole('region', { name: 'Examples' })).toBeVisible();
    await look('Projects and examples');
  }
  expect(found).toEqual([]);
});
