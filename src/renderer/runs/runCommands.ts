/** What can be done with the list of runs from everywhere in its view, and its keys for the sheet. */
import { useEffect, useRef } from 'react';
import {
  registerCommands,
  registerKeyHints,
  type Command,
  type KeyHint,
} from '../commands/registry.js';

export interface RunListActions {
  /** The runs that a command is about now. */
  meant: () => readonly string[];
  selectAll: () => void;
  remove: () => Promise<void>;
}

const group = 'Runs';
const hint = (title: string, ...keys: string[]): KeyHint => ({ title, group, keys });
const hints: readonly KeyHint[] = [
  hint('Go to another run', '↑ ↓'),
  hint('Open it', 'Enter'),
  hint('Select it', 'Space'),
  hint('Select several', 'Shift+↑ ↓'),
  hint('Select none', 'Escape'),
  hint('Edit its tags', 'T'),
  hint('Edit its note', 'N'),
];

/** While the list is on screen. */
export function useRunCommands(actions: RunListActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const some = (): true | string => latest.current.meant().length > 0 || 'No run is selected.';
    const commands: Command[] = [
      {
        id: 'runs.select-all',
        title: 'Select all runs',
        group,
        shortcuts: ['Mod+A'],
        run: () => latest.current.selectAll(),
      },
      {
        id: 'runs.delete',
        title: 'Delete the selected runs',
        group,
        keywords: 'remove trash',
        shortcuts: ['Delete', 'Backspace'],
        enabled: some,
        run: () => latest.current.remove(),
      },
    ];
    const stop = [registerCommands(commands), registerKeyHints(hints)];
    return () => stop.forEach((one) => one());
  }, []);
}
