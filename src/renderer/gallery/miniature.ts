/** Where a document's blocks and wires stand in a small picture of it. Pure. */
import { findBlock } from '#shared/catalog/index';
import { analyze } from '#shared/graph/analyze';
import type { ProjectDocument } from '#shared/graph/document';
import type { Category } from '#shared/catalog/define';
import { wireView, type WireKind } from '../stores/graph.js';

export interface MiniatureBlock {
  id: string;
  block: string;
  category: Category | null;
  x: number;
  y: number;
}

export interface MiniatureWire {
  id: string;
  kind: WireKind;
  ribbon: boolean;
  path: string;
}

export interface Miniature {
  blocks: MiniatureBlock[];
  wires: MiniatureWire[];
}

/** Pixels of the picture. */
export const size = { width: 288, height: 132 };
export const blockSize = { width: 44, height: 22 };
const margin = 18;
const radius = 4;
/** Between a block and the first turn of its wire. */
const lead = 8;

type Point = readonly [x: number, y: number];

/** A line through the points with rounded corners. */
export function roundedPath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  let path = `M${first[0]} ${first[1]}`;
  for (let index = 1; index < points.length; index += 1) {
    const at = points[index];
    const before = points[index - 1];
    const after = points[index + 1];
    if (at === undefined || before === undefined) continue;
    if (after === undefined) {
      path += `L${at[0]} ${at[1]}`;
      continue;
    }
    const towards = (to: Point): Point => {
      const length = Math.hypot(to[0] - at[0], to[1] - at[1]);
      const share = length === 0 ? 0 : Math.min(radius, length / 2) / length;
      return [at[0] + (to[0] - at[0]) * share, at[1] + (to[1] - at[1]) * share];
    };
    const [inX, inY] = towards(before);
    const [outX, outY] = towards(after);
    path += `L${inX} ${inY}Q${at[0]} ${at[1]} ${outX} ${outY}`;
  }
  return path;
}

/** From the right side of one block to the left side of another; back to a lower row runs above it. */
function wirePoints(from: MiniatureBlock, to: MiniatureBlock): Point[] {
  const start: Point = [from.x + blockSize.width, from.y + blockSize.height / 2];
  const end: Point = [to.x, to.y + blockSize.height / 2];
  if (start[1] === end[1] && end[0] >= start[0]) return [start, end];
  if (end[0] >= start[0] + 2 * lead) {
    const middle = end[0] - lead;
    return [start, [middle, start[1]], [middle, end[1]], end];
  }
  const right = start[0] + lead;
  const left = end[0] - lead;
  const between = to.y > from.y ? to.y - 9 : to.y + blockSize.height + 9;
  return [start, [right, start[1]], [right, between], [left, between], [left, end[1]], end];
}

export function miniatureOf(document: ProjectDocument): Miniature {
  const { nodes, edges } = document.graph;
  const xs = nodes.map(({ position }) => position.x);
  const ys = nodes.map(({ position }) => position.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  const wide = Math.max(...xs) - left;
  const high = Math.max(...ys) - top;
  const room = {
    x: size.width - 2 * margin - blockSize.width,
    y: size.height - 2 * margin - blockSize.height,
  };
  const scaleX = Math.min(0.3, room.x / Math.max(1, wide));
  const scaleY = Math.min(0.3, room.y / Math.max(1, high));
  const offsetX = margin + (room.x - wide * scaleX) / 2;
  const offsetY = margin + (room.y - high * scaleY) / 2;
  const blocks = nodes.map(({ id, block, position }): MiniatureBlock => ({
    id,
    block,
    category: findBlock(block)?.category ?? null,
    x: Math.round(offsetX + (position.x - left) * scaleX),
    y: Math.round(offsetY + (position.y - top) * scaleY),
  }));
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const state = { document, analysis: analyze(document, null) };
  const wires = edges.flatMap((edge): MiniatureWire[] => {
    const from = byId.get(edge.source.node);
    const to = byId.get(edge.target.node);
    if (from === undefined || to === undefined) return [];
    const { kind, ribbon } = wireView(state, edge.id);
    return [{ id: edge.id, kind, ribbon, path: roundedPath(wirePoints(from, to)) }];
  });
  return { blocks, wires };
}
