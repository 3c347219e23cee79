/** Parts of the studio's window, found as a person finds them. */
import { expect, type Locator, type Page } from '@playwright/test';

export const network = (page: Page): Locator => page.getByRole('region', { name: 'Network' });

export const block = (page: Page, name: string): Locator =>
  network(page).getByRole('group', { name, exact: true });

export const trainButton = (page: Page): Locator =>
  page.getByRole('banner').getByRole('button', { name: /^Train/ });

/** Chooses an entry of the menu bar. */
export async function chooseInMenu(
  page: Page,
  menu: string,
  entry: RegExp | string,
): Promise<void> {
  await page.getByRole('menubar').getByRole('menuitem', { name: menu, exact: true }).click();
  await page.getByRole('menu').getByRole('menuitem', { name: entry }).click();
}

export async function openExample(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Projects and examples' }).click();
  await page
    .getByRole('region', { name: 'Examples' })
    .getByRole('button', { name })
    .first()
    .click();
  await expect(page.getByRole('textbox', { name: 'Project name' })).toHaveValue(name);
}

/** Trains the open project for a few steps: enough for weights, and for mistakes. */
export async function trainBriefly(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await trainButton(page).click();
  await expect(main.getByText(/step \d+ \/ \d+/)).toBeVisible({ timeout: 60_000 });
  await main.getByRole('button', { name: 'Stop' }).click();
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
}
