import { describe, expect, it } from 'vitest';
import type { ClassResults, ForecastResults } from './results.js';
import { exactMcNemar, pairedTest } from './significance.js';

const classes = (right: number[], total = 1): ClassResults => ({
  kind: 'classes',
  unit: total === 1 ? 'row' : 'token',
  labels: ['a', 'b'],
  counts: [],
  mistakes: [],
  perRow: right.map((one) => ({ right: one, total })),
});
const repeat = (count: number, value: number): number[] =>
  Array.from({ length: count }, () => value);
const forecast = (actual: number[], predicted: number[]): ForecastResults => ({
  kind: 'forecast',
  horizon: 1,
  targets: [{ name: 'y', actual, predicted, byStep: [] }],
});

describe('exact McNemar', () => {
  it('is the two-sided binomial test, off by less than 1e-9', () => {
    expect(exactMcNemar(21, 18)).toBeCloseTo(0.7492586248, 9);
    expect(exactMcNemar(5, 0)).toBeCloseTo(0.0625, 9);
    expect(exactMcNemar(2, 12)).toBeCloseTo(0.012939453125, 9);
    expect(exactMcNemar(0, 0)).toBe(1);
    expect(exactMcNemar(900, 1100)).toBeGreaterThan(0);
  });
});

describe('two runs on the same test rows', () => {
  it('are told apart by the rows that only one has right', () => {
    const first = classes([
      ...repeat(411, 1),
      ...repeat(21, 1),
      ...repeat(18, 0),
      ...repeat(50, 0),
    ]);
    const second = classes([
      ...repeat(411, 1),
      ...repeat(21, 0),
      ...repeat(18, 1),
      ...repeat(50, 0),
    ]);
    const test = pairedTest(first, second);
    expect(test?.agreement).toEqual({ both: 411, onlyFirst: 21, onlySecond: 18, neither: 50 });
    expect(test?.difference).toBeCloseTo(0.006, 9);
    expect(test?.p).toBeCloseTo(0.7492586248, 9);
    expect(test?.margin).toBeCloseTo(0.0247, 3);
  });

  it('are not compared where the rows are others, or the tasks', () => {
    expect(pairedTest(classes([1, 0]), classes([1]))).toBeNull();
    expect(pairedTest(classes([1]), forecast([1, 2], [1, 2]))).toBeNull();
    expect(pairedTest(forecast([1, 2], [1, 2]), forecast([1, 3], [1, 2]))).toBeNull();
  });

  it('of a tagger are judged by rows, not by tokens that depend on each other', () => {
    // All of the gain lies in one row of four.
    const test = pairedTest(classes([90, 50, 50, 50], 100), classes([50, 50, 50, 50], 100));
    expect(test?.difference).toBeCloseTo(0.1, 9);
    expect(test?.p).toBeGreaterThan(0.2);
  });

  it('of a forecast differ where the errors do, beyond what neighbours share', () => {
    const actual = Array.from({ length: 400 }, (_, row) => Math.sin(row / 5));
    const noise = actual.map((_, row) => ((row * 7919) % 101) / 101 - 0.5);
    const near = actual.map((value, row) => value + 0.1 * (noise[row] ?? 0));
    const far = actual.map((value, row) => value + 0.5 * (noise[row] ?? 0));
    const better = pairedTest(forecast(actual, near), forecast(actual, far));
    expect(better?.difference).toBeLessThan(0);
    expect(better?.p).toBeLessThan(0.001);
    expect(pairedTest(forecast(actual, near), forecast(actual, near))).toMatchObject({
      difference: 0,
      p: 1,
    });
  });
});
