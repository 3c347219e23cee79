/** `?`: every key of the studio, from the registry. */
import { useStudio } from '../stores/studio.js';
import { Dialog } from '../ui/index.js';
import styles from './commands.module.css';
import { KeyCaps } from './KeyCaps.js';
import { keysOf, useCommands, useKeyHints } from './registry.js';

interface Row {
  title: string;
  keys: readonly string[];
}

export default function ShortcutSheet() {
  const setOverlay = useStudio((state) => state.setOverlay);
  const commands = useCommands();
  const hints = useKeyHints();
  const groups = new Map<string, Row[]>();
  const put = (group: string, row: Row): void => {
    if (row.keys.length > 0) groups.set(group, [...(groups.get(group) ?? []), row]);
  };
  for (const command of commands)
    put(command.group, { title: command.title, keys: keysOf(command) });
  for (const { group, title, keys } of hints) put(group, { title, keys });
  return (
    <Dialog onClose={() => setOverlay(null)} title="Keyboard shortcuts" size={760}>
      <div className={styles.sheet}>
        {[...groups].map(([group, rows]) => (
          <section key={group} className={styles.sheetGroup}>
            <h3>{group}</h3>
            <dl>
              {rows.map(({ title, keys }) => (
                <div key={title} className={styles.sheetRow}>
                  <dt>{title.replace(/…$/, '')}</dt>
                  <dd>
                    {keys.map((shortcut, index) => (
                      <span key={shortcut}>
                        {index > 0 && <span className={styles.or}>or</span>}
                        <KeyCaps shortcut={shortcut} />
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
