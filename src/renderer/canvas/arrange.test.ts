import { describe, expect, it } from 'vitest';
import type { Edit } from '#shared/graph/edits';
import { alignEdits, distributeEdits, snapTo } from './arrange.js';
import type { Box } from './boxes.js';

const boxes: Box[] = [
  { id: 'a', x: 0, y: 0, width: 100, height: 40 },
  { id: 'b', x: 150, y: 30, width: 60, height: 80 },
  { id: 'c', x: 400, y: 10, width: 100, height: 40 },
];
const places = (edits: readonly Edit[]): Record<string, { x: number; y: number }> =>
  Object.fromEntries(
    edits.flatMap((edit) => (edit.type === 'move-node' ? [[edit.id, edit.position]] : [])),
  );

describe('aligning', () => {
  it('moves only the blocks that are not there yet, to the edge of all', () => {
    expect(places(alignEdits(boxes, 'top'))).toEqual({
      b: { x: 150, y: 0 },
      c: { x: 400, y: 0 },
    });
    expect(places(alignEdits(boxes, 'right'))).toEqual({
      a: { x: 400, y: 0 },
      b: { x: 440, y: 30 },
    });
  });
  it('brings middles onto one line', () => {
    const moved = places(alignEdits(boxes, 'middle'));
    expect(moved).toEqual({ a: { x: 0, y: 35 }, b: { x: 150, y: 15 }, c: { x: 400, y: 35 } });
  });
});

it('distributing leaves equal gaps and the outer blocks where they are', () => {
  expect(places(distributeEdits(boxes, 'x'))).toEqual({ b: { x: 220, y: 30 } });
});

describe('a dragged block', () => {
  const others = boxes.slice(0, 1);
  it('snaps to the nearest edge or middle of a neighbour within reach, and says where', () => {
    const { by, guides } = snapTo({ x: 203, y: -4, width: 60, height: 40 }, others, 6);
    expect(by).toEqual({ x: 0, y: 4 });
    expect(guides.map(({ axis, at }) => [axis, at])).toEqual([
      ['y', 0],
      ['y', 20],
      ['y', 40],
    ]);
    expect(guides[0]).toMatchObject({ from: 0, to: 263 });
  });
  it('stays where it is with nothing in reach', () => {
    expect(snapTo({ x: 300, y: 200, width: 60, height: 40 }, others, 6)).toEqual({
      by: { x: 0, y: 0 },
      guides: [],
    });
  });
});
