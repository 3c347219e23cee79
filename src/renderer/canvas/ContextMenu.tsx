/** What a right click, or the context-menu key, offers for what is under it. */
import { Menu } from '@mantine/core';
import { CommandItems } from '../commands/CommandItems.js';
import { menuClasses } from '../ui/index.js';
import { itemOf, type ItemKind } from './groups/ids.js';
import { useProject, type Selection } from '../stores/project.js';

type MenuOf = ItemKind | 'edges' | 'pane';

export interface ContextMenuRequest {
  of: MenuOf;
  /** In the canvas's pixels. */
  left: number;
  top: number;
}

const clipboard = ['canvas.cut', 'canvas.copy', 'canvas.duplicate', 'canvas.delete'];

const items: Record<MenuOf, readonly string[]> = {
  nodes: [
    'canvas.connect',
    'canvas.unroll',
    'canvas.rename',
    'separator',
    ...clipboard,
    'separator',
    'canvas.group',
    'canvas.take-out',
    'separator',
    'canvas.zoom-selection',
  ],
  groups: [
    'canvas.toggle-group',
    'canvas.rename',
    'separator',
    ...clipboard,
    'separator',
    'canvas.group',
    'canvas.ungroup',
  ],
  comments: ['canvas.rename', 'separator', ...clipboard],
  edges: ['canvas.delete'],
  pane: [
    'canvas.quick-add',
    'canvas.comment',
    'canvas.paste',
    'separator',
    'canvas.select-all',
    'canvas.tidy',
    'canvas.zoom-fit',
    'separator',
    'canvas.collapse-groups',
    'canvas.expand-groups',
  ],
};

/** Selects what the menu is for, unless it is part of what is selected, and says what that is. */
export function selectForMenu(flowNode: string): ItemKind {
  const { kind, id } = itemOf(flowNode);
  const { selection, select } = useProject.getState();
  const chosen: Selection[typeof kind] = selection[kind];
  if (!chosen.includes(id)) select({ [kind]: [id] });
  return kind;
}

export function ContextMenu({
  request: { of, left, top },
  onClose,
}: {
  request: ContextMenuRequest;
  onClose: () => void;
}) {
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      classNames={menuClasses}
      transitionProps={{ duration: 0 }}
      returnFocus
    >
      <Menu.Target>
        <span style={{ position: 'absolute', left, top }} />
      </Menu.Target>
      <Menu.Dropdown aria-label="Canvas menu">
        <CommandItems ids={items[of]} />
      </Menu.Dropdown>
    </Menu>
  );
}
