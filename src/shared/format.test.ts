import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatMoment,
  formatPercent,
  formatPlural,
  formatQuantity,
  formatScore,
  formatSmall,
} from './format.js';

describe('formatting', () => {
  it('writes durations as mm:ss and h:mm:ss, rounded down', () => {
    expect(formatClock(0)).toBe('00:00');
    expect(formatClock(42.9)).toBe('00:42');
    expect(formatClock(725)).toBe('12:05');
    expect(formatClock(3912)).toBe('1:05:12');
    expect(formatClock(null)).toBe('–');
    expect(formatClock(-1)).toBe('–');
  });

  it('inflects quantities', () => {
    expect(formatPlural(1, 'row')).toBe('1 row');
    expect(formatPlural(3000, 'row')).toBe('3,000 rows');
    expect(formatPlural(0, 'class', 'classes')).toBe('0 classes');
  });

  it('writes scores with three digits that matter', () => {
    expect(formatScore(0.2689)).toBe('0.269');
    expect(formatScore(18.237)).toBe('18.24');
    expect(formatScore(1204.4)).toBe('1,204');
    expect(formatScore(0.0000321)).toBe('3.2e-5');
    expect(formatScore(Number.NaN)).toBe('–');
    expect(formatPercent(0.91)).toBe('91.0 %');
    expect(formatPercent(-0.006)).toBe('−0.6 %');
  });

  it('writes learning rates as a short power of ten', () => {
    expect(formatSmall(0.00078)).toBe('7.8e-4');
    expect(formatSmall(0.001)).toBe('1e-3');
    expect(formatSmall(0.01)).toBe('0.01');
    expect(formatSmall(0)).toBe('0');
  });

  it('leaves out of a moment what today makes obvious', () => {
    const now = new Date(2025, 2, 12, 18, 0);
    expect(formatMoment(new Date(2025, 2, 12, 14, 2).toISOString(), now)).toBe('14:02');
    expect(formatMoment(new Date(2025, 2, 3, 9, 5).toISOString(), now)).toBe('3 Mar 09:05');
    expect(formatMoment(new Date(2024, 11, 31, 9, 5).toISOString(), now)).toBe('31 Dec 2024 09:05');
    expect(formatMoment('nonsense', now)).toBe('–');
  });
});

it('writes quantities with three digits', () => {
  expect([0, 0.046, 9.6, 244.04, 812, 999.6, 15_712, 21_900_000].map(formatQuantity)).toEqual([
    '0',
    '0.05',
    '9.6',
    '244',
    '812',
    '1.00 k',
    '15.7 k',
    '21.9 M',
  ]);
});
