import { describe, expect, it } from 'vitest';
import type { Point } from '#shared/run/curves';
import { indexFrom, pointsInView } from './sampling.js';

const curve = (count: number, y: (x: number) => number | null): Point[] =>
  Array.from({ length: count }, (_, x): Point => [x, y(x)]);
const everything = { from: 0, to: 1e9 };

describe('indexFrom', () => {
  it('finds the first point that is not left of x', () => {
    const points = curve(5, () => 0);
    expect([-1, 0, 0.5, 4, 4.5].map((x) => indexFrom(points, x))).toEqual([0, 0, 1, 4, 5]);
  });
});

describe('pointsInView', () => {
  it('gives the very points where there are few', () => {
    const points = curve(10, (x) => x);
    expect(pointsInView(points, everything, 10, false)).toEqual(points);
    expect(pointsInView([], everything, 10, false)).toEqual([]);
  });

  it('keeps first, last and a single outlier of 100,000 points', () => {
    const points = curve(100_000, (x) => (x === 51_234 ? 40 : Math.sin(x / 900)));
    const shown = pointsInView(points, everything, 800, false);
    expect(shown.length).toBe(800);
    expect(shown[0]).toEqual([0, 0]);
    expect(shown.at(-1)?.[0]).toBe(99_999);
    expect(shown.some(([, y]) => y === 40)).toBe(true);
    expect(shown.every(([x], index) => index === 0 || x > (shown[index - 1]?.[0] ?? 0))).toBe(true);
  });

  it('shows a curve that has grown as one that was long from the start', () => {
    const all = curve(60_000, (x) => Math.sin(x / 700) + (x % 997 === 0 ? 1 : 0));
    const growing = all.slice(0, 50_000);
    pointsInView(growing, everything, 400, false);
    growing.push(...all.slice(50_000));
    const shown = pointsInView(growing, everything, 400, false);
    expect(shown).toEqual(pointsInView(all, everything, 400, false));
    expect(shown.at(-1)).toEqual(all.at(-1));
  });

  it('starts and ends on the line where it crosses the ends of the view', () => {
    const points = curve(3, (x) => 10 ** x);
    expect(pointsInView(points, { from: 0.5, to: 1.5 }, 10, false)).toEqual([
      [0.5, 5.5],
      [1, 10],
      [1.5, 55],
    ]);
    const [entry] = pointsInView(points, { from: 0.5, to: 0.6 }, 10, true);
    expect(entry?.[1]).toBeCloseTo(10 ** 0.5, 9);
  });

  it('leaves gaps as they are, unless there are more than can be seen', () => {
    const gap = curve(10, (x) => (x === 4 ? null : x));
    expect(pointsInView(gap, everything, 100, false)).toEqual(gap);
    const everySecond = curve(10_000, (x) => (x % 2 === 0 ? null : x));
    const shown = pointsInView(everySecond, everything, 100, false);
    expect(shown.length).toBe(100);
    expect(shown.every(([, y]) => y !== null)).toBe(true);
  });
});
