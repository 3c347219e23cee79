import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSchema, type SplitRecipe } from '#shared/data/recipe';
import { allRows, splitExamples, splitGroups } from './split.js';
import { errorOf } from './test-files.js';

const recipe = (given: Partial<SplitRecipe>): SplitRecipe => splitSchema.parse(given);
const anySplit = fc
  .record({
    validation: fc.double({ min: 0, max: 0.45, noNaN: true }),
    test: fc.double({ min: 0, max: 0.45, noNaN: true }),
    method: fc.constantFrom('random' as const, 'stratified' as const, 'in order' as const),
    seed: fc.integer({ min: 0, max: 0xffffffff }),
  })
  .map(recipe);

describe('splitting examples', () => {
  it('puts every example into exactly one part, whatever the recipe, and always the same one', () => {
    fc.assert(
      fc.property(
        anySplit,
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1 }),
        (split, given) => {
          // Class ids without gaps, as labels have them.
          const names = [...new Set(given)];
          const classOf = Int32Array.from(given, (label) => names.indexOf(label));
          const parts = splitExamples(split, classOf.length, classOf);
          const all = [...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b);
          expect(all).toEqual(given.map((_, index) => index));
          expect(splitExamples(split, classOf.length, classOf)).toEqual(parts);
          const count = (share: number): number => Math.round(given.length * share);
          if (split.method !== 'stratified') expect(parts.test.length).toBe(count(split.test));
        },
      ),
    );
  });

  it('depends on the seed', () => {
    const first = splitExamples(recipe({ seed: 1 }), 100, null);
    const second = splitExamples(recipe({ seed: 2 }), 100, null);
    expect(first.test.length).toBe(20);
    expect(first.test).not.toEqual(second.test);
  });

  it('keeps the order of time: training, validation, test', () => {
    const parts = splitExamples(recipe({ method: 'in order' }), 10, null);
    expect([[...parts.train], [...parts.validation], [...parts.test]]).toEqual([
      [0, 1, 2, 3, 4, 5, 6],
      [7],
      [8, 9],
    ]);
  });

  it('gives every part each class’s share to within one example, and the right totals', () => {
    const classOf = Int32Array.from({ length: 1000 }, (_, index) =>
      index % 10 < 7 ? 0 : index % 10 < 9 ? 1 : 2,
    );
    const parts = splitExamples(recipe({ method: 'stratified' }), 1000, classOf);
    const counts = (part: Int32Array): number[] =>
      [0, 1, 2].map((label) => part.filter((row) => classOf[row] === label).length);
    expect(counts(parts.train)).toEqual([490, 140, 70]);
    expect(counts(parts.validation)).toEqual([70, 20, 10]);
    expect(counts(parts.test)).toEqual([140, 40, 20]);
  });

  it('leaves a class of one row in the training part when stratified', () => {
    const classOf = Int32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    for (let seed = 0; seed < 50; seed++) {
      expect([
        ...splitExamples(recipe({ method: 'stratified', seed }), 10, classOf).train,
      ]).toContain(9);
    }
  });

  it('splits 300,000 rows without running out of stack', () => {
    const classOf = new Int32Array(300_000).map((_, index) => index % 2);
    const parts = splitExamples(recipe({ method: 'stratified' }), 300_000, classOf);
    expect(parts.test.length).toBe(60_000);
  });

  it('never puts rows of one group into two parts, and can use the first row of each only', () => {
    fc.assert(
      fc.property(
        anySplit,
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }),
        (split, given) => {
          const names = [...new Set(given)];
          const groupOf = Int32Array.from(given, (name) => names.indexOf(name));
          const classOf = groupOf.map((group) => group % 2 && 1);
          if (names.length < 2) classOf.fill(0);
          const all = splitGroups(split, groupOf, classOf, 'all');
          expect([...allRows(all)]).toEqual(given.map((_, row) => row));
          const groups = [all.train, all.validation, all.test].map(
            (part) => new Set(Array.from(part, (row) => groupOf[row])),
          );
          expect(groups.reduce((sum, part) => sum + part.size, 0)).toBe(names.length);
          const first = splitGroups(split, groupOf, classOf, 'first');
          expect([...allRows(first)]).toEqual(names.map((name) => given.indexOf(name)));
        },
      ),
    );
  });

  it('refuses a stratified split where there are no classes', async () => {
    const error = await errorOf(() => splitExamples(recipe({ method: 'stratified' }), 10, null));
    expect(error).toMatchObject({
      code: 'split-without-classes',
      place: { field: 'data.split.method' },
    });
  });
});
