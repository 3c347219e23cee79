/** Where the frames of expanded groups stand: around their blocks as these are on screen. */
import type { Graph, GraphGroup } from '#shared/graph/document';
import { chainOf, groupIndex, type GroupIndex } from '#shared/graph/groups';
import type { CanvasNode } from '../flow.js';
import { flowId } from './ids.js';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room inside a frame: for its title above, and for wires at the sides. */
export const framePadding = { top: 40, side: 24, bottom: 16 };

const emptyFrame = { width: 168, height: 88 };
/** Until React Flow has measured a block. */
const usualSize = { width: 152, height: 72 };

export function boxOf(node: CanvasNode): Box {
  const { width, height } = usualSize;
  return {
    ...node.position,
    width: node.measured?.width ?? node.width ?? width,
    height: node.measured?.height ?? node.height ?? height,
  };
}

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
): Map<string, Box> {
  const index = groupIndex(graph);
  const onScreen = new Map(nodes.map((node) => [node.id, node]));
  const boxes = new Map<string, Box>();
  for (const group of visibleFrames(index).reverse()) {
    const parts: Box[] = [];
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

function around(parts: readonly Box[]): Box {
  const { top, side, bottom } = framePadding;
  const x = Math.min(...parts.map((part) => part.x)) - side;
  const y = Math.min(...parts.map((part) => part.y)) - top;
  const right = Math.max(...parts.map((part) => part.x + part.width)) + side;
  const end = Math.max(...parts.map((part) => part.y + part.height)) + bottom;
  return { x, y, width: right - x, height: end - y };
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
  boxes: ReadonlyMap<string, Box>,
  { x, y }: { x: number; y: number },
): GraphGroup | null {
  return (
    visibleFrames(index).findLast(({ id }) => {
      const box = boxes.get(id);
      return (
        box !== undefined &&
        x >= box.x &&
        x <= box.x + box.width &&
        y >= box.y &&
        y <= box.y + box.height
      );
    }) ?? null
  );
}
