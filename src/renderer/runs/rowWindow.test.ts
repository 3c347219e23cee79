import { describe, expect, it } from 'vitest';
import { drawnRows } from './rowWindow.js';

const window = (first: number, end: number) => ({ first, end, height: 31 });
/** The rows as they lie under each other: `3…` is a gap of three. */
const picture = (first: number, end: number, count: number, also: number): string => {
  const { rows, after } = drawnRows(window(first, end), count, also);
  const gap = (size: number): string => (size > 0 ? `${size}… ` : '');
  return `${rows.map((row) => `${gap(row.gap)}${row.index}`).join(' ')} ${gap(after)}`.trim();
};

describe('drawnRows', () => {
  it('draws all of a short list', () => {
    expect(picture(0, 40, 3, 0)).toBe('0 1 2');
    expect(picture(0, 40, 0, -1)).toBe('');
  });
  it('draws the window and leaves room for the others', () => {
    expect(picture(4, 7, 10, 5)).toBe('4… 4 5 6 3…');
  });
  it('draws the row with the focus wherever it is', () => {
    expect(picture(4, 7, 10, 1)).toBe('1… 1 2… 4 5 6 3…');
    expect(picture(4, 7, 10, 9)).toBe('4… 4 5 6 2… 9');
    expect(picture(4, 7, 10, 7)).toBe('4… 4 5 6 7 2…');
  });
  it('shows the end of a list that became shorter than where it was scrolled to', () => {
    expect(picture(50, 53, 5, 0)).toBe('0 1… 2 3 4');
  });
});
