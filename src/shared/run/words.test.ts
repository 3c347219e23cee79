import { describe, expect, it } from 'vitest';
import { formatDuration } from '../format.js';
import { trainingRecipeSchema } from '../training/recipe.js';
import { clipText, conclusion, scheduleText, scoreTable } from './words.js';
import { sampleScores as scores, sampleSummary as summary } from './samples.js';

describe('the result', () => {
  it('shows only the scores that the task has, with a dash for a missing part', () => {
    const table = scoreTable(
      summary({
        train: scores({ accuracy: 0.9 }),
        validation: null,
        test: scores({ accuracy: 0.8 }),
      }),
    );
    expect(table).toEqual([
      { name: 'Loss', term: 'loss', values: ['0.500', '–', '0.500'] },
      { name: 'Accuracy', term: 'accuracy', values: ['90.0 %', '–', '80.0 %'] },
    ]);
  });

  it('judges a forecast against persistence, in both directions', () => {
    const forecast = (error: number): string | null =>
      conclusion(
        summary({
          test: scores({ meanAbsoluteError: error, persistenceMeanAbsoluteError: 2 }),
        }),
      );
    expect(forecast(1.5)).toBe(
      '25.0 % better than repeating the last value (MAE 1.500 against 2.000).',
    );
    expect(forecast(2.2)).toContain('10.0 % worse than');
    expect(forecast(9)).toBe(
      '4.500 times the error of repeating the last value (MAE 9.000 against 2.000).',
    );
    expect(forecast(2.001)).toContain('As good as');
  });

  it('says nothing where there is no test part', () => {
    expect(conclusion(summary())).toBeNull();
    expect(conclusion(summary({ test: scores({ accuracy: 0.838 }) }))).toBe(
      '83.8 % of the test part is right.',
    );
  });
});

describe('the recipe in words', () => {
  const recipe = trainingRecipeSchema.parse({ optimizer: { kind: 'adam' } });
  it('names schedule and clipping', () => {
    expect(scheduleText(recipe)).toBe('constant');
    expect(
      scheduleText({ ...recipe, schedule: { kind: 'cosine', warmUpSteps: 100, finalFactor: 0 } }),
    ).toBe('100 steps of warm-up, then cosine');
    expect(clipText(recipe)).toBe('clip at 1');
    expect(clipText({ ...recipe, clip: { norm: null, value: null } })).toBe('not clipped');
    expect(clipText({ ...recipe, clip: { norm: 2, value: 0.5 } })).toBe(
      'each value at ±0.5, clip at 2',
    );
  });
});

it('durations are in the two largest units', () => {
  expect([0.4, 11.6, 252, 3900].map(formatDuration)).toEqual([
    '0 s',
    '12 s',
    '4 min 12 s',
    '1 h 5 min',
  ]);
});
