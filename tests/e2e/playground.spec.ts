/** Trying a trained network: what it says at every token, of every token, and where it looks. */
import type { Locator, Page } from '@playwright/test';
import { serious } from './axe.js';
import { expect, test } from './studio.js';
import { openExample, trainBriefly, trainButton } from './window.js';

const main = (page: Page): Locator => page.getByRole('main');

async function openPlayground(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Playground' }).click();
}

/** `91.2 %` as 0.912. */
const share = (text: string | null): number => Number(text?.match(/([\d.]+) %/)?.[1]) / 100;

test('a classifier tells how its answer changes with every token, and what its attention weighs', async ({
  window,
}) => {
  await openExample(window, 'Stacked LSTM with attention');
  await trainBriefly(window);
  await openPlayground(window);
  const text = main(window).getByRole('textbox', { name: 'Text' });
  await text.click();
  await window.keyboard.type('The plot was bad, but the acting is great!', { delay: 5 });
  const answer = main(window).getByRole('region', { name: 'Answer' });
  const bars = answer.getByRole('table', { name: 'Probability of each class' });
  const positive = bars.getByRole('row', { name: /^positive/ });
  const tokens = answer.getByRole('slider', { name: 'Token' });
  await expect(tokens).toHaveAttribute('aria-valuetext', /after “!”, 11 of 11: positive .* %/);
  const whole = await positive.textContent();
  const after = share(await tokens.getAttribute('aria-valuetext'));
  expect(after).toBeCloseTo(share(whole), 2);
  await expect(
    answer.getByText(/(turned it|moved it most): (positive|negative) .* → /),
  ).toBeVisible();

  // The keyboard walks back through the text; the bars follow.
  await tokens.focus();
  await window.keyboard.press('Home');
  await expect(tokens).toHaveAttribute('aria-valuetext', /after “the”, 1 of 11/);
  await window.keyboard.press('ArrowRight');
  await expect(answer.getByText('after “plot”, 2 of 11')).toBeVisible();
  const value = share(await tokens.getAttribute('aria-valuetext'));
  expect(share(await positive.textContent())).toBeCloseTo(value, 3);
  await window.keyboard.press('Escape');
  await expect(answer.getByText('after the whole text')).toBeVisible();

  // And so does the pointer; a prefix is what one gets by typing just that.
  await tokens.getByText('bad', { exact: true }).hover();
  await expect(answer.getByText('after “bad”, 4 of 11')).toBeVisible();
  const prefix = await positive.textContent();
  await text.fill('The plot was bad');
  await expect(tokens).toHaveAttribute('aria-valuetext', /after “bad”, 4 of 4/);
  expect(await positive.textContent()).toBe(prefix);

  const attention = answer.getByRole('region', { name: 'Attention of Attention' });
  await expect(attention.getByText(/^Most on “/)).toBeVisible();
  await attention.getByText('Numbers').click();
  const cells = attention
    .getByRole('table', { name: 'Attention weights of Attention' })
    .getByRole('cell');
  const weights = (await cells.allTextContents()).map(Number);
  expect(weights).toHaveLength(4);
  expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
  expect(await serious(window, 'Playground of a classifier')).toEqual([]);
});

test('a language model writes into the window as it goes, stops, and takes a candidate by a click', async ({
  window,
}) => {
  await openExample(window, 'Character language model');
  await trainBriefly(window);
  await openPlayground(window);
  const prompt = main(window).getByRole('textbox', { name: 'Prompt' });
  await prompt.click();
  await window.keyboard.type('The wha', { delay: 5 });
  const output = main(window).getByRole('region', { name: 'Text' });
  const candidates = output.getByRole('table', { name: 'Probability of the next character' });
  const insert = candidates.getByRole('button', { name: /^Insert / });
  await expect(insert.first()).toBeEnabled();

  // Greedy sampling draws the first candidate for sure.
  const temperature = main(window).getByRole('spinbutton', { name: 'Temperature' });
  await temperature.fill('0');
  await temperature.press('Enter');
  await expect(candidates.getByRole('row').nth(1).getByRole('cell').last()).toHaveText('100.0 %');
  await temperature.fill('1');
  await temperature.press('Enter');
  await expect(candidates.getByRole('row').nth(1).getByRole('cell').last()).not.toHaveText(
    '100.0 %',
  );
  const token = await insert.first().textContent();
  await insert.first().click();
  await expect(prompt).toHaveValue(`The wha${token?.replace('␣', ' ')}`);

  await main(window).getByRole('spinbutton', { name: 'Length' }).fill('10000');
  await main(window).getByRole('button', { name: 'Generate' }).click();
  const text = output.getByRole('log');
  const length = async (): Promise<number> => (await text.textContent())?.length ?? 0;
  await expect.poll(length).toBeGreaterThan(20);
  const early = await length();
  await expect.poll(length).toBeGreaterThan(early);
  await main(window).getByRole('button', { name: 'Stop' }).click();
  await expect(
    output.getByText(/^[\d,]+ characters, .* each \(.* a second\), stopped$/),
  ).toBeVisible();
  const stopped = await text.textContent();
  expect(stopped?.length).toBeLessThan(10_000);
  expect(stopped).toMatch(/^The wha/);
  // The bars now stand at the end of what was written, and a candidate goes there.
  await expect(insert.first()).toBeEnabled();
  await expect(
    output.getByText(/^Least foreseen: “.*Perplexity of this text [\d.,]+\.$/),
  ).toBeVisible();
  await output.getByRole('slider', { name: 'Token' }).focus();
  await window.keyboard.press('ArrowLeft');
  await expect(output.getByText(/^“.” had [\d.]+ %(:|; the most probable was)/)).toBeVisible();
  expect(await serious(window, 'Playground of a language model')).toEqual([]);
  await main(window).getByRole('button', { name: 'Keep as prompt' }).click();
  await expect(prompt).toHaveValue(stopped ?? '');
});

test('a forecast reaches beyond its own horizon and says how its error grows', async ({
  window,
}) => {
  await openExample(window, 'Weather forecast');
  await trainBriefly(window);
  await openPlayground(window);
  const horizon = main(window).getByRole('spinbutton', { name: 'Horizon' });
  await expect(horizon).toHaveValue('3');
  const errors = main(window).getByRole('region', { name: 'Error by step ahead' });
  await expect(errors.getByText(/repeating the last value.*: .* → .* against .* → /)).toBeVisible();
  await expect(main(window).getByText('30 rows in, 3 ahead at once.')).toBeVisible();
  const windows = async (): Promise<number> =>
    Number(/(\d+) test windows/.exec((await errors.textContent()) ?? '')?.[1]);
  const own = await windows();

  await horizon.fill('14');
  await expect(
    main(window).getByText(
      /beyond \+3 its own predictions are fed back; .*wind stay at their last value/,
    ),
  ).toBeVisible();
  // The last 11 windows have fewer than 14 known rows behind them.
  await expect.poll(windows).toBe(own - 11);
  await horizon.fill('450');
  await expect(errors).toBeHidden();
  await expect(main(window).getByRole('alert')).toContainText(
    'No test window has 450 known rows behind it.',
  );
  await horizon.fill('14');
  await expect(errors).toBeVisible();
  expect(await serious(window, 'Playground of a forecast')).toEqual([]);
});

test('before there are weights it says so, opens by itself while the run trains, and keeps the text', async ({
  window,
}) => {
  await openPlayground(window);
  await expect(main(window).getByRole('status')).toHaveText(/^Train the network first/);
  await trainButton(window).click();
  await openPlayground(window);
  await expect(main(window).getByRole('status')).toHaveText(/is training and has no weights yet/);
  await expect(main(window).getByRole('button', { name: 'Watch the training' })).toBeVisible();
  const text = main(window).getByRole('textbox', { name: 'Text' });
  await text.fill('What a wonderful film');
  const bars = main(window).getByRole('table', { name: 'Probability of each class' });
  await expect(bars.getByRole('row')).toHaveCount(2);
  await window.getByRole('navigation').getByRole('button', { name: 'Design' }).click();
  await openPlayground(window);
  await expect(text).toHaveValue('What a wonderful film');
  await expect(bars.getByRole('row')).toHaveCount(2);
});
