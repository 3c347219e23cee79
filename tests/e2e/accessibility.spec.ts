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

test('the comparison, settings and every dialog are free of serious violations, light and dark', async ({
  window,
}) => {
  await openExample(window, 'Next character');
  const main = window.getByRole('main');
  const go = (name: string) =>
    window.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  const completed = main.getByRole('row', { name: /Completed/ });
  for (const runs of [1, 2]) {
    await trainButton(window).click();
    await expect(main.getByRole('region', { name: 'Curves' })).toBeVisible();
    await go('Runs');
    await expect(completed).toHaveCount(runs, { timeout: 60_000 });
  }
  const found: string[] = [];
  for (const theme of ['light', 'dark']) {
    await chooseInMenu(window, 'View', `Theme: ${theme}`);
    const look = async (screen: string): Promise<void> => {
      found.push(...(await serious(window, `${screen}, ${theme}`)));
    };
    const lookAtDialog = async (name: string | RegExp): Promise<void> => {
      const dialog = window.getByRole('dialog', { name });
      await expect(dialog).toBeVisible();
      await look(String(name));
      await window.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    };
    await go('Runs');
    for (const box of await main.getByRole('row').getByRole('checkbox').all()) await box.check();
    await main.getByRole('button', { name: 'Compare 2 runs' }).click();
    await expect(main.getByRole('table', { name: 'Scores and costs' })).toBeVisible();
    await look('Comparison');
    await main.getByRole('button', { name: 'All runs' }).click();

    await window.keyboard.press('ControlOrMeta+,');
    await expect(main.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
    await look('Settings');

    await chooseInMenu(window, 'File', 'New…');
    await lookAtDialog('New project');
    await chooseInMenu(window, 'File', /^Export the newest run/);
    await lookAtDialog(/^Export Run/);
    await chooseInMenu(window, 'Help', /^About/);
    await expect(window.getByRole('dialog').getByText('TensorFlow.js')).toBeVisible();
    await lookAtDialog('About Unroll Studio');
    await chooseInMenu(window, 'Help', /^About/);
    await window.getByRole('button', { name: 'Licences…' }).click();
    await window.getByText('Data and fonts').click();
    await lookAtDialog('Licences');

    await go('Data');
    await main.getByLabel('Choose a data file').setInputFiles({
      name: 'numbers.csv',
      mimeType: 'text/plain',
      buffer: Buffer.from(`day,value\n${'1,2\n3,x\n'.repeat(30)}`),
    });
    await expect(window.getByRole('dialog').getByText(/rows × 2 columns/)).toBeVisible();
    await lookAtDialog(/^Import/);
  }
  expect(found).toEqual([]);
});
