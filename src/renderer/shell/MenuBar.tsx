/** The menus of a window without native ones: File, Edit, View, Run, Help, from the registry. */
import { Menu } from '@mantine/core';
import { useRef, useState, type KeyboardEvent } from 'react';
import { isMenuCommand, menus, menuTitles, type MenuTitle } from '#shared/menus';
import { KeyCaps } from '../commands/KeyCaps.js';
import { findCommand, runCommand } from '../commands/registry.js';
import { reportError } from '../stores/studio.js';
import { Icon } from '../ui/index.js';
import { menuClasses } from './menu.js';
import styles from './shell.module.css';

function Entries({ title }: { title: MenuTitle }) {
  return menus[title].map((id, index) => {
    const command = isMenuCommand(id) ? findCommand(id) : undefined;
    if (command === undefined) return <Menu.Divider key={index} />;
    const possible = command.enabled?.() ?? true;
    const checked = command.checked?.();
    const [shortcut] = command.shortcuts ?? [];
    return (
      <Menu.Item
        key={id}
        {...(checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': checked })}
        disabled={possible !== true}
        title={possible === true ? undefined : possible}
        leftSection={
          <span className={styles.menuMark}>
            {checked === true && <Icon name="check" size={12} />}
          </span>
        }
        rightSection={shortcut === undefined ? null : <KeyCaps shortcut={shortcut} />}
        onClick={() => runCommand(command, reportError)}
      >
        {command.title}
      </Menu.Item>
    );
  });
}

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
          <Menu.Dropdown className={styles.menuItems}>
            {opened === title && <Entries title={title} />}
          </Menu.Dropdown>
        </Menu>
      ))}
    </div>
  );
}
