import { describe, expect, it } from 'vitest';
import { changeText, recipeChanges } from '#shared/run/branch';
import type { BatchRecord } from '#shared/run/events';
import { sampleRun, sampleSummary } from '#shared/run/samples';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { atEpochEnd, branchNotes, branchPlace, keepGoingNotes } from './continuing.js';
import { lineage } from './ghost.js';

const notes = (training: Record<string, unknown>, summary = sampleSummary({ bestEpoch: 2 })) =>
  keepGoingNotes(
    {
      summary,
      training: trainingRecipeSchema.parse({
        optimizer: { kind: 'adam', learningRate: 0.01 },
        earlyStopping: null,
        ...training,
      }),
      plannedEpochs: 2,
      batchesPerEpoch: 10,
    },
    10,
  );

describe('what keeping going means', () => {
  it('is nothing to be told with a constant learning rate and no early stopping', () => {
    expect(notes({})).toEqual([]);
  });

  it('says that patience begins anew, and that the last weights go on, not the best', () => {
    const earlyStopping = { patience: 3 };
    expect(notes({ earlyStopping })).toEqual([
      'Early stopping counts its 3 epochs without gain anew.',
    ]);
    expect(notes({ earlyStopping }, sampleSummary({ bestEpoch: 1 }))[0]).toContain(
      'not from those of epoch 1',
    );
  });

  it('says that a cosine spans all epochs now and where the learning rate jumps', () => {
    // 20 of 120 steps: (1 + cos(π · 20/119)) / 2 of 0.01.
    expect(notes({ schedule: { kind: 'cosine' } })).toEqual([
      'The cosine schedule now spans 12 epochs: the learning rate goes from 0 to 9.3e-3.',
    ]);
  });
});

describe('where a branch begins', () => {
  const batch = (step: number): BatchRecord => ({
    type: 'batch',
    step,
    epoch: Math.ceil(step / 10),
    batch: ((step - 1) % 10) + 1,
    batches: 10,
    loss: 1,
    accuracy: null,
    meanAbsoluteError: null,
    gradientNorm: 1,
    learningRate: 0.01,
    examplesPerSecond: 1,
    tokensPerSecond: 1,
    elapsed: 1,
    remaining: null,
  });
  const ended = (checkpointStep: number | null) =>
    sampleRun({ state: { phase: 'done', summary: sampleSummary(), checkpointStep } });
  const batches = [14, 15, 20].map(batch);

  it('is the newest checkpoint; without one, or while it trains, there is none', () => {
    expect(branchPlace(ended(20), batches)).toMatchObject({ step: 20, epoch: 2 });
    expect(branchPlace(ended(15), batches)).toMatchObject({ step: 15, epoch: 1.5 });
    expect(branchPlace(ended(null), batches)).toBeNull();
    expect(branchPlace(ended(0), batches)).toBeNull();
    expect(branchPlace(sampleRun(), batches)).toBeNull();
  });

  it('lets the batch size change where an epoch has just ended', () => {
    const places = [20, 15].map((step) => branchPlace(ended(step), batches));
    expect(places.map((place) => place !== null && atEpochEnd(place))).toEqual([true, false]);
  });

  it('says what is taken over, and what the schedule makes of the learning rate', () => {
    const place = branchPlace(ended(20), batches);
    if (place === null) throw new Error('no place');
    const recipe = (more: Record<string, unknown>) =>
      trainingRecipeSchema.parse({
        epochs: 4,
        optimizer: { kind: 'adam', learningRate: 0.01 },
        earlyStopping: null,
        ...more,
      });
    expect(branchNotes(place, recipe({}), recipe({}))).toEqual([
      'The weights and Adam’s running averages of the gradient are taken over.',
    ]);
    const after = recipe({
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      schedule: { kind: 'step', everyEpochs: 1, factor: 0.5 },
    });
    expect(branchNotes(place, recipe({}), after)).toEqual([
      'The weights are taken over; SGD begins anew, without Adam’s running averages.',
      'With this schedule the learning rate goes from 0.01 to 0.025 here.',
    ]);
    expect(recipeChanges(recipe({}), after).map(changeText)).toEqual([
      'optimizer Adam → SGD',
      'learning rate 0.01 → 0.1',
      'schedule constant → step',
    ]);
    const weighed = recipe({ classWeights: 'balanced' });
    expect(branchNotes(place, recipe({}), weighed).at(-1)).toBe(
      'Its training loss counts classes otherwise: compare the validation losses.',
    );
    expect(recipeChanges(recipe({}), weighed).map(changeText)).toEqual([
      'class weights off → balanced',
    ]);
  });

  it('is drawn behind it: the parent whole, and its own forerunner up to where they parted', () => {
    const records = (steps: number[]) => ({ batches: steps.map(batch), epochs: [] });
    const past = lineage([records([3, 4, 5]), null, records([1, 2, 3, 9])]);
    expect(past.batches.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
  });
});
