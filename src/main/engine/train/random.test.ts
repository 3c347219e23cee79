import { describe, expect, test } from 'vitest';
import { initialValues } from '../compile/initialize.js';
import { Random } from './random.js';

const draws = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uint32());

describe('random numbers', () => {
  test('stay the same for ever: a saved run must resume with a later version', () => {
    expect(draws(new Random(42, 'order', 1), 4)).toMatchInlineSnapshot(`
      [
        4140395723,
        2188200381,
        662518415,
        510101282,
      ]
    `);
    expect(draws(new Random(0, ''), 2)).toMatchInlineSnapshot(`
      [
        3656233186,
        3142703038,
      ]
    `);
  });

  test('streams, indices and seeds are different numbers', () => {
    const all = [
      new Random(1, 'a', 0),
      new Random(2, 'a', 0),
      new Random(1, 'b', 0),
      new Random(1, 'a', 1),
    ].map((random) => draws(random, 8).join());
    expect(new Set(all).size).toBe(4);
  });

  test('uniform, normal and integer have their mean and spread (2 %, 100,000 draws)', () => {
    const random = new Random(7, 'test');
    const n = 100_000;
    let uniform = 0;
    let normal = 0;
    let square = 0;
    const counts = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      uniform += random.uniform() / n;
      const z = random.normal();
      normal += z / n;
      square += (z * z) / n;
      counts[random.integer(3)]!++;
    }
    expect(uniform).toBeCloseTo(0.5, 2);
    expect(normal).toBeCloseTo(0, 1);
    expect(Math.abs(square - 1)).toBeLessThan(0.02);
    for (const count of counts) expect(Math.abs(count / n - 1 / 3)).toBeLessThan(0.01);
  });

  test('a shuffle keeps every item', () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    const shuffled = new Random(1, 'shuffle').shuffle([...items]);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
  });
});

describe('initial weights', () => {
  const parameter = { id: 'lstm/recurrent_kernel', node: 'lstm', name: 'recurrent_kernel', l2: 0 };

  test('each gate of a recurrent kernel is orthogonal to 1e-6', () => {
    const units = 9;
    const values = initialValues(
      { ...parameter, shape: [units, 4 * units], initializer: { kind: 'orthogonal', gates: 4 } },
      3,
    );
    for (let gate = 0; gate < 4; gate++)
      for (let i = 0; i < units; i++)
        for (let j = 0; j < units; j++) {
          let dot = 0;
          for (let k = 0; k < units; k++)
            dot +=
              values[k * 4 * units + gate * units + i]! * values[k * 4 * units + gate * units + j]!;
          expect(dot).toBeCloseTo(i === j ? 1 : 0, 6);
        }
  });

  test('the forget gate of an LSTM starts with a bias of one', () => {
    const shape = [12];
    const initializer = { kind: 'forget-bias', units: 3 } as const;
    expect(Array.from(initialValues({ ...parameter, shape, initializer }, 1))).toEqual([
      0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0,
    ]);
  });

  test('a parameter’s values depend on its id and the seed, not on its neighbours', () => {
    const of = (id: string, seed: number): string =>
      initialValues(
        {
          ...parameter,
          id,
          shape: [3, 3],
          initializer: { kind: 'glorot-uniform', fanIn: 3, fanOut: 3 },
        },
        seed,
      ).join();
    expect(of('a', 1)).toBe(of('a', 1));
    expect(new Set([of('a', 1), of('b', 1), of('a', 2)]).size).toBe(3);
    const values = of('a', 1).split(',').map(Number);
    expect(values.every((x) => Math.abs(x) <= 1)).toBe(true);
  });
});
