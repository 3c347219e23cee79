/**
 * Room for unrolled blocks: what stands below them moves down on screen, while the document keeps its
 * positions. Only y is stretched, so rows stay rows and the order of blocks stays as it is.
 */
import { create } from 'zustand';
import type { GraphNode } from '#shared/graph/document';

interface RoomState {
  /** Height of what hangs below each unrolled block, in pixels of the canvas. */
  heights: Readonly<Record<string, number>>;
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

/** From where on everything stands lower, and by how much. */
export interface Room {
  from: number;
  height: number;
}

/** What begins this far below the top of an unrolled block is a row of its own. */
const sameRow = 48;
const margin = 16;

/** From top to bottom. */
export const roomsOf = (
  nodes: readonly GraphNode[],
  heights: Readonly<Record<string, number>>,
): Room[] =>
  nodes
    .flatMap(({ id, position }) => {
      const height = heights[id];
      return height === undefined ? [] : [{ from: position.y + sameRow, height: height + margin }];
    })
    .sort((a, b) => a.from - b.from);

/** Where on screen a y of the document lies. */
export const shownY = (y: number, rooms: readonly Room[]): number =>
  rooms.reduce((shown, { from, height }) => (y >= from ? shown + height : shown), y);

/** The y of the document that lies there; the room itself belongs to its lower edge. */
export function storedY(shown: number, rooms: readonly Room[]): number {
  let above = 0;
  for (const { from, height } of rooms) {
    if (shown < from + above) break;
    if (shown < from + above + height) return from;
    above += height;
  }
  return shown - above;
}
