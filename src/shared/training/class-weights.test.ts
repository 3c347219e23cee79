import { describe, expect, it } from 'vitest';
import { sampleDocument, sampleFacts } from '../graph/samples.js';
import { balancedWeights, classWeightsOf, namedWeights, weightsText } from './class-weights.js';
import type { TrainingRecipe } from './recipe.js';

const balanced: TrainingRecipe = { ...sampleDocument.training, classWeights: 'balanced' };
const factsOf = (task: 'classification' | 'tagging' | 'next-token' | 'forecast') => {
  const facts = sampleFacts(task);
  return { ...facts, output: { size: 2, labels: ['ham', 'spam'], counts: [870, 130] } };
};

describe('balanced class weights', () => {
  it('are scikit-learn’s: compute_class_weight("balanced", [0, 1, 2], 6 × 0, 3 × 1, 1 × 2)', () => {
    expect(balancedWeights([6, 3, 1])).toEqual([10 / 18, 10 / 9, 10 / 3]);
  });
  it('have a mean of 1 over the training labels, and each class the same share', () => {
    const counts = [1, 999, 0, 17, 4000];
    const shares = balancedWeights(counts).map((weight, id) => weight * (counts[id] ?? 0));
    const all = counts.reduce((sum, count) => sum + count, 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(all, 9);
    for (const id of [0, 1, 3, 4]) expect(shares[id]).toBeCloseTo(all / 4, 9);
  });
  it('are 1 where the classes are balanced, and 0 for a class that training never sees', () => {
    expect(balancedWeights([5, 5, 5])).toEqual([1, 1, 1]);
    expect(balancedWeights([3, 0, 1])).toEqual([4 / 6, 0, 2]);
  });
});

describe('class weights of a recipe', () => {
  it('come from the training labels of classes and tags', () => {
    for (const task of ['classification', 'tagging'] as const)
      expect(classWeightsOf(balanced, factsOf(task))).toEqual([1000 / 1740, 1000 / 260]);
  });
  it('are none where the setting is off, and where the task has no classes', () => {
    expect(classWeightsOf(sampleDocument.training, factsOf('classification'))).toBeNull();
    for (const task of ['next-token', 'forecast'] as const)
      expect(classWeightsOf(balanced, factsOf(task))).toBeNull();
  });
  it('are told with the names of the classes, the first six of them', () => {
    const weights = namedWeights(balanced, factsOf('classification'));
    expect(weights && weightsText(weights)).toBe('ham ×0.57, spam ×3.8');
    const many = Array.from({ length: 8 }, (_, id) => ({ label: `c${id}`, weight: 120 + id / 10 }));
    expect(weightsText(many)).toBe(
      'c0 ×120, c1 ×120, c2 ×120, c3 ×120, c4 ×120, c5 ×120 and 2 more',
    );
  });
});
