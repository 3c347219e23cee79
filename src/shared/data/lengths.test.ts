import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutShares, maximumThatKeeps } from './lengths.js';

const distribution = [
  { length: 0, rows: 1, training: 1 },
  { length: 2, rows: 5, training: 4 },
  { length: 8, rows: 3, training: 3 },
  { length: 20, rows: 1, training: 0 },
];

describe('what a maximum length costs', () => {
  it('gives the share of rows and tokens that are cut', () => {
    const { rowsCut, tokensLost } = cutShares(distribution, 4, 2);
    expect(rowsCut).toBe(4 / 10);
    expect(tokensLost).toBe((3 * 4 + 16) / (10 + 24 + 20));
  });

  it('gives the padding of the training rows, for one length and for batches of similar rows', () => {
    // 1, 2, 2, 2, 2, 8, 8, 8 time steps; in batches of three [1 2 2] [2 2 8] [8 8].
    const { paddingWhole, paddingBucketed } = cutShares(distribution, 100, 3);
    expect(paddingWhole).toBeCloseTo(1 - 33 / 64, 12);
    expect(paddingBucketed).toBeCloseTo(1 - 33 / (6 + 24 + 16), 12);
  });

  it('agrees with batches that are really made', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (lengths, maximum, batchSize) => {
          const kept = lengths.map((l) => Math.max(1, Math.min(l, maximum))).sort((a, b) => a - b);
          const real = kept.reduce((sum, length) => sum + length, 0);
          let cells = 0;
          for (let from = 0; from < kept.length; from += batchSize) {
            const batch = kept.slice(from, from + batchSize);
            cells += batch.length * (batch.at(-1) ?? 0);
          }
          const counts = [...new Set(lengths)].sort((a, b) => a - b);
          const shares = cutShares(
            counts.map((length) => {
              const rows = lengths.filter((other) => other === length).length;
              return { length, rows, training: rows };
            }),
            maximum,
            batchSize,
          );
          expect(shares.paddingBucketed).toBeCloseTo(1 - real / cells, 9);
          expect(shares.paddingWhole).toBeCloseTo(1 - real / (kept.length * (kept.at(-1) ?? 1)), 9);
        },
      ),
    );
  });

  it('finds the smallest maximum that keeps a share of the rows whole', () => {
    expect(maximumThatKeeps(distribution, 0.6)).toBe(2);
    expect(maximumThatKeeps(distribution, 0.9)).toBe(8);
    expect(maximumThatKeeps(distribution, 0.95)).toBe(20);
    expect(maximumThatKeeps([], 0.95)).toBe(1);
  });
});
