import { describe, expect, it } from 'vitest';
import { sampleSummary } from '#shared/run/samples';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { keepGoingNotes } from './continuing.js';

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
