import { describe, expect, it } from 'vitest';
import type { Point } from './curves.js';
import { smoothPoints } from './smoothing.js';

const points = (values: readonly (number | null)[]): Point[] =>
  values.map((value, x): Point => [x, value]);
const smooth = (values: readonly (number | null)[], weight: number): (number | null)[] =>
  smoothPoints(points(values), weight).map(([, y]) => y);

describe('smoothPoints', () => {
  it('returns the values themselves at weight 0', () => {
    expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]);
  });

  it('keeps a constant constant from the first step on, to 1e-12', () => {
    for (const value of smooth(
      Array.from({ length: 50 }, () => 2.5),
      0.95,
    )) {
      expect(value).toBeCloseTo(2.5, 12);
    }
  });

  it('is the weighted mean of what was seen so far', () => {
    // (0.5 · 1 + 1 · 4) / 1.5 with weight 0.5.
    expect(smooth([1, 4], 0.5)[1]).toBeCloseTo(3, 12);
  });

  it('leaves missing values as gaps that do not move the average', () => {
    const withGap = smooth([1, null, 4], 0.5);
    expect(withGap[1]).toBeNull();
    expect(withGap[2]).toBe(smooth([1, 4], 0.5)[1]);
  });

  it('handles an empty run and refuses a weight of 1', () => {
    expect(smooth([], 0.9)).toEqual([]);
    expect(() => smooth([1], 1)).toThrow('not in [0, 1)');
  });

  it('goes on where it ended when the curve has grown, and starts again for another weight', () => {
    const values = [3, 1, null, 4, 1, 5];
    const growing = points(values.slice(0, 2));
    const first = smoothPoints(growing, 0.9);
    growing.push(...points(values).slice(2));
    const grown = smoothPoints(growing, 0.9);
    expect(grown).toBe(first);
    expect(grown).toEqual(smoothPoints(points(values), 0.9));
    expect(smoothPoints(growing, 0.5)).toEqual(smoothPoints(points(values), 0.5));
  });
});
