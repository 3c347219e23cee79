/** The menus of a window without native ones: File, Edit, View, Run, Help, from the registry. */
import { Menu } from '@mantine/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import { menus, menuTitles, runViewMenu, type MenuTitle } from '#shared/menus';
import { CommandItems } from '../commands/CommandItems.js';
import { findCommand } from '../commands/registry.js';
import { menuClasses } from '../ui/index.js';
import styles from './shell.module.css';

const entries = (title: MenuTitle): readonly string[] =>
  title === 'View' && runViewMenu.some((id) => findCommand(id) !== undefined)
    ? [...menus.View, 'separator', ...runViewMenu]
    : menus[title];

/** Arrow keys move between the menus; while one is open, so does the pointer. */
export function MenuBar() {
  const [opened, setOpened] = useState<MenuTitle | null>(null);
  const [focused, setFocused] = useState<MenuTitle>('File');
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const count = menuTitles.length;
    const next = menuTitles[(menuTitles.indexOf(opened ?? focused) + step + count) % count];
    if (next === undefined) return;
    setFocused(next);
    if (opened !== null) setOpened(next);
    else bar.current?.querySelector<HTMLElement>(`[data-menu="${next}"]`)?.focus();
  };
  return (
    <div
      ref={bar}
      role="menubar"
      aria-label="Menus"
      className={styles.menuBar}
      onKeyDown={onKeyDown}
    >
      {menuTitles.map((title) => (
        <Menu
          key={title}
          opened={opened === title}
          onChange={(open) => setOpened((now) => (open ? title : now === title ? null : now))}
          position="bottom-start"
          classNames={menuClasses}
          transitionProps={{ duration: 0 }}
          offset={2}
        >
          <Menu.Target>
            <button
              type="button"
              role="menuitem"
              data-menu={title}
              className={styles.menuTitleButton}
              tabIndex={title === focused ? 0 : -1}
              onFocus={() => setFocused(title)}
              onMouseEnter={() => {
                if (opened !== null) setOpened(title);
              }}
            >
              {title}
            </button>
          </Menu.Target>
          <Menu.Dropdown>{opened === title && <CommandItems ids={entries(title)} />}</Menu.Dropdown>
        </Menu>
      ))}
    </div>
  );
}
