import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.js';

describe('smooth', () => {
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
});
