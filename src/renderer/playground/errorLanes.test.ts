import { describe, expect, it } from 'vitest';
import { errorModel, errorSentence } from './errorLanes.js';

const steps = (...pairs: [network: number, naive: number][]) =>
  pairs.map(([meanAbsolute, persistence]) => ({ meanAbsolute, persistence }));

describe('the error by step ahead', () => {
  it('is drawn beside repeating the last value, with a mark where predictions are fed back', () => {
    const target = { name: 'a', byStep: steps([1, 2], [1.5, 2.5], [3, 2.75]) };
    const model = errorModel([target], 2);
    expect(model).toMatchObject({ xMinimum: 1, xMaximum: 3, markX: 2 });
    expect(model.lanes[0]?.series.map(({ points }) => points[2])).toEqual([
      [3, 2.75],
      [3, 3],
    ]);
    expect(errorModel([target], 3).markX).toBeNull();
  });

  it('says first how far the network is worth more', () => {
    expect(errorSentence({ byStep: steps([1, 2], [1.5, 2.5]) })).toBe(
      'Better than repeating the last value at every step: 1.000 → 1.500 against 2.000 → 2.500.',
    );
    expect(errorSentence({ byStep: steps([1, 2], [3, 2.5]) })).toMatch(/^Better .* up to \+1: /);
    expect(errorSentence({ byStep: steps([3, 2]) })).toBe(
      'Nowhere better than repeating the last value: 3.000 against 2.000.',
    );
    expect(errorSentence({ byStep: steps([3, 2], [1, 2], [1, 2]) })).toMatch(/at 2 of 3 steps: /);
  });
});
