/**
 * `npm run screenshots`: every screen in both themes at 1280×800 and 1920×1080, from the real studio on a
 * workspace of its own, into `screenshots/`. The three that the README shows go to resources/screenshots.
 */
import { chromium } from '@playwright/test';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './browser.mjs';
import { ensurePython } from './python.mjs';
import { startStudio } from './studio.mjs';

const root = join(import.meta.dirname, '..');
const out = join(root, 'screenshots');
const sizes = [
  [1280, 800],
  [1920, 1080],
];
const themes = ['light', 'dark'];
const readme = ['design-light-1280', 'train-dark-1280', 'data-light-1280'];

// The export on screen is verified in PyTorch.
process.env.UNROLL_PYTHON = ensurePython();
const workspace = await mkdtemp(join(tmpdir(), 'unroll-screenshots-'));
const { url, host } = await startStudio(workspace);
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});

/** A page on the studio, with its font and its first shapes there. */
async function open(theme, [width, height]) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(url);
  const example = page.getByRole('button', { name: /^Sentiment: bidirectional LSTM/ });
  const tokens = page.getByRole('group', { name: 'Tokens', exact: true });
  await example.or(tokens).first().waitFor();
  if (await example.isVisible()) await example.click();
  await page.getByRole('group', { name: 'Tokens', exact: true }).waitFor();
  await page.getByText('32 × 40 × 64').first().waitFor();
  return page;
}
const view = (page, name) =>
  page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
const settle = (page) => page.waitForTimeout(900);

try {
  await mkdir(out, { recursive: true });
  await mkdir(join(root, 'resources/screenshots'), { recursive: true });
  // Two whole runs first, so that Train, Runs and Playground have something to show and to compare.
  const first = await open('light', sizes[0]);
  // The second one is the example as it comes, and what all pictures show.
  for (const units of ['32', '48']) {
    await view(first, 'Design');
    await first.getByRole('group', { name: 'Bidirectional LSTM', exact: true }).click();
    await first.getByLabel('Units', { exact: true }).first().fill(units);
    await first.keyboard.press('Enter');
    await first.getByRole('banner').getByRole('button', { name: 'Train' }).click();
    await view(first, 'Train');
    await first.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await first.getByRole('button', { name: 'Try it' }).waitFor({ timeout: 300_000 });
  }
  await settle(first);
  await first.close();
  for (const theme of themes) {
    for (const size of sizes) {
      const page = await open(theme, size);
      const shoot = async (name) => {
        await settle(page);
        await page.screenshot({ path: join(out, `${name}-${theme}-${size[0]}.png`) });
      };
      await page.getByRole('group', { name: 'Bidirectional LSTM', exact: true }).click();
      await shoot('design');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /^Search commands/ }).fill('lstm');
      await shoot('palette');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Projects and examples' }).click();
      await page.getByText('Weather forecast').first().waitFor();
      await shoot('projects');
      await page.keyboard.press('Control+,');
      await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
      await shoot('settings');
      await view(page, 'Design');
      await page.getByRole('button', { name: 'Code', exact: true }).click();
      await page.getByRole('textbox', { name: /^model/ }).waitFor();
      await page.getByRole('group', { name: 'Dense', exact: true }).hover();
      await shoot('code');
      await page.getByRole('button', { name: 'Close the code' }).click();
      await view(page, 'Data');
      await page.getByText('One batch').waitFor();
      await shoot('data');
      await view(page, 'Train');
      await page.getByRole('img', { name: /Curves up to/ }).waitFor();
      await shoot('train');
      await page.getByRole('main').getByRole('button', { name: 'Results' }).click();
      await page.getByRole('table', { name: /Confusion matrix/ }).waitFor({ timeout: 60_000 });
      await shoot('results');
      await page.getByRole('main').getByRole('button', { name: 'Gradients', exact: true }).click();
      await page
        .getByText(/: the gradient that reaches/)
        .first()
        .waitFor();
      await shoot('gradients');
      await view(page, 'Runs');
      for (const row of [1, 2]) await page.getByRole('row').nth(row).getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Compare 2 runs' }).click();
      await page.getByRole('table', { name: 'Scores and costs' }).waitFor();
      await shoot('compare');
      await page.getByRole('button', { name: 'All runs' }).click();
      for (const row of [1, 2])
        await page.getByRole('row').nth(row).getByRole('checkbox').uncheck();
      await page.getByRole('row').nth(1).getByRole('checkbox').check();
      await shoot('runs');
      await page
        .getByRole('button', { name: /^Actions of Run/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: /^Export/ }).click();
      await page.getByRole('dialog').getByRole('radio').first().waitFor();
      await shoot('export');
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: 'Done' }).waitFor({ timeout: 120_000 });
      await shoot('exported');
      await page.getByRole('button', { name: 'Done' }).click();
      await view(page, 'Playground');
      await page
        .getByRole('main')
        .getByRole('textbox')
        .first()
        .fill('I did not like the plot, but the acting was wonderful.');
      await shoot('playground');
      await page.context().close();
    }
  }
  for (const name of readme) {
    const target = name.replace(/-\d+$/, '');
    await copyFile(join(out, `${name}.png`), join(root, `resources/screenshots/${target}.png`));
  }
  console.log(`Screenshots are in ${out}.`);
} finally {
  await browser.close();
  host.removeAllListeners('exit');
  host.kill('SIGTERM');
  await rm(workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
