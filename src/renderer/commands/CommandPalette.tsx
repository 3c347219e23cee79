/** Ctrl/Cmd-K: every command, block, example, project and run, found by a few letters. */
import { Modal } from '@mantine/core';
import { useEffect, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { reportError, useStudio } from '../stores/studio.js';
import { Icon } from '../ui/index.js';
import styles from './commands.module.css';
import { fuzzyScore } from './fuzzy.js';
import { KeyCaps } from './KeyCaps.js';
import { loadPlaces, type Places } from './places.js';
import { readRecent, remember } from './recent.js';
import { keysOf, runCommand, useCommands, type Command } from './registry.js';

/** More than anyone reads; a longer query finds the rest. */
const limit = 60;

interface Shown {
  command: Command;
  heading: string | null;
}

function search(commands: readonly Command[], query: string, recent: readonly string[]): Shown[] {
  if (query.trim() !== '')
    return commands
      .map((command) => ({
        command,
        score: fuzzyScore(query, command.title, `${command.group} ${command.keywords ?? ''}`),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ command }) => ({ command, heading: null }));
  const recently = recent.flatMap((id) => commands.find((command) => command.id === id) ?? []);
  const rest = commands.filter((command) => !recently.includes(command));
  const titled = (list: readonly Command[], title: (command: Command) => string): Shown[] =>
    list.map((command, index) => {
      const before = list[index - 1];
      const heading = title(command);
      return {
        command,
        heading: before !== undefined && title(before) === heading ? null : heading,
      };
    });
  return [...titled(recently, () => 'Recent'), ...titled(rest, (command) => command.group)].slice(
    0,
    limit,
  );
}

export default function CommandPalette() {
  const setOverlay = useStudio((state) => state.setOverlay);
  const registered = useCommands();
  const [places, setPlaces] = useState<Places>({ commands: [], failed: null });
  const [recent] = useState(readRecent);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  useEffect(() => {
    let wanted = true;
    void loadPlaces().then((loaded) => {
      if (wanted) setPlaces(loaded);
    });
    return () => {
      wanted = false;
    };
  }, []);
  const shown = useMemo(
    () => search([...registered, ...places.commands], query, recent),
    [registered, places, query, recent],
  );
  const optionId = (index: number): string => `${listId}-${index}`;
  const current = Math.min(active, shown.length - 1);

  const close = (): void => setOverlay(null);
  const choose = (command: Command): void => {
    if ((command.enabled?.() ?? true) !== true) return;
    remember(command.id);
    close();
    // After the dialog has given the focus back.
    setTimeout(() => runCommand(command, reportError));
  };
  const go = (index: number): void => {
    if (shown.length === 0) return;
    const next = (index + shown.length) % shown.length;
    setActive(next);
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      go(
        Math.abs(step) === 1
          ? current + step
          : Math.max(0, Math.min(shown.length - 1, current + step)),
      );
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = shown[current];
      if (chosen !== undefined) choose(chosen.command);
    }
  };
  return (
    <Modal.Root
      opened
      onClose={close}
      classNames={{ content: styles.palette ?? '', body: styles.paletteBody ?? '' }}
      transitionProps={{ duration: 0 }}
      yOffset="12vh"
      size={640}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Command palette">
        <Modal.Body>
          <div className={styles.search}>
            <Icon name="search" />
            <input
              data-autofocus
              role="combobox"
              aria-label="Search commands, blocks, examples, projects and runs"
              aria-expanded="true"
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={current < 0 ? undefined : optionId(current)}
              placeholder="Search commands, blocks, examples, projects, runs"
              spellCheck={false}
              value={query}
              onChange={(event) => {
                setQuery(event.currentTarget.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          {/* Options are no tab stops: the field keeps the focus and moves through them with the arrow keys. */}
          <div id={listId} role="listbox" aria-label="Results" className={styles.results}>
            {shown.map(({ command, heading }, index) => {
              const possible = command.enabled?.() ?? true;
              const [shortcut] = keysOf(command);
              return (
                <div key={command.id} role="presentation">
                  {heading !== null && (
                    <div role="presentation" className={styles.heading}>
                      {heading}
                    </div>
                  )}
                  <div
                    id={optionId(index)}
                    role="option"
                    aria-selected={index === current}
                    aria-disabled={possible !== true}
                    className={styles.result}
                    onMouseMove={() => setActive(index)}
                    onClick={() => choose(command)}
                  >
                    <span className={styles.resultTitle}>{command.title}</span>
                    {possible !== true && <span className={styles.reason}>{possible}</span>}
                    {possible === true && command.checked?.() === true && (
                      <span className={styles.reason}>
                        <Icon name="check" size={12} />
                        <span className="visually-hidden">chosen</span>
                      </span>
                    )}
                    <span className={styles.space} />
                    {query.trim() !== '' && <span className={styles.group}>{command.group}</span>}
                    {shortcut !== undefined && <KeyCaps shortcut={shortcut} />}
                  </div>
                </div>
              );
            })}
          </div>
          <p className={styles.foot} role="status">
            {shown.length === 0
              ? `Nothing matches “${query}”.`
              : (places.failed ?? '↑ ↓ to move, Enter to choose, Esc to close')}
          </p>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
