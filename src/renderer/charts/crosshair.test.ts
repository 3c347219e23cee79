import { expect, it } from 'vitest';
import { nextPoint } from './crosshair.js';
import type { LaneModel } from './lanes.js';

const model = (...xs: number[]): LaneModel => ({
  lanes: [
    {
      id: 'a',
      weight: 1,
      series: [
        { id: 's', name: 's', points: xs.map((x) => [x, 1]), color: 'first', style: 'line' },
        { id: 't', name: 't', points: [[1, 1]], color: 'second', style: 'marked' },
      ],
      scale: 'linear',
      fromZero: false,
      maximum: null,
      formatTick: String,
      threshold: null,
    },
  ],
  xMinimum: 0,
  xMaximum: null,
  formatX: String,
  markX: null,
  right: 0,
  tooltip: String,
});
const all = { from: 0, to: 4 };

it('goes from point to point and stays at the ends', () => {
  const points = model(1, 2, 4);
  expect(nextPoint(points, null, 1, all, 0.01)).toBe(1);
  expect(nextPoint(points, 1, 1, all, 0.01)).toBe(2);
  expect(nextPoint(points, 2, 1, all, 0.01)).toBe(4);
  expect(nextPoint(points, 4, 1, all, 0.01)).toBe(4);
  expect(nextPoint(points, null, -1, all, 0.01)).toBe(4);
  expect(nextPoint(points, 4, -1, all, 0.01)).toBe(2);
  expect(nextPoint(points, 1, -1, all, 0.01)).toBe(1);
});

it('passes points that stand within a pixel, comes in at the edge of the view and leaves it', () => {
  const dense = model(...Array.from({ length: 401 }, (_, i) => i / 100));
  expect(nextPoint(dense, 1, 1, all, 0.5)).toBe(1.5);
  expect(nextPoint(dense, 1, -1, all, 0.5)).toBe(0.5);
  expect(nextPoint(dense, 1, 1, { from: 2, to: 3 }, 0.01)).toBe(2);
  expect(nextPoint(dense, 1, -1, { from: 2, to: 3 }, 0.01)).toBe(3);
  expect(nextPoint(dense, 3, 1, { from: 2, to: 3 }, 0.01)).toBe(3.01);
  expect(nextPoint(dense, 4, 1, { from: 3, to: 4 }, 0.01)).toBe(4);
  // Where nothing is in view, to the nearest there is.
  expect(nextPoint(model(), null, 1, { from: 2, to: 3 }, 0.1)).toBe(1);
});
