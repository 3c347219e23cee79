/** What a person does with groups and comments: each one undo step. */
import { create } from 'zustand';
import type { Graph, GraphComment } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';
import {
  groupIndex,
  groupItems,
  isHidden,
  moveItems,
  moveToGroup,
  setCollapsed,
  standIn,
  ungroup,
} from '#shared/graph/groups';
import { useProject, type Selection } from '../../stores/project.js';
import { addComment, type Point } from '../editing.js';

interface Typing {
  /** The block whose name is being typed. */
  node: string | null;
  /** The group whose name is being typed. */
  group: string | null;
  /** The comment whose text is being typed. */
  comment: string | null;
}

const nothing: Typing = { node: null, group: null, comment: null };

export const useTyping = create<Typing>()(() => nothing);

export const stopTyping = (): void => useTyping.setState(nothing);

const graphOf = (): Graph | null => useProject.getState().document?.graph ?? null;

/** Groups the selected blocks and groups, and selects the new group. */
export function groupSelection(): void {
  const { selection, dispatch, select } = useProject.getState();
  const graph = graphOf();
  const grouped = graph && groupItems(graph, selection);
  if (!grouped) return;
  dispatch(grouped.edits, { label: 'Group' });
  select({ groups: [grouped.id] });
}

/** Selected groups, and those that hold selected blocks themselves. */
function groupsMeant(graph: Graph, { groups, nodes }: Selection): string[] {
  const { ofNode } = groupIndex(graph);
  if (groups.length > 0) return [...groups];
  return [...new Set(nodes.flatMap((node) => ofNode.get(node)?.id ?? []))];
}

/** The groups that a command would work on now. */
export const groupsOfSelection = (): string[] => {
  const graph = graphOf();
  return graph === null ? [] : groupsMeant(graph, useProject.getState().selection);
};

/** Dissolves groups and selects the blocks that were in them. */
export function ungroupAll(ids: readonly string[]): void {
  const { dispatch, select } = useProject.getState();
  const graph = graphOf();
  if (graph === null) return;
  const { byId, inside } = groupIndex(graph);
  const nodes = ids.flatMap((id) => byId.get(id)?.nodes ?? []);
  const groups = ids.flatMap((id) => (inside.get(id) ?? []).map((group) => group.id));
  dispatch(ungroup(graph, ids), { label: ids.length === 1 ? 'Ungroup' : 'Ungroup all' });
  select({ nodes, groups: groups.filter((id) => !ids.includes(id)) });
}

/** Collapses or expands groups; what is selected inside makes room for the groups themselves. */
export function collapse(ids: readonly string[], collapsed: boolean): void {
  const { dispatch, select } = useProject.getState();
  const graph = graphOf();
  if (graph === null || ids.length === 0) return;
  const what = ids.length === 1 ? 'group' : 'groups';
  dispatch(setCollapsed(graph, ids, collapsed), {
    label: `${collapsed ? 'Collapse' : 'Expand'} ${what}`,
  });
  select({ groups: ids.filter((id) => isShown(id)) });
}

const isShown = (id: string): boolean => {
  const graph = graphOf();
  const group = graph && groupIndex(graph).byId.get(id);
  return !!graph && !!group && !isHidden(groupIndex(graph), group);
};

/** Collapses them if one is open, else expands them. */
export function toggleCollapsed(ids: readonly string[]): void {
  const graph = graphOf();
  if (graph === null) return;
  const { byId } = groupIndex(graph);
  collapse(
    ids,
    ids.some((id) => byId.get(id)?.collapsed === false),
  );
}

/** @param merge names the typing that becomes one undo step. */
export function renameGroup(id: string, name: string, merge?: string): void {
  const graph = graphOf();
  const group = graph && groupIndex(graph).byId.get(id);
  if (!group || name.trim() === '' || name === group.name) return;
  const label = 'Rename group';
  useProject
    .getState()
    .dispatch(
      [{ type: 'set-group', group: { ...group, name } }],
      merge === undefined ? { label } : { label, merge },
    );
}

/** Takes the selected blocks out of their groups, into the one around those. */
export function takeOut(): void {
  const { selection, dispatch } = useProject.getState();
  const graph = graphOf();
  if (graph === null) return;
  const { ofNode } = groupIndex(graph);
  const [first] = selection.nodes;
  const around = first === undefined ? null : (ofNode.get(first)?.parent ?? null);
  dispatch(moveToGroup(graph, selection.nodes, around), { label: 'Take out of the group' });
}

/** Adds an empty comment, ready to be typed into. */
export function startComment(at: Point): void {
  const { document, dispatch, select } = useProject.getState();
  if (document === null) return;
  const { edits, id } = addComment(document, at);
  dispatch(edits, { label: 'Add comment' });
  select({ comments: [id] });
  useTyping.setState({ comment: id });
}

/** @param merge Changes with the same key, one right after the other, become one undo step. */
export function changeComment(
  id: string,
  change: Partial<Omit<GraphComment, 'id'>>,
  label: string,
  merge?: string,
): void {
  const comment = graphOf()?.comments.find((one) => one.id === id);
  if (comment === undefined) return;
  useProject.getState().dispatch([{ type: 'set-comment', comment: { ...comment, ...change } }], {
    label,
    ...(merge === undefined ? {} : { merge }),
  });
}

/** Everything that the canvas shows; an expanded group is selected with its blocks. */
export function selectEverything(): void {
  const graph = graphOf();
  if (graph === null) return;
  const index = groupIndex(graph);
  useProject.getState().select({
    nodes: graph.nodes.flatMap(({ id }) => (standIn(index, id) === null ? [id] : [])),
    groups: graph.groups.flatMap((group) =>
      group.collapsed && !isHidden(index, group) ? [group.id] : [],
    ),
    comments: graph.comments.map(({ id }) => id),
  });
}

/** The edits that move what is selected, groups with all that they hold. */
export function moveSelection(graph: Graph, selection: Selection, by: Point): Edit[] {
  const chosen = new Set(selection.comments);
  return [
    ...moveItems(graph, selection, by),
    ...graph.comments.flatMap((comment): Edit[] => {
      const position = { x: comment.position.x + by.x, y: comment.position.y + by.y };
      return chosen.has(comment.id)
        ? [{ type: 'set-comment', comment: { ...comment, position } }]
        : [];
    }),
  ];
}
