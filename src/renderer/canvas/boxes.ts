/** Places and sizes on the canvas, in the flow's pixels. */
import type { Point } from './editing.js';
import type { CanvasNode } from './flow.js';

export interface Size {
  width: number;
  height: number;
}

export interface Bounds extends Point, Size {}

export interface Box extends Bounds {
  readonly id: string;
}

/** Until React Flow has measured a block. */
export const usualSize: Size = { width: 152, height: 72 };

/** A node as it stands on screen. */
export function boxOf({ id, position, measured, width, height }: CanvasNode): Box {
  return {
    id,
    ...position,
    width: measured?.width ?? width ?? usualSize.width,
    height: measured?.height ?? height ?? usualSize.height,
  };
}

/** What boxes cover together. */
export function boundsOf(boxes: readonly Bounds[]): Bounds {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

export const isInside = ({ x, y }: Point, box: Bounds): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
