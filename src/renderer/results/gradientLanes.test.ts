import { expect, it } from 'vitest';
import type { LayerGradients } from '#shared/run/gradients';
import { gradientModel, layerTitles } from './gradientLanes.js';

const layer = (node: string, norms: (number | null)[], reverse = false): LayerGradients => ({
  node,
  norms,
  reverse,
});

it('layers of one block are told apart by direction and number', () => {
  const both = ['a', 'a', 'a', 'a', 'b'].map((node, index) => layer(node, [1], index % 2 === 1));
  expect(layerTitles([...both.slice(0, 4), layer('b', [1])], (id) => id.toUpperCase())).toEqual([
    'A, layer 1, forward',
    'A, layer 1, backward',
    'A, layer 2, forward',
    'A, layer 2, backward',
    'B',
  ]);
});

it('time runs to the right, to the last step that is read; what has no logarithm is left out', () => {
  const { lanes, xMinimum, xMaximum } = gradientModel([layer('a', [0.4, 0.2, 0, null])], ['A']);
  expect([xMinimum, xMaximum]).toEqual([-3, 0]);
  expect(lanes[0]?.series[0]?.points).toEqual([
    [-1, 0.5],
    [0, 1],
  ]);
});
