/**
 * Room for unrolled blocks: what stands below them is shown lower, while the document, and everything that
 * works with its positions, knows nothing of it. Only y is stretched, so rows stay rows.
 */
import { useCallback, useMemo, useState } from 'react';
import type { Node, NodeChange } from 'reactflow';
import { create } from 'zustand';

type Heights = Readonly<Record<string, number>>;

interface RoomState {
  /** Height of what hangs below each unrolled block, in pixels of the canvas. */
  heights: Heights;
  set(id: string, height: number | null): void;
}

export const useRoom = create<RoomState>()((set) => ({
  heights: {},
  set: (id, height) =>
    set(({ heights }) => ({
      heights: Object.fromEntries([
        ...Object.entries(heights).filter(([other]) => other !== id),
        ...(height === null ? [] : [[id, height] as const]),
      ]),
    })),
}));

/** From where on everything but its own block stands lower, and by how much. */
export interface Room {
  id: string;
  from: number;
  height: number;
}

/** What begins this far below the top of an unrolled block is a row of its own. */
const sameRow = 48;
const margin = 16;
/** Over its neighbours, below a selected block. */
const lifted = 900;

type Placed = Pick<Node, 'id' | 'position'>;

/** From top to bottom. */
export const roomsOf = (nodes: readonly Placed[], heights: Heights): Room[] =>
  nodes
    .flatMap(({ id, position }) => {
      const height = heights[id];
      return height === undefined
        ? []
        : [{ id, from: position.y + sameRow, height: height + margin }];
    })
    .sort((a, b) => a.from - b.from);

export const roomsNow = (nodes: readonly Placed[]): Room[] =>
  roomsOf(nodes, useRoom.getState().heights);

/** Where on screen a y of the document lies. @param own the block itself: its own room is below it. */
export const shownY = (y: number, rooms: readonly Room[], own = ''): number =>
  rooms.reduce(
    (shown, { id, from, height }) => (id !== own && y >= from ? shown + height : shown),
    y,
  );

/** The y of the document that lies there; the room itself belongs to its lower edge. */
export function storedY(shown: number, rooms: readonly Room[], own = ''): number {
  let above = 0;
  for (const { id, from, height } of rooms) {
    if (id === own) continue;
    if (shown < from + above) break;
    if (shown < from + above + height) return from;
    above += height;
  }
  return shown - above;
}

/**
 * @param before how nodes were shown: one that did not change stays the same object, so that React Flow
 * leaves it alone.
 */
function shownNode<N extends Node>(
  node: N,
  rooms: readonly Room[],
  heights: Heights,
  before: WeakMap<N, N>,
): N {
  const y = shownY(node.position.y, rooms, node.id);
  const zIndex = heights[node.id] === undefined ? node.zIndex : lifted;
  // The frame of a group reaches as far down as what it surrounds.
  const height =
    node.type === 'frame' && node.height !== undefined
      ? shownY(node.position.y + node.height, rooms) - y
      : node.height;
  if (y === node.position.y && zIndex === node.zIndex && height === node.height) return node;
  const old = before.get(node);
  if (old?.position.y === y && old.zIndex === zIndex && old.height === height) return old;
  const shown: N = { ...node, position: { x: node.position.x, y } };
  if (zIndex !== undefined) shown.zIndex = zIndex;
  if (height !== undefined) shown.height = height;
  before.set(node, shown);
  return shown;
}

/** Nodes and their changes as the screen has them, made from and into those of the document. */
export function useRoomyNodes<N extends Node>(
  nodes: N[],
  onChange: (changes: NodeChange<N>[]) => void,
): { nodes: N[]; onChange: (changes: NodeChange<N>[]) => void } {
  const heights = useRoom((state) => state.heights);
  const [before] = useState(() => new WeakMap<N, N>());
  const rooms = useMemo(() => roomsOf(nodes, heights), [nodes, heights]);
  const shown = useMemo(
    () =>
      rooms.length === 0 ? nodes : nodes.map((node) => shownNode(node, rooms, heights, before)),
    [nodes, rooms, heights, before],
  );
  const stored = useCallback(
    (changes: NodeChange<N>[]) =>
      onChange(
        changes.map((change) =>
          change.type === 'position' && change.position !== undefined
            ? {
                ...change,
                position: {
                  x: change.position.x,
                  y: storedY(change.position.y, rooms, change.id),
                },
              }
            : change,
        ),
      ),
    [rooms, onChange],
  );
  return { nodes: shown, onChange: stored };
}
