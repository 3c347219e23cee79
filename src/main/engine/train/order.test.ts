import { describe, expect, test } from 'vitest';
import { epochBatches, evaluationBatches } from './order.js';
import { Random } from './random.js';

const random = new Random(1, 'lengths');
const lengths = Int32Array.from({ length: 1003 }, () => 1 + random.integer(40));
const base = { lengths, batchSize: 16, shuffle: true, bucketing: true, seed: 1, epoch: 1 };

const padding = (batches: number[][]): number => {
  let cells = 0;
  let real = 0;
  for (const batch of batches) {
    const own = batch.map((i) => lengths[i] ?? 0);
    cells += batch.length * Math.max(...own);
    real += own.reduce((a, b) => a + b, 0);
  }
  return 1 - real / cells;
};

describe('the order of an epoch', () => {
  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('shuffle %s, bucketing %s: every example once, one smaller batch', (shuffle, bucketing) => {
    const batches = epochBatches({ ...base, shuffle, bucketing });
    expect(batches.flat().sort((a, b) => a - b)).toEqual(Array.from(lengths.keys()));
    expect(batches.filter((batch) => batch.length !== 16).map((b) => b.length)).toEqual([11]);
  });

  test('bucketing leaves less than a tenth of the cells to padding; without it nearly half', () => {
    expect(padding(epochBatches(base))).toBeLessThan(0.1);
    expect(padding(epochBatches({ ...base, bucketing: false }))).toBeGreaterThan(0.4);
    expect(padding(evaluationBatches(lengths, 16))).toBeLessThan(0.03);
  });

  test('is the same for the same seed and epoch, and another one for another', () => {
    expect(epochBatches(base)).toEqual(epochBatches(base));
    expect(epochBatches({ ...base, epoch: 2 })).not.toEqual(epochBatches(base));
    expect(epochBatches({ ...base, seed: 2 })).not.toEqual(epochBatches(base));
  });

  test('short and long batches are mixed, so that no part of the epoch has only one kind', () => {
    const means = epochBatches(base).map((b) => lengths[b[0] ?? 0] ?? 0);
    const early = means.slice(0, 20).reduce((a, b) => a + b) / 20;
    expect(early).toBeGreaterThan(12);
    expect(early).toBeLessThan(28);
  });

  test('rows of one length and no shuffling keep the data’s order', () => {
    const batches = epochBatches({
      ...base,
      lengths: new Int32Array(5).fill(3),
      batchSize: 2,
      shuffle: false,
    });
    expect(batches).toEqual([[0, 1], [2, 3], [4]]);
  });

  test('nothing gives no batches', () => {
    expect(epochBatches({ ...base, lengths: new Int32Array(0) })).toEqual([]);
    expect(evaluationBatches(new Int32Array(0), 4)).toEqual([]);
  });
});
