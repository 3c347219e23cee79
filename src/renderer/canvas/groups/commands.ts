/** Commands of groups and comments, for palette, shortcuts and the canvas's tools. */
import { useEffect } from 'react';
import { registerCommands, type Command } from '../../commands/registry.js';
import { useProject } from '../../stores/project.js';
import type { Point } from '../editing.js';
import {
  collapse,
  groupSelection,
  groupsOfSelection,
  startComment,
  takeOut,
  toggleCollapsed,
  ungroupAll,
  useTyping,
} from './actions.js';

const noGroup = 'Select a group, or a block in one.';

const anyGroup = (): true | string => groupsOfSelection().length > 0 || noGroup;

/** What F2 would give a new name or text. */
function renamed(): { node: string } | { group: string } | { comment: string } | null {
  const { nodes, groups, comments } = useProject.getState().selection;
  if (nodes.length + groups.length + comments.length !== 1) return null;
  const [node, group, comment] = [nodes[0], groups[0], comments[0]];
  if (node !== undefined) return { node };
  if (group !== undefined) return { group };
  return comment === undefined ? null : { comment };
}

const setAll = (collapsed: boolean): void =>
  collapse(useProject.getState().document?.graph.groups.map(({ id }) => id) ?? [], collapsed);

const anyToSet = (collapsed: boolean) => (): true | string =>
  useProject.getState().document?.graph.groups.some((group) => group.collapsed !== collapsed) ===
    true || `No group is ${collapsed ? 'expanded' : 'collapsed'}.`;

const groupCommands: readonly Command[] = [
  {
    id: 'canvas.group',
    title: 'Group the selection',
    group: 'Canvas',
    keywords: 'subgraph frame module',
    shortcuts: ['Mod+G'],
    enabled: () => {
      const { nodes, groups } = useProject.getState().selection;
      return nodes.length + groups.length > 0 || 'Select blocks first.';
    },
    run: groupSelection,
  },
  {
    id: 'canvas.ungroup',
    title: 'Ungroup',
    group: 'Canvas',
    keywords: 'dissolve unpack subgraph',
    shortcuts: ['Mod+Shift+G'],
    enabled: anyGroup,
    run: () => ungroupAll(groupsOfSelection()),
  },
  {
    id: 'canvas.toggle-group',
    title: 'Collapse or expand the group',
    group: 'Canvas',
    keywords: 'fold unfold open close',
    shortcuts: ['E'],
    enabled: anyGroup,
    run: () => toggleCollapsed(groupsOfSelection()),
  },
  {
    id: 'canvas.collapse-groups',
    title: 'Collapse every group',
    group: 'Canvas',
    keywords: 'fold all',
    enabled: anyToSet(true),
    run: () => setAll(true),
  },
  {
    id: 'canvas.expand-groups',
    title: 'Expand every group',
    group: 'Canvas',
    keywords: 'unfold all open',
    enabled: anyToSet(false),
    run: () => setAll(false),
  },
  {
    id: 'canvas.take-out',
    title: 'Take the blocks out of their group',
    group: 'Canvas',
    keywords: 'leave remove',
    enabled: () =>
      (useProject.getState().selection.nodes.length > 0 && groupsOfSelection().length > 0) ||
      'Select blocks of a group.',
    run: takeOut,
  },
  {
    id: 'canvas.rename',
    title: 'Rename, or edit the comment',
    group: 'Canvas',
    keywords: 'name title text note block group',
    shortcuts: ['F2'],
    enabled: () => renamed() !== null || 'Select one block, group or comment.',
    run: () => {
      const what = renamed();
      if (what !== null) useTyping.setState(what);
    },
  },
];

/** @param centre the middle of what the canvas shows: new comments stand there. */
export function useGroupCommands(centre: () => Point): void {
  useEffect(
    () =>
      registerCommands([
        ...groupCommands,
        {
          id: 'canvas.comment',
          title: 'Add a comment',
          group: 'Canvas',
          keywords: 'note text annotate',
          shortcuts: ['Shift+C'],
          run: () => {
            const { x, y } = centre();
            startComment({ x: x - 100, y: y - 36 });
          },
        },
      ]),
    [centre],
  );
}
