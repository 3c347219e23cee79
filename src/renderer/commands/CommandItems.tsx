import { Menu } from '@mantine/core';
import { reportError } from '../stores/studio.js';
import { Icon } from '../ui/index.js';
import styles from './commands.module.css';
import { KeyCaps } from './KeyCaps.js';
import { findCommand, keysOf, runCommand } from './registry.js';

/** What stands in a menu: commands by id with their keys, as they are when it opens, and separators. */
export function CommandItems({ ids }: { ids: readonly string[] }) {
  return ids.map((id, index) => {
    if (id === 'separator') return <Menu.Divider key={index} />;
    const command = findCommand(id);
    if (command === undefined) return null;
    const possible = command.enabled?.() ?? true;
    const checked = command.checked?.();
    const [shortcut] = keysOf(command);
    return (
      <Menu.Item
        key={id}
        {...(checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': checked })}
        disabled={possible !== true}
        title={possible === true ? undefined : possible}
        leftSection={
          <span className={styles.mark}>{checked === true && <Icon name="check" size={12} />}</span>
        }
        rightSection={
          shortcut === undefined ? null : (
            <span className={styles.menuKeys}>
              <KeyCaps shortcut={shortcut} />
            </span>
          )
        }
        onClick={() => runCommand(command, reportError)}
      >
        {command.title}
      </Menu.Item>
    );
  });
}
