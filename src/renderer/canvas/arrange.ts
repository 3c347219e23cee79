/** Lining blocks up: alignment, equal gaps, and the lines that a dragged block snaps to. Pure. */
import type { Edit } from '#shared/graph/edits';
import { boundsOf, type Bounds, type Box } from './boxes.js';
import type { Point } from './editing.js';

export const alignments = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const;
export type Alignment = (typeof alignments)[number];
export type Axis = 'x' | 'y';

const sizeOn = { x: 'width', y: 'height' } as const;

/** Moves of the boxes whose place changes. */
const moves = (boxes: readonly Box[], place: (box: Box) => Point): Edit[] =>
  boxes.flatMap((box): Edit[] => {
    const { x, y } = place(box);
    const position = { x: Math.round(x), y: Math.round(y) };
    if (position.x === box.x && position.y === box.y) return [];
    return [{ type: 'move-node', id: box.id, position }];
  });

/** Brings the boxes to one edge, or the middle, of what they cover together. */
export function alignEdits(boxes: readonly Box[], alignment: Alignment): Edit[] {
  const all = boundsOf(boxes);
  return moves(boxes, ({ x, y, width, height }) => {
    switch (alignment) {
      case 'left':
        return { x: all.x, y };
      case 'centre':
        return { x: all.x + (all.width - width) / 2, y };
      case 'right':
        return { x: all.x + all.width - width, y };
      case 'top':
        return { x, y: all.y };
      case 'middle':
        return { x, y: all.y + (all.height - height) / 2 };
      case 'bottom':
        return { x, y: all.y + all.height - height };
    }
  });
}

/** Equal gaps between the boxes along an axis; the first and the last stay. */
export function distributeEdits(boxes: readonly Box[], axis: Axis): Edit[] {
  const size = sizeOn[axis];
  const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const filled = sorted.reduce((sum, box) => sum + box[size], 0);
  const gap = (boundsOf(boxes)[size] - filled) / (boxes.length - 1);
  const starts = new Map<string, number>();
  let next = sorted[0]?.[axis] ?? 0;
  for (const box of sorted) {
    starts.set(box.id, next);
    next += box[size] + gap;
  }
  return moves(boxes, (box) => ({ x: box.x, y: box.y, [axis]: starts.get(box.id) ?? box[axis] }));
}

/** A line at one coordinate of an axis, from end to end along the other. */
export interface Guide {
  readonly axis: Axis;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snap {
  /** What to add to the moved box's place. */
  readonly by: Point;
  readonly guides: readonly Guide[];
}

const linesOf = (box: Bounds, axis: Axis): number[] => {
  const size = box[sizeOn[axis]];
  return [box[axis], box[axis] + size / 2, box[axis] + size];
};

function snapOn(axis: Axis, moved: Bounds, others: readonly Box[], reach: number): number {
  let best = 0;
  let distance = reach;
  for (const other of others)
    for (const line of linesOf(other, axis))
      for (const own of linesOf(moved, axis))
        if (Math.abs(line - own) < distance) {
          distance = Math.abs(line - own);
          best = line - own;
        }
  return best;
}

function guidesOn(axis: Axis, moved: Bounds, others: readonly Box[]): Guide[] {
  const across: Axis = axis === 'x' ? 'y' : 'x';
  const size = sizeOn[across];
  return linesOf(moved, axis).flatMap((at) => {
    const met = others.filter((other) =>
      linesOf(other, axis).some((line) => Math.abs(line - at) < 0.5),
    );
    if (met.length === 0) return [];
    const from = Math.min(moved[across], ...met.map((box) => box[across]));
    const to = Math.max(moved[across] + moved[size], ...met.map((box) => box[across] + box[size]));
    return [{ axis, at, from, to }];
  });
}

/** Brings an edge or the middle of what is dragged onto those of its neighbours, where one is within reach. */
export function snapTo(moved: Bounds, others: readonly Box[], reach: number): Snap {
  const by = {
    x: snapOn('x', moved, others, reach),
    y: snapOn('y', moved, others, reach),
  };
  const there = { ...moved, x: moved.x + by.x, y: moved.y + by.y };
  return { by, guides: [...guidesOn('x', there, others), ...guidesOn('y', there, others)] };
}
