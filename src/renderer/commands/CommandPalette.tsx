/** Ctrl/Cmd-K: every command, block, example, project and run, found by a few letters. */
import { Modal } from '@mantine/core';
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { reportError, useStudio } from '../stores/studio.js';
import { Icon, useFocusBack } from '../ui/index.js';
import styles from './commands.module.css';
import { fuzzyScore } from './fuzzy.js';
import { takeHeldKeys, type HeldKeys } from './heldKeys.js';
import { KeyCaps } from './KeyCaps.js';
import { loadPlaces, type Places } from './places.js';
import { readRecent, remember } from './recent.js';
import { keysOf, runCommand, useCommands, type Command } from './registry.js';
import { useOptions, type Options } from './useOptions.js';

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

/** @param onStand told what was typed before the field was there. */
function SearchField({
  field,
  onStand,
}: {
  field: Options<Shown>['field'];
  onStand: (keys: HeldKeys) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const stand = useEffectEvent(onStand);
  useLayoutEffect(() => {
    input.current?.focus();
    stand(takeHeldKeys());
  }, []);
  return (
    <input
      ref={input}
      data-autofocus
      {...field}
      aria-label="Search commands, blocks, examples, projects and runs"
      placeholder="Search commands, blocks, examples, projects, runs"
    />
  );
}

export default function CommandPalette() {
  const setOverlay = useStudio((state) => state.setOverlay);
  const registered = useCommands();
  const [places, setPlaces] = useState<Places>({ commands: [], failed: null });
  const [recent] = useState(readRecent);
  useEffect(() => {
    let wanted = true;
    void loadPlaces().then((loaded) => {
      if (wanted) setPlaces(loaded);
    });
    return () => {
      wanted = false;
    };
  }, []);
  const find = useCallback(
    (query: string) => search([...registered, ...places.commands], query, recent),
    [registered, places, recent],
  );
  useFocusBack();
  const close = (): void => setOverlay(null);
  const choose = ({ command }: Shown): void => {
    if ((command.enabled?.() ?? true) !== true) return;
    remember(command.id);
    close();
    // After the dialog has given the focus back.
    setTimeout(() => runCommand(command, reportError));
  };
  const { query, setQuery, shown, field, list, option } = useOptions(find, choose);
  const begin = ({ text, entered }: HeldKeys): void => {
    setQuery(text);
    const [first] = find(text);
    if (entered && first !== undefined) choose(first);
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
            <SearchField field={field} onStand={begin} />
          </div>
          {/* Options are no tab stops: the field keeps the focus and moves through them with the arrow keys. */}
          <div {...list} aria-label="Results" className={styles.results}>
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
                    {...option(index)}
                    aria-disabled={possible !== true}
                    className={styles.result}
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
