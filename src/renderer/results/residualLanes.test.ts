import { describe, expect, it } from 'vitest';
import { residualFacts, residualModel } from './residualLanes.js';

const target = {
  name: 'temperature',
  actual: [1, 2, 3],
  predicted: [2, 2, -1],
  byStep: [],
};

describe('residuals', () => {
  it('are predicted − actual, with their mean, their root mean square and the worst row', () => {
    expect(residualFacts(target)).toEqual({
      bias: -1,
      rootMeanSquared: Math.sqrt(17 / 3),
      worst: { row: 2, residual: -4 },
    });
  });

  it('stand in a lane below the values, over the same rows', () => {
    const { lanes, xMaximum } = residualModel(target);
    expect(xMaximum).toBe(2);
    expect(lanes[1]?.series[0]?.points).toEqual([
      [0, 1],
      [1, 0],
      [2, -4],
    ]);
  });
});
