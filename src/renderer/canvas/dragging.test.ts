import { beforeEach, expect, it } from 'vitest';
import type { NodeChange } from 'reactflow';
import { emptyGraph } from '#shared/graph/document';
import { snapChanges, useDragging } from './dragging.js';
import type { CanvasNode } from './flow.js';
import { withMembers } from './groups/moving.js';

beforeEach(() => useDragging.setState({ guides: [], free: false }));

const block = (id: string, x: number, y: number): CanvasNode => ({
  id,
  type: 'block',
  data: {},
  position: { x, y },
  measured: { width: 100, height: 60 },
});
const frame: CanvasNode = {
  id: 'group:g',
  type: 'frame',
  data: { group: 'g' },
  position: { x: -24, y: -40 },
  measured: { width: 148, height: 116 },
  dragging: true,
};
const graph = {
  ...emptyGraph,
  groups: [
    {
      id: 'g',
      name: 'Encoder',
      nodes: ['a'],
      parent: null,
      collapsed: false,
      position: { x: 0, y: 0 },
    },
  ],
};
const drag = (nodes: CanvasNode[], to: { x: number; y: number }): NodeChange<CanvasNode>[] => {
  const change = { id: frame.id, type: 'position', position: to, dragging: true } as const;
  return snapChanges(withMembers([change], nodes, graph), nodes);
};
const places = (changes: readonly NodeChange<CanvasNode>[]): unknown =>
  Object.fromEntries(
    changes.flatMap((change) => (change.type === 'position' ? [[change.id, change.position]] : [])),
  );

it('a dragged frame does not snap to the blocks that it carries', () => {
  // 4 pixels to the right: the block's old left edge would be within reach.
  expect(places(drag([frame, block('a', 0, 0)], { x: -20, y: 0 }))).toEqual({
    'group:g': { x: -20, y: 0 },
    a: { x: 4, y: 40 },
  });
  expect(useDragging.getState().guides).toEqual([]);
});

it('a dragged frame snaps to other blocks, and what it carries goes along', () => {
  const nodes = [frame, block('a', 0, 0), block('b', 300, 200)];
  expect(places(drag(nodes, { x: 297, y: 500 }))).toEqual({
    'group:g': { x: 300, y: 500 },
    a: { x: 324, y: 540 },
  });
  expect(useDragging.getState().guides).toHaveLength(1);
});
