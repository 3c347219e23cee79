/** Blocks that are dragged into a frame join its group; with Alt they can be dragged out of theirs. */
import { create } from 'zustand';
import type { Edit } from '#shared/graph/edits';
import { chainOf, groupIndex, moveToGroup } from '#shared/graph/groups';
import { useProject } from '../../stores/project.js';
import { boxOf } from '../boxes.js';
import type { CanvasNode } from '../flow.js';
import { frameAt, frameBoxes } from './frames.js';

interface GroupDrag {
  /** Blocks that leave their groups where they are dropped. */
  leaving: ReadonlySet<string>;
  /** Blocks that are dragged, and the group that they would be in; null while that would not change. */
  joining: { nodes: readonly string[]; group: string | null } | null;
}

const idle: GroupDrag = { leaving: new Set(), joining: null };

export const useGroupDrag = create<GroupDrag>()(() => idle);

/** Asked at each step of a drag: what a drop here would do. */
export function dragOverFrames(
  { altKey }: { altKey: boolean },
  { id: graspedId }: CanvasNode,
  dragged: readonly CanvasNode[],
  nodes: readonly CanvasNode[],
): void {
  const graph = useProject.getState().document?.graph;
  // As the canvas keeps it, not as the room for unrolled blocks shifts it.
  const grasped = nodes.find(({ id }) => id === graspedId);
  if (graph === undefined || graph.groups.length === 0 || grasped?.type !== 'block') return;
  const index = groupIndex(graph);
  const moved = dragged.flatMap((node) => (node.type === 'block' ? [node.id] : []));
  const own = index.ofNode.get(grasped.id)?.id ?? null;
  const free = altKey || own === null;
  const without = new Set(free ? moved : []);
  const { x, y, width, height } = boxOf(grasped);
  const boxes = frameBoxes(graph, nodes, without);
  const found = frameAt(index, boxes, { x: x + width / 2, y: y + height / 2 })?.id ?? null;
  // Without Alt a block stays inside its group, whose frame stretches; it may go into one within.
  const stays = !free && !chainOf(index, found).some(({ id }) => id === own);
  const joining = stays || found === own ? null : { nodes: moved, group: found };
  const before = useGroupDrag.getState();
  const leaving = altKey ? without : idle.leaving;
  if (before.leaving.size === leaving.size && same(before.joining, joining)) return;
  useGroupDrag.setState({ leaving, joining });
}

const same = (a: GroupDrag['joining'], b: GroupDrag['joining']): boolean =>
  a === b || (a !== null && b !== null && a.group === b.group);

/** What the drop means for groups; ends the drag. */
export function dropIntoGroup(): Edit[] {
  const { joining } = useGroupDrag.getState();
  useGroupDrag.setState(idle);
  const graph = useProject.getState().document?.graph;
  if (joining === null || graph === undefined) return [];
  return moveToGroup(graph, joining.nodes, joining.group);
}
