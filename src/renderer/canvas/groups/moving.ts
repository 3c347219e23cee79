/** Dragged and nudged things, as React Flow tells it, become moves of everything that goes along. */
import type { NodeChange } from 'reactflow';
import type { Graph } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';
import { groupIndex, moveItems, type GroupIndex } from '#shared/graph/groups';
import type { Point } from '../editing.js';
import type { CanvasNode } from '../flow.js';
import { flowId, itemOf } from './ids.js';

type Change = NodeChange<CanvasNode>;

/** React Flow's ids of what stands in a group's frame. */
function onFrame(index: GroupIndex, id: string): string[] {
  const group = index.byId.get(id);
  if (group === undefined) return [];
  const inner = (index.inside.get(id) ?? []).flatMap((one) =>
    one.collapsed ? [flowId('groups', one.id)] : onFrame(index, one.id),
  );
  return [...group.nodes, ...inner];
}

/** The changes, and for each moved frame those of what stands in it and does not move by itself. */
export function withMembers(
  changes: readonly Change[],
  nodes: readonly CanvasNode[],
  graph: Graph,
): Change[] {
  if (graph.groups.length === 0) return [...changes];
  const index = groupIndex(graph);
  const moving = new Set(changes.flatMap((one) => (one.type === 'position' ? [one.id] : [])));
  const onScreen = new Map(nodes.map((node) => [node.id, node]));
  return changes.flatMap((change): Change[] => {
    if (change.type !== 'position' || change.position === undefined) return [change];
    const frame = onScreen.get(change.id);
    if (frame?.type !== 'frame') return [change];
    const dx = change.position.x - frame.position.x;
    const dy = change.position.y - frame.position.y;
    const along = onFrame(index, frame.data.group).filter((id) => !moving.has(id));
    return [
      change,
      ...along.flatMap((id): Change[] => {
        const node = onScreen.get(id);
        if (node === undefined) return [];
        moving.add(id);
        const position = { x: node.position.x + dx, y: node.position.y + dy };
        return [{ ...change, id, position }];
      }),
    ];
  });
}

/** The edits for what came to rest somewhere else than the document says. */
export function moveEdits(changes: readonly Change[], graph: Graph): Edit[] {
  const ended = new Map<string, Point>();
  for (const change of changes)
    if (change.type === 'position' && change.dragging !== true && change.position !== undefined)
      ended.set(change.id, { x: change.position.x, y: change.position.y });
  if (ended.size === 0) return [];
  const moved = (id: string, from: Point): Point | null => {
    const to = ended.get(id);
    return to === undefined || (to.x === from.x && to.y === from.y) ? null : to;
  };
  const edits: Edit[] = [];
  for (const { id, position: from } of graph.nodes) {
    const position = moved(id, from);
    if (position !== null) edits.push({ type: 'move-node', id, position });
  }
  const index = groupIndex(graph);
  for (const { id, collapsed, position: from } of graph.groups) {
    // A frame stands where its blocks are; one without any is somewhere itself.
    const itself = collapsed || onFrame(index, id).length === 0;
    const to = itself ? moved(flowId('groups', id), from) : null;
    if (to === null) continue;
    const by = { x: to.x - from.x, y: to.y - from.y };
    edits.push(...moveItems(graph, { nodes: [], groups: [id] }, by));
  }
  for (const comment of graph.comments) {
    const position = moved(flowId('comments', comment.id), comment.position);
    if (position !== null) edits.push({ type: 'set-comment', comment: { ...comment, position } });
  }
  return edits;
}

/** Names the undo step of moving these. */
export function moveLabel(ids: readonly string[]): string {
  const kinds = new Set(ids.map((id) => itemOf(id).kind));
  const [kind] = kinds;
  const what =
    kinds.size > 1 || kind === undefined
      ? 'item'
      : { nodes: 'block', groups: 'group', comments: 'comment' }[kind];
  return ids.length === 1 ? `Move ${what}` : `Move ${ids.length} ${what}s`;
}
