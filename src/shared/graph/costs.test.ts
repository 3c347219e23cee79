import { describe, expect, it } from 'vitest';
import { analyze } from './analyze.js';
import { blockShares, epochFlops, trainingMemory } from './costs.js';
import { sampleDocument, sampleFacts } from './samples.js';

const analysis = analyze(sampleDocument, sampleFacts('classification'));
const { totals } = analysis;

describe('training memory', () => {
  const adam = sampleDocument.training.optimizer;
  it('is weights, gradients, two slots of Adam and the batch’s activations', () => {
    // Embedding 5000 × 8, LSTM(16) on 8, Dense(2) on 16.
    const parameters = 5000 * 8 + 4 * 16 * (8 + 16 + 1) + 2 * 17;
    expect(totals.parameters).toBe(parameters);
    const memory = trainingMemory(totals, { optimizer: adam, batchSize: 32 });
    // Embedding, six values a unit and step, two scores, two probabilities; 20 steps on average.
    const activations = 32 * 4 * (20 * 8 + 20 * 6 * 16 + 2 + 2);
    expect(memory).toEqual({
      weights: 4 * parameters,
      gradients: 4 * parameters,
      optimizer: 8 * parameters,
      activations,
      total: 16 * parameters + activations,
    });
  });
  it('has no slots for plain SGD and one with momentum', () => {
    const sgd = { kind: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false } as const;
    expect(trainingMemory(totals, { optimizer: sgd, batchSize: 1 }).optimizer).toBe(0);
    expect(
      trainingMemory(totals, { optimizer: { ...sgd, momentum: 0.9 }, batchSize: 1 }).optimizer,
    ).toBe(4 * totals.parameters);
  });
});

it('an epoch is three forward passes of every training row', () => {
  expect(epochFlops(totals, 100)).toBe(300 * totals.flops);
});

it('shares sum to one, in the order of computation, without blocks that cost nothing', () => {
  const shares = blockShares(analysis);
  expect(shares.map(({ id }) => id)).toEqual(['embedding', 'lstm', 'dense', 'head']);
  for (const measure of ['flops', 'parameters', 'activationBytes'] as const)
    expect(shares.reduce((sum, { shares: of }) => sum + of[measure], 0)).toBeCloseTo(1, 12);
});
