import { describe, expect, it } from 'vitest';
import { noEvidence } from '../evidence.js';
import type { DataPreview } from '../facts.js';
import { dataRecipeSchema, type DataRecipe } from '../recipe.js';
import { accuracyMargin } from './classes.js';
import { dataFindings, type Finding } from './index.js';

const usual = { bucketing: true, classWeights: 'off' } as const;

const source = { kind: 'builtin', id: 'review-sentences' };
const recipe = (given: object): DataRecipe =>
  dataRecipeSchema.parse({
    task: 'classification',
    source,
    textColumn: 'text',
    labelColumn: 'label',
    tokenizer: {},
    maximumTimeSteps: 10,
    split: {},
    ...given,
  });
const classification = recipe({});
const forecast = recipe({
  task: 'forecast',
  inputColumns: ['a', 'b'],
  targetColumns: ['a'],
  window: 7,
});

const calm: DataPreview = {
  facts: {
    task: 'classification',
    input: { kind: 'tokens', vocabularySize: 100, timeSteps: 10, padded: true },
    output: { size: 2, labels: ['no', 'yes'], counts: [3500, 3500] },
    examples: { train: 7000, validation: 1000, test: 2000 },
    meanTimeSteps: 10,
  },
  source: { title: 'Rows', size: 10_000, unit: 'rows', licence: null, origin: null },
  periods: null,
  table: { columns: ['text', 'label'], rows: [] },
  tokenized: null,
  vocabulary: { size: 100, unknownRate: 0.02, mostFrequent: [] },
  classes: [
    { label: 'no', train: 3500, validation: 500, test: 1000 },
    { label: 'yes', train: 3500, validation: 500, test: 1000 },
  ],
  lengths: {
    bins: [],
    mean: 10,
    maximum: 10,
    truncated: 0,
    distribution: [{ length: 10, rows: 10_000, training: 7000 }],
  },
  batch: { shape: [32, 10], lengths: [], rows: [] },
  evidence: { ...noEvidence, repeats: { rows: 0, crossing: 0, contradicting: 0 } },
};

function only(code: string, given: DataRecipe, preview: DataPreview): Finding {
  const found = dataFindings(given, preview, usual).filter((finding) => finding.code === code);
  expect(found).toHaveLength(1);
  const [first] = found;
  if (first === undefined) throw new Error(code);
  return first;
}
const mended = ({ mends }: Finding): DataRecipe[] =>
  mends.flatMap((mend) => ('recipe' in mend ? [mend.recipe] : []));

describe('warnings that teach', () => {
  it('says nothing of data with nothing wrong', () => {
    expect(dataFindings(classification, calm, usual)).toEqual([]);
  });

  it('gives each mend as a recipe that is valid', () => {
    const preview: DataPreview = {
      ...calm,
      facts: { ...calm.facts, examples: { train: 70, validation: 10, test: 20 } },
      vocabulary: { size: 100, unknownRate: 0.5, mostFrequent: [] },
      classes: [{ label: 'no', train: 90, validation: 0, test: 10 }],
      lengths: { ...calm.lengths, distribution: [{ length: 40, rows: 100, training: 70 }] },
      evidence: { ...noEvidence, repeats: { rows: 9, crossing: 4, contradicting: 1 } },
    };
    const recipes = dataFindings(classification, preview, usual).flatMap(mended);
    expect(recipes.length).toBeGreaterThan(3);
    for (const after of recipes) {
      expect(dataRecipeSchema.parse(after)).toEqual(after);
      expect(after).not.toEqual(classification);
    }
  });

  it('tells the accuracy of always giving the answer that dominates, weighs classes, and splits stratified', () => {
    const classes = [
      { label: 'ham', train: 850, validation: 0, test: 0 },
      { label: 'spam', train: 150, validation: 0, test: 0 },
    ];
    const found = only('class-imbalance', classification, { ...calm, classes });
    expect(found.title).toBe('“ham” dominates: 85.0 % of all labels.');
    expect(found.explanation).toContain('has an accuracy of 85.0 %');
    expect(mended(found)).toMatchObject([{ split: { method: 'stratified' } }]);
    const stratified = recipe({ split: { method: 'stratified' } });
    const weigh = { label: 'Weigh classes', training: { classWeights: 'balanced' } };
    expect(only('class-imbalance', stratified, { ...calm, classes }).mends).toEqual([weigh]);
  });

  it('tells the weights where training has them, and no longer warns', () => {
    const [ham, spam] = [850, 150];
    const preview: DataPreview = {
      ...calm,
      facts: { ...calm.facts, output: { size: 2, labels: ['ham', 'spam'], counts: [ham, spam] } },
      classes: [
        { label: 'ham', train: ham, validation: 0, test: 0 },
        { label: 'spam', train: spam, validation: 0, test: 0 },
      ],
    };
    const weighed = { ...usual, classWeights: 'balanced' } as const;
    for (const task of ['classification', 'tagging'] as const) {
      const found = dataFindings(recipe({ task }), preview, weighed).find(
        ({ code }) => code === 'class-imbalance',
      );
      expect(found?.severity).toBe('note');
      expect(found?.explanation).toContain('Training weighs the classes: ham ×0.59, spam ×3.3.');
      expect(found?.mends.map(({ label }) => label)).not.toContain('Weigh classes');
    }
  });

  it('offers the maxima that leave 95 and 99 % of the rows whole', () => {
    const distribution = [
      { length: 5, rows: 900, training: 700 },
      { length: 20, rows: 60, training: 50 },
      { length: 50, rows: 40, training: 30 },
    ];
    const preview = { ...calm, lengths: { ...calm.lengths, maximum: 50, distribution } };
    const found = only('truncation', classification, preview);
    expect(found).toMatchObject({ place: 'lengths', severity: 'note' });
    expect(found.title).toBe('10.0 % of the rows are longer than 10 tokens and are cut.');
    expect(found.explanation).toContain(`28.6 % of all tokens`);
    expect(mended(found)).toMatchObject([{ maximumTimeSteps: 20 }, { maximumTimeSteps: 50 }]);
  });

  it('counts the padding of the batches that training makes', () => {
    const distribution = [
      { length: 5, rows: 900, training: 640 },
      { length: 20, rows: 60, training: 32 },
      { length: 50, rows: 40, training: 32 },
    ];
    const preview = { ...calm, lengths: { ...calm.lengths, maximum: 50, distribution } };
    const long = recipe({ maximumTimeSteps: 60 });
    expect(dataFindings(long, preview, usual)).toEqual([]);
    const [found] = dataFindings(long, preview, { ...usual, bucketing: false });
    expect(found?.title).toBe('84.5 % of the time steps are padding.');
    expect(found?.explanation).toContain('which leaves 0.0 %');
    expect(found && mended(found)).toMatchObject([{ maximumTimeSteps: 20 }]);
  });

  it('says how far an accuracy can be trusted, by the normal approximation', () => {
    expect(accuracyMargin(0.9, 200)).toBeCloseTo(0.0416, 4);
    const examples = { train: 700, validation: 100, test: 200 };
    const found = only('coarse-test', classification, {
      ...calm,
      facts: { ...calm.facts, examples },
    });
    expect(found.title).toBe('200 test rows tell an accuracy of 90 % to ± 4.2 points only.');
    expect(mended(found)).toMatchObject([{ split: { test: 0.3 } }]);
  });

  it('tells unknown tokens that a larger vocabulary would keep from those never seen', () => {
    const preview = (neverSeenRate: number): DataPreview => ({
      ...calm,
      vocabulary: { size: 100, unknownRate: 0.3, mostFrequent: [] },
      evidence: { ...calm.evidence, neverSeenRate },
    });
    const found = only('unknown-tokens', classification, preview(0.1));
    expect(found.explanation).toContain('20.0 % do stand in training rows');
    expect(mended(found)).toMatchObject([
      { tokenizer: { vocabularyLimit: null, minimumCount: 1 } },
    ]);
    expect(only('unknown-tokens', classification, preview(0.3)).mends).toEqual([]);
  });

  it('splits a series in order where windows look ahead', () => {
    const evidence = { ...noEvidence, overlap: { windows: 11, heldOut: 12 } };
    const found = only('random-series-split', forecast, { ...calm, evidence });
    expect(found.title).toContain('11 of 12 validation and test windows share rows');
    expect(mended(found)).toMatchObject([{ split: { method: 'in order' } }]);
  });

  it('tells of rows with a date that are split at random, and splits them in order', () => {
    const dated = (inOrder: boolean): DataPreview => ({
      ...calm,
      evidence: { ...calm.evidence, dates: [{ column: 'sent', inOrder }] },
    });
    const found = only('dates-split-at-random', classification, dated(true));
    expect(mended(found)).toMatchObject([{ split: { method: 'in order' } }]);
    expect(only('dates-split-at-random', classification, dated(false)).mends).toEqual([]);
    const inOrder = recipe({ split: { method: 'in order' } });
    expect(dataFindings(inOrder, dated(true), usual)).toEqual([]);
  });

  it('leaves out an input that gives the target away, but never the last one', () => {
    const copies = [{ input: 'b', target: 'a', shift: 3 }];
    const preview = { ...calm, evidence: { ...noEvidence, copies } };
    const found = only('leaking-column', forecast, preview);
    expect(found.title).toBe('“b” gives away “a” 3 rows ahead.');
    expect(mended(found)).toMatchObject([{ inputColumns: ['a'] }]);
    const alone = recipe({ ...forecast, inputColumns: ['b'] });
    expect(only('leaking-column', alone, preview).mends).toEqual([]);
  });

  it('puts warnings before notes', () => {
    const evidence = {
      ...noEvidence,
      copies: [{ input: 'b', target: 'a', shift: 0 }],
      constantColumns: ['b'],
    };
    expect(
      dataFindings(forecast, { ...calm, evidence }, usual).map(({ severity }) => severity),
    ).toEqual(['warning', 'note']);
  });
});
