/** What can be done with the list of runs from everywhere in its view, and its keys for the sheet. */
import { useEffect, useRef } from 'react';
import {
  registerCommands,
  registerKeyHints,
  type Command,
  type KeyHint,
} from '../commands/registry.js';

export interface RunListActions {
  /** The runs that are deleted now. */
  meant: () => readonly string[];
  selected: () => readonly string[];
  selectAll: () => void;
  remove: () => Promise<void>;
  compare: () => void;
  save: () => void;
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
      {
        id: 'runs.compare',
        title: 'Compare the selected runs',
        group,
        keywords: 'side by side difference',
        enabled: () => latest.current.selected().length > 1 || 'Select two runs or more.',
        run: () => latest.current.compare(),
      },
      {
        id: 'runs.save-csv',
        title: 'Save the list of runs as CSV',
        group,
        keywords: 'export download table spreadsheet',
        run: () => latest.current.save(),
      },
    ];
    const stop = [registerCommands(commands), registerKeyHints(hints)];
    return () => stop.forEach((one) => one());
  }, []);
}
