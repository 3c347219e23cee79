import { describe, expect, it } from 'vitest';
import {
  forecastModel,
  formatStep,
  persistenceError,
  windowError,
  type Forecast,
} from './forecastLanes.js';

const forecast: Forecast = {
  kind: 'forecast',
  targets: ['a', 'b'],
  history: [
    [1, 10],
    [2, 20],
  ],
  values: [
    [3, 30],
    [4, 40],
  ],
  attention: [],
  actual: [
    [2, 32],
    [6, 40],
  ],
};

describe('a forecast', () => {
  it('starts where the history ends and reaches over the horizon', () => {
    const model = forecastModel(forecast, forecast.targets);
    expect(model.lanes.length).toBe(2);
    expect(model).toMatchObject({ xMinimum: -1, xMaximum: 2, markX: 0 });
    expect(model.lanes[0]?.series.map(({ points }) => points)).toEqual([
      [
        [-1, 1],
        [0, 2],
      ],
      [
        [0, 2],
        [1, 2],
        [2, 6],
      ],
      [
        [0, 2],
        [1, 3],
        [2, 4],
      ],
    ]);
  });

  it('draws no actual values where the future is not known', () => {
    const model = forecastModel({ ...forecast, actual: null }, forecast.targets);
    expect(model.lanes[0]?.series.find(({ name }) => name === 'actual')?.points).toEqual([]);
    expect(windowError({ ...forecast, actual: null }, 0)).toBeNull();
  });

  it('draws the attention over the rows that the network saw, and no matrix of it', () => {
    const attention = [
      { node: 'pooled', perStep: false, weights: [[0.25, 0.75]] },
      {
        node: 'matrix',
        perStep: true,
        weights: [
          [0.5, 0.5],
          [1, 0],
        ],
      },
    ];
    const { lanes } = forecastModel({ ...forecast, attention }, forecast.targets);
    expect(lanes.map(({ id }) => id)).toEqual(['target 0', 'target 1', 'attention pooled']);
    expect(lanes[2]?.series[0]?.points).toEqual([
      [-1, 0.25],
      [0, 0.75],
    ]);
  });

  it('measures each target against what came and against repeating the last value', () => {
    expect(windowError(forecast, 0)).toBe(1.5);
    expect(windowError(forecast, 1)).toBe(1);
    expect(persistenceError(forecast, 0)).toBe(2);
  });

  it('counts steps from now', () => {
    expect([-1, 0, 1].map(formatStep)).toEqual(['−1', 'now', '+1']);
  });
});
