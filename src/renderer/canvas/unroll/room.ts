/**
 * Room for unrolled blocks: what stands below them is shown lower, while the document, and everything that
 * works with its positions, knows nothing of it. Only y is stretched, so rows stay rows.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Node, NodeChange } from 'reactflow';
import { create } from 'zustand';

export interface Drawing {
  width: number;
  height: number;
}
type Drawings = Readonly<Record<string, Drawing>>;

interface RoomState {
  /** Sizes of what hangs below each unrolled block, in pixels of the canvas. */
  drawings: Drawings;
  /** How much lower a drawing hangs because one of the same row is in its way. */
  drops: Readonly<Record<string, number>>;
  set(id: string, drawing: Drawing | null): void;
}

export const useRoom = create<RoomState>()((set) => ({
  drawings: {},
  drops: {},
  set: (id, drawing) =>
    set(({ drawings }) => ({
      drawings: Object.fromEntries([
        ...Object.entries(drawings).filter(([other]) => other !== id),
        ...(drawing === null ? [] : [[id, drawing] as const]),
      ]),
    })),
}));

/** From where on everything but its own block stands lower, and by how much. */
export interface Room {
  id: string;
  from: number;
  height: number;
  /** See `RoomState.drops`. */
  drop: number;
}

/** What begins this far below the top of an unrolled block is a row of its own. */
const sameRow = 48;
const margin = 16;
/** Over its neighbours, below a selected block. */
const lifted = 900;

type Placed = Pick<Node, 'id' | 'position'>;

const noRooms: Room[] = [];

/** From top to bottom. Of drawings in one row, one that another is in the way of hangs below that one. */
export function roomsOf(nodes: readonly Placed[], drawings: Drawings): Room[] {
  if (Object.keys(drawings).length === 0) return noRooms;
  const placed = nodes
    .flatMap(({ id, position: { x, y } }) => {
      const drawing = drawings[id];
      return drawing === undefined ? [] : [{ id, x, y, ...drawing, drop: 0 }];
    })
    .sort((a, b) => a.x - b.x);
  placed.forEach((one, i) => {
    for (const left of placed.slice(0, i))
      if (Math.abs(left.y - one.y) < sameRow && left.x + left.width > one.x)
        one.drop = Math.max(one.drop, left.drop + left.height + margin);
  });
  // A row needs the room of its lowest drawing, once.
  const rooms: Room[] = [];
  for (const { id, y, height, drop } of placed.sort((a, b) => a.y - b.y)) {
    const from = y + sameRow;
    const row = rooms.find((room) => Math.abs(room.from - from) < sameRow);
    const taken = row?.height ?? 0;
    if (row !== undefined) row.height = Math.max(taken, drop + height + margin);
    rooms.push({ id, from, height: row === undefined ? drop + height + margin : 0, drop });
  }
  return rooms;
}

export const roomsNow = (nodes: readonly Placed[]): Room[] =>
  roomsOf(nodes, useRoom.getState().drawings);

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
  drawings: Drawings,
  before: WeakMap<N, N>,
): N {
  const y = shownY(node.position.y, rooms, node.id);
  const zIndex = drawings[node.id] === undefined ? node.zIndex : lifted;
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
  const drawings = useRoom((state) => state.drawings);
  const [before] = useState(() => new WeakMap<N, N>());
  const rooms = useMemo(() => roomsOf(nodes, drawings), [nodes, drawings]);
  useEffect(() => {
    // While nothing is unrolled a drag, which makes nodes anew at every frame, costs nothing here.
    if (rooms === noRooms) return;
    useRoom.setState({ drops: Object.fromEntries(rooms.map(({ id, drop }) => [id, drop])) });
  }, [rooms]);
  const shown = useMemo(
    () =>
      rooms.length === 0 ? nodes : nodes.map((node) => shownNode(node, rooms, drawings, before)),
    [nodes, rooms, drawings, before],
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
