import { keyCaps } from './keys.js';
import styles from './commands.module.css';

/** A shortcut as keys: `Ctrl` `Shift` `Z`. */
export function KeyCaps({ shortcut }: { shortcut: string }) {
  return (
    <span className={styles.keys}>
      {keyCaps(shortcut).map((key) => (
        <kbd key={key} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
