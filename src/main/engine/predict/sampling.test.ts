import { describe, expect, test } from 'vitest';
import { Random } from '../train/random.js';
import { chances, draw } from './sampling.js';

/** Probabilities 0.5, 0.3, 0.15, 0.05, and an impossible token. */
const logits = Float32Array.from([0.15, 0.5, 0.05, 0.3, 0].map((p) => Math.log(p)));
const plain = { temperature: 1, topK: null, topP: 1 };
const near = (values: readonly number[], expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1e-6));
};

describe('the chances of the next token', () => {
  test('at temperature 1 are the network’s own probabilities, at 0 all on the most probable', () => {
    near(chances(logits, plain), [0.15, 0.5, 0.05, 0.3, 0]);
    near(chances(logits, { ...plain, temperature: 0 }), [0, 1, 0, 0, 0]);
  });

  test('at temperature 1/2 are their squares, normalised', () => {
    const squares = [0.0225, 0.25, 0.0025, 0.09, 0];
    const sum = squares.reduce((a, b) => a + b);
    near(
      chances(logits, { ...plain, temperature: 0.5 }),
      squares.map((square) => square / sum),
    );
  });

  test('keep the k most probable, or the fewest that reach p, and sum to 1 again', () => {
    near(chances(logits, { ...plain, topK: 2 }), [0, 0.625, 0, 0.375, 0]);
    near(chances(logits, { ...plain, topK: 1 }), [0, 1, 0, 0, 0]);
    near(chances(logits, { ...plain, topK: 99 }), [0.15, 0.5, 0.05, 0.3, 0]);
    near(chances(logits, { ...plain, topP: 0.7 }), [0, 0.625, 0, 0.375, 0]);
    near(chances(logits, { ...plain, topP: 0.81 }), [0.15 / 0.95, 0.5 / 0.95, 0, 0.3 / 0.95, 0]);
    // Of the two that are left, the first alone reaches 0.6.
    near(chances(logits, { ...plain, topK: 2, topP: 0.6 }), [0, 1, 0, 0, 0]);
  });

  test('are what is drawn, within 2 % over 10,000 draws', () => {
    const chance = chances(logits, { ...plain, topK: 3 });
    const counts = chance.map(() => 0);
    const random = new Random(1, 'draws');
    for (let i = 0; i < 10_000; i++) {
      const id = draw(chance, random);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    counts.forEach((count, id) =>
      expect(Math.abs(count / 10_000 - (chance[id] ?? NaN))).toBeLessThan(0.02),
    );
    expect(counts[2]).toBe(0);
  });
});
