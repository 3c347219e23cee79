import { describe, expect, it } from 'vitest';
import type { ClassificationRecipe, ForecastRecipe } from '#shared/data/recipe';
import { missingRole, roleOf, usedColumns, withRole } from './roles.js';

const split = { validation: 0.1, test: 0.1, method: 'random' as const, seed: 7 };
const source = { kind: 'file' as const, path: 'x.csv' };
const mails: ClassificationRecipe = {
  task: 'classification',
  source,
  format: 'auto',
  textColumn: 'message',
  labelColumn: 'kind',
  tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: null, minimumCount: 1 },
  maximumTimeSteps: 40,
  duplicates: 'keep',
  truncate: 'end',
  split,
};
const weather: ForecastRecipe = {
  task: 'forecast',
  source,
  format: 'auto',
  timeColumn: 'date',
  sortByTime: false,
  inputColumns: ['rain', 'high'],
  targetColumns: ['high'],
  window: 14,
  stride: 1,
  horizon: 1,
  scaler: 'standard',
  split,
};

describe('roles of a labelled text', () => {
  it('swaps text and label', () => {
    const swapped = withRole(mails, 'kind', 'text');
    expect([roleOf('kind', swapped), roleOf('message', swapped)]).toEqual(['text', 'label']);
    expect(withRole(swapped, 'message', 'text')).toEqual(mails);
  });

  it('takes a role from the column that had it', () => {
    const next = withRole(mails, 'subject', 'text');
    expect(roleOf('message', next)).toBe('ignore');
    expect(usedColumns(next)).toEqual(['subject', 'kind']);
  });

  it('says what is missing', () => {
    expect(missingRole(mails)).toBeNull();
    expect(missingRole(withRole(mails, 'kind', 'ignore'))).toContain('“Label”');
    expect(missingRole(withRole(mails, 'message', 'ignore'))).toContain('“Text”');
  });
});

describe('roles of a series', () => {
  it('a column can be an input, a target or both', () => {
    expect(['date', 'rain', 'high', 'wind'].map((name) => roleOf(name, weather))).toEqual([
      'time',
      'input',
      'input and target',
      'ignore',
    ]);
    expect(withRole(weather, 'high', 'target')).toMatchObject({
      inputColumns: ['rain'],
      targetColumns: ['high'],
    });
    expect(withRole(weather, 'wind', 'input and target')).toMatchObject({
      inputColumns: ['rain', 'high', 'wind'],
      targetColumns: ['high', 'wind'],
    });
  });

  it('has one time column or none', () => {
    expect(withRole(weather, 'date', 'ignore')).toMatchObject({ timeColumn: null });
    expect(withRole(weather, 'rain', 'time')).toMatchObject({
      timeColumn: 'rain',
      sortByTime: false,
      inputColumns: ['high'],
    });
    expect(missingRole(withRole(weather, 'high', 'ignore'))).toContain('“Target”');
  });
});
