/** The curves of a run, by mouse and keyboard. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.js';
import { chooseInMenu } from './window.js';

const main = (page: Page): Locator => page.getByRole('main');
const curves = (page: Page): Locator => main(page).getByRole('region', { name: 'Curves' });
const chart = (page: Page): Locator => curves(page).getByRole('application');
const resetButton = (page: Page): Locator =>
  curves(page).getByRole('button', { name: 'Reset zoom' });
const tooltip = (page: Page): Locator => curves(page).getByText(/^epoch [\d.]+, step \d+$/);

/** First and last label of what the chart says it shows. */
async function shownSpan(page: Page): Promise<[from: number, to: number]> {
  const text = await curves(page)
    .getByText(/^(epoch )?[\d.]+ to [\d.]+$/)
    .textContent();
  const [from, to] = (text ?? '').replace('epoch ', '').split(' to ').map(Number);
  return [from ?? NaN, to ?? NaN];
}
const width = ([from, to]: [number, number]): number => to - from;

test('curves zoom, pan and reset by mouse and keyboard, on linear and log scale, with one crosshair', async ({
  window,
}) => {
  await window.getByRole('banner').getByRole('button', { name: 'Train' }).click();
  const speed = main(window).getByText('steps/s').locator('xpath=..');
  await expect(speed).toHaveText(/^[\d.,]+ ?k?steps\/s$/, { timeout: 40_000 });
  await expect(main(window).getByText(/\d\d:\d\d left/)).toBeVisible();
  const image = curves(window).getByRole('img');
  await expect(image).toHaveAttribute('aria-label', /Best epoch \d/, { timeout: 30_000 });
  await main(window).getByRole('button', { name: 'Stop' }).click();
  await expect(main(window).getByText('Stopped', { exact: true }).first()).toBeVisible();
  await expect(image).toHaveAttribute('aria-label', /Loss: train \d.*, validation \d/);

  // The crosshair reads all lanes at one place.
  const box = await chart(window).boundingBox();
  if (box === null) throw new Error('the chart is not on screen');
  const at = (share: number): [number, number] => [
    box.x + 60 + share * (box.width - 90),
    box.y + 90,
  ];
  await window.mouse.move(...at(0.5));
  await expect(tooltip(window)).toBeVisible();
  for (const name of ['train', 'validation', 'gradient norm', 'learning rate'])
    await expect(tooltip(window).locator('xpath=..').getByText(name).first()).toBeVisible();

  // By keyboard it goes from point to point and is read out.
  await window.mouse.move(2, 2);
  await expect(tooltip(window)).toBeHidden();
  const spoken = main(window).getByText(/^epoch [\d.]+, step \d+ train /);
  await chart(window).focus();
  await window.keyboard.press('b');
  await expect(spoken).toHaveText(/validation/);
  const best = await spoken.textContent();
  await window.keyboard.press('Shift+ArrowRight');
  await expect(spoken).not.toHaveText(best ?? '');
  await expect(tooltip(window)).toBeVisible();
  // On its way it is not read out, at its end it is.
  const readings = await main(window)
    .locator('[aria-live="polite"]')
    .first()
    .evaluateHandle((region) => {
      const texts: string[] = [];
      new MutationObserver(() => texts.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      return texts;
    });
  const reading = (await spoken.textContent()) ?? '';
  for (let press = 0; press < 12; press++) await window.keyboard.press('Shift+ArrowLeft');
  await expect(spoken).not.toHaveText(reading);
  const head = (await tooltip(window).textContent()) ?? '';
  await expect(spoken).toContainText(head);
  const count = (await readings.jsonValue()).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(6);
  await window.keyboard.press('Escape');
  await expect(tooltip(window)).toBeHidden();
  await window.mouse.move(...at(0.5));

  // Wheel: closer around the pointer, then nothing but a button to go back.
  await expect(resetButton(window)).toHaveCount(0);
  await window.mouse.wheel(0, -400);
  await expect(resetButton(window)).toBeVisible();
  const closer = await shownSpan(window);
  await window.mouse.wheel(0, -400);
  await expect.poll(async () => width(await shownSpan(window))).toBeLessThan(width(closer));

  // Dragging to the right shows what came before.
  const before = await shownSpan(window);
  await window.mouse.move(...at(0.4));
  await window.mouse.down();
  await window.mouse.move(...at(0.6), { steps: 5 });
  await window.mouse.up();
  await expect.poll(async () => (await shownSpan(window))[0]).toBeLessThan(before[0]);
  await resetButton(window).click();
  await expect(resetButton(window)).toHaveCount(0);

  // Dragging over everything selects what to zoom to.
  await window.mouse.move(...at(0.25));
  await window.mouse.down();
  await window.mouse.move(...at(0.75), { steps: 5 });
  await window.mouse.up();
  await expect(resetButton(window)).toBeVisible();
  await window.mouse.dblclick(...at(0.5));
  await expect(resetButton(window)).toHaveCount(0);

  // The same by keyboard.
  await chart(window).focus();
  await window.keyboard.press('+');
  await window.keyboard.press('+');
  const byKey = await shownSpan(window);
  await window.keyboard.press('ArrowRight');
  await expect.poll(async () => (await shownSpan(window))[0]).toBeGreaterThan(byKey[0]);
  await window.keyboard.press('-');
  await expect.poll(async () => width(await shownSpan(window))).toBeGreaterThan(width(byKey));

  // The crosshair takes the view along to the end of the run, and back to the best epoch.
  await window.keyboard.press('+');
  await window.keyboard.press('PageUp');
  await window.keyboard.press('PageUp');
  await window.keyboard.press('PageUp');
  const early = await shownSpan(window);
  await window.keyboard.press('b');
  await expect(tooltip(window)).toBeVisible();
  const [from, to] = await shownSpan(window);
  expect(from).toBeGreaterThan(early[0]);
  await expect(spoken).toHaveText(best ?? '');
  await window.keyboard.press('Shift+ArrowLeft');
  for (let press = 0; press < 200 && (await shownSpan(window))[0] >= from; press++)
    await window.keyboard.press('Shift+ArrowLeft');
  expect((await shownSpan(window))[1]).toBeLessThan(to);
  await expect(tooltip(window)).toBeVisible();
  await window.keyboard.press('0');
  await expect(resetButton(window)).toHaveCount(0);

  // Scale and smoothing change the picture, not what is said of the run's end.
  const picture = async (): Promise<string> =>
    (await chart(window).screenshot()).toString('base64');
  await window.mouse.move(5, 5);
  const linear = await picture();
  await curves(window).getByRole('button', { name: 'Log', exact: true }).click();
  await window.mouse.move(5, 5);
  await expect.poll(picture).not.toBe(linear);
  const label = (await image.getAttribute('aria-label')) ?? '';
  await curves(window).getByRole('slider', { name: 'Smoothing of the training curves' }).focus();
  await window.keyboard.press('Home');
  await expect(curves(window).getByText('0.00', { exact: true })).toBeVisible();
  await expect(image).not.toHaveAttribute('aria-label', label);

  // Palette, View menu and keys change the view as well.
  const pressed = (name: string): Locator =>
    main(window).getByRole('button', { name, exact: true, pressed: true });
  await window.keyboard.press('ControlOrMeta+k');
  await window.getByRole('combobox', { name: /^Search commands/ }).fill('linear');
  await window.keyboard.press('Enter');
  await expect(pressed('Linear')).toBeVisible();
  await chooseInMenu(window, 'View', 'Epochs: whole run');
  await expect(pressed('Whole run')).toBeVisible();
  await window.keyboard.press('s');
  await expect(curves(window).getByText('0.50', { exact: true })).toBeVisible();
  await window.keyboard.press('Shift+S');
  await expect(curves(window).getByText('0.00', { exact: true })).toBeVisible();
  await window.keyboard.press('.');
  await expect(pressed('Results')).toBeVisible();
  await window.keyboard.press(',');
  await expect(pressed('Curves')).toBeVisible();
  await window.getByRole('navigation').getByRole('button', { name: 'Design' }).click();
  await window.getByRole('menubar').getByRole('menuitem', { name: 'View' }).click();
  await expect(window.getByRole('menu')).toContainText('Theme: dark');
  await expect(window.getByRole('menu')).not.toContainText('Epochs');
});
