/** What is shown of a run after its training: results on the test part. */
import { expect, test } from './studio.js';
import { openExample, trainBriefly, trainButton } from './window.js';

test('a classifier shows its confusion matrix and its worst mistakes, which open in the playground', async ({
  window,
}) => {
  await trainBriefly(window);
  const main = window.getByRole('main');
  await main.getByRole('button', { name: 'Results' }).click();
  const matrix = main.getByRole('table', { name: /Confusion matrix/ });
  await expect(matrix).toBeVisible({ timeout: 30_000 });
  const counts = await matrix.locator('td b').allTextContents();
  expect(counts).toHaveLength(4);
  const scores = main.getByRole('table', { name: 'Each class' });
  await expect(scores.getByRole('row', { name: /^positive .*%/ })).toBeVisible();

  const mistake = main.getByRole('region', { name: 'Worst mistakes' }).getByRole('button').first();
  const actual = await mistake.locator('b').first().textContent();
  await mistake.click();
  const answer = main.getByRole('region', { name: 'Answer' });
  await expect(answer).toContainText(`wrong: it is ${actual}`);

  // The row becomes one's own text, read the same, to be changed.
  const bars = answer.getByRole('table', { name: 'Probability of each class' });
  const before = await bars.textContent();
  await main.getByRole('button', { name: 'Try changes' }).click();
  const text = main.getByRole('textbox', { name: 'Text' });
  await expect(answer).not.toContainText('wrong: it is');
  await expect(bars).toHaveText(before ?? '');
  // Words in the middle of a long sentence may change nothing that the rounded numbers show.
  await text.press('ControlOrMeta+a');
  await window.keyboard.type('absolutely awful, terrible and boring');
  await expect(bars).not.toHaveText(before ?? '');
});

test('a forecast shows predicted against actual with residuals, and finds them again at once', async ({
  window,
}) => {
  await openExample(window, 'Weather forecast');
  await trainBriefly(window);
  const main = window.getByRole('main');
  await main.getByRole('button', { name: 'Results' }).click();
  const chart = main.getByRole('img', { name: /predicted against actual, one step ahead/ });
  await expect(chart).toHaveAttribute('aria-label', /Residuals: mean .*RMSE \d/, {
    timeout: 30_000,
  });
  await expect(main.getByRole('table', { name: 'Errors by how far ahead' })).toBeVisible();
  await main.getByRole('button', { name: 'Curves' }).click();
  await main.getByRole('button', { name: 'Results' }).click();
  await expect(chart).toBeVisible({ timeout: 2_000 });
});

test('a run shows how far back the gradient reaches, in a sentence and a curve for each layer', async ({
  window,
}) => {
  await openExample(window, 'Next character');
  await trainButton(window).click();
  const main = window.getByRole('main');
  await expect(main.getByRole('button', { name: 'Keep going' })).toBeVisible({ timeout: 60_000 });
  await main.getByRole('button', { name: 'Gradients', exact: true }).click();
  const gradients = main.getByRole('region', { name: 'Gradients through time' });
  await expect(gradients.getByText(/^Simple RNN: the gradient .* 3 steps back/)).toBeVisible();
  await expect(gradients.getByRole('img', { name: /Norm of the loss’s gradient/ })).toBeVisible();
});
