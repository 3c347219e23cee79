/** Where the frames of expanded groups stand: around their blocks as these are on screen. */
import type { Graph, GraphGroup } from '#shared/graph/document';
import { chainOf, groupIndex, type GroupIndex } from '#shared/graph/groups';
import { boundsOf, boxOf, isInside, type Bounds } from '../boxes.js';
import type { Point } from '../editing.js';
import type { CanvasNode } from '../flow.js';
import { flowId } from './ids.js';

/** Room inside a frame: for its title above, and for wires at the sides. */
export const framePadding = { top: 40, side: 24, bottom: 16 };

export const emptyFrame = { width: 168, height: 88 };

/** Expanded groups that can be seen, the outer ones first. */
export function visibleFrames(index: GroupIndex): GraphGroup[] {
  const depth = (group: GraphGroup): number => chainOf(index, group.id).length;
  return [...index.byId.values()]
    .filter((group) => chainOf(index, group.id).every(({ collapsed }) => !collapsed))
    .sort((a, b) => depth(a) - depth(b));
}

/**
 * The box of each visible frame, by group.
 * @param without blocks that are being dragged out: their frame closes behind them.
 */
export function frameBoxes(
  graph: Pick<Graph, 'groups'>,
  nodes: readonly CanvasNode[],
  without: ReadonlySet<string>,
): Map<string, Bounds> {
  const index = groupIndex(graph);
  const onScreen = new Map(nodes.map((node) => [node.id, node]));
  const boxes = new Map<string, Bounds>();
  for (const group of visibleFrames(index).reverse()) {
    const parts: Bounds[] = [];
    for (const id of group.nodes) {
      const node = onScreen.get(id);
      if (node !== undefined && !without.has(id)) parts.push(boxOf(node));
    }
    for (const inner of index.inside.get(group.id) ?? []) {
      const block = onScreen.get(flowId('groups', inner.id));
      const box = inner.collapsed ? block && boxOf(block) : boxes.get(inner.id);
      if (box !== undefined) parts.push(box);
    }
    boxes.set(group.id, parts.length === 0 ? { ...group.position, ...emptyFrame } : around(parts));
  }
  return boxes;
}

function around(parts: readonly Bounds[]): Bounds {
  const { top, side, bottom } = framePadding;
  const { x, y, width, height } = boundsOf(parts);
  return {
    x: x - side,
    y: y - top,
    width: width + 2 * side,
    height: height + top + bottom,
  };
}

/** The same list where no frame has to change. */
export function withFrames(
  nodes: CanvasNode[],
  graph: Pick<Graph, 'groups'>,
  without: ReadonlySet<string>,
): CanvasNode[] {
  if (graph.groups.length === 0) return nodes;
  const boxes = frameBoxes(graph, nodes, without);
  let changed = false;
  const placed = nodes.map((node) => {
    if (node.type !== 'frame') return node;
    const box = boxes.get(node.data.group);
    const { position, width, height } = node;
    if (
      box === undefined ||
      (box.x === position.x && box.y === position.y && box.width === width && box.height === height)
    )
      return node;
    changed = true;
    const { x, y, ...size } = box;
    return { ...node, ...size, measured: size, position: { x, y } };
  });
  return changed ? placed : nodes;
}

/** The innermost of these frames that holds a point. */
export function frameAt(
  index: GroupIndex,
  boxes: ReadonlyMap<string, Bounds>,
  point: Point,
): GraphGroup | null {
  return (
    visibleFrames(index).findLast(({ id }) => {
      const box = boxes.get(id);
      return box !== undefined && isInside(point, box);
    }) ?? null
  );
}
