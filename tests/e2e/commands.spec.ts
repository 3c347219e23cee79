/** The palette's commands for runs, data and devices, and the glossary of Help. */
import { serious } from './axe.js';
import { expect, test } from './studio.js';
import { chooseInMenu, openExample, trainButton } from './window.js';

test('the palette tries a run, trains again, opens the trash, chooses the device and imports data', async ({
  window,
}) => {
  await openExample(window, 'Next character');
  const main = window.getByRole('main');
  const search = window.getByRole('combobox', { name: /^Search commands/ });
  const options = window.getByRole('option');
  const find = async (text: string): Promise<void> => {
    await window.keyboard.press('ControlOrMeta+k');
    await search.fill(text);
  };
  await find('try it');
  await expect(options.filter({ hasText: 'Try it' })).toContainText('There is no run yet.');
  await window.keyboard.press('Escape');

  await trainButton(window).click();
  await expect(main.getByText('Completed')).toBeVisible({ timeout: 60_000 });
  await find('resume from');
  await expect(options.first()).toHaveAttribute('aria-disabled', 'true');
  await window.keyboard.press('Escape');
  await find('try it');
  await window.keyboard.press('Enter');
  await expect(
    window.getByRole('navigation').getByRole('button', { name: 'Playground', exact: true }),
  ).toHaveAttribute('aria-current', 'page');
  await find('train again');
  await window.keyboard.press('Enter');
  await expect(main.getByRole('region', { name: 'Curves' })).toBeVisible();

  await find('trash of runs');
  await window.keyboard.press('Enter');
  await expect(window.getByText('The trash is empty.')).toBeVisible();
  await window.keyboard.press('Escape');

  await find('device: automatic');
  await expect(options.first()).toContainText('chosen');
  await search.fill('device:');
  await expect(options.filter({ hasText: /^Device: / })).not.toHaveCount(1);
  await window.keyboard.press('Escape');

  const chooser = window.waitForEvent('filechooser');
  await find('import data');
  await window.keyboard.press('Enter');
  await (
    await chooser
  ).setFiles({
    name: 'words.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `text,label\n${Array.from({ length: 30 }, (_, row) => `a short text ${row},${row % 2 === 0 ? 'good' : 'bad'}`).join('\n')}\n`,
    ),
  });
  await expect(window.getByRole('dialog')).toContainText('words.csv');
});

test('the glossary explains every term with its source and finds terms as one types', async ({
  window,
}) => {
  const dialog = window.getByRole('dialog', { name: 'Glossary' });
  const search = dialog.getByRole('textbox', { name: 'Search terms' });
  const terms = dialog.getByRole('term');
  const found: string[] = [];
  for (const theme of ['light', 'dark']) {
    await chooseInMenu(window, 'View', `Theme: ${theme}`);
    await chooseInMenu(window, 'Help', /^Glossary/);
    await expect(search).toBeFocused();
    await expect(terms.first()).toHaveText('Accuracy');
    found.push(...(await serious(window, `Glossary, ${theme}`)));
    await window.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  expect(found).toEqual([]);
  await window.keyboard.press('ControlOrMeta+k');
  await window.keyboard.type('glossary');
  await window.keyboard.press('Enter');
  await expect(search).toBeFocused();
  await window.keyboard.type('teacher');
  await expect(terms).toHaveText(['Teacher forcing']);
  await expect(dialog.getByRole('region', { name: 'Terms' })).toContainText(
    'Williams & Zipser 1989',
  );
  await expect(dialog.getByRole('status')).toHaveText('1 term');
  await search.fill('zzz');
  await expect(dialog).toContainText('Nothing matches “zzz”.');
});
