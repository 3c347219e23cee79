/**
 * Everything a person can tell the studio to do, in one list: palette, menus, shortcuts and the sheet of
 * shortcuts are made from it. A module registers its commands when it is loaded or mounted.
 */
import { useSyncExternalStore } from 'react';
import { menuCommands, type MenuCommand, type MenuCommandId } from '#shared/menus';
import { isTyping, matches } from './keys.js';

export type CommandGroup = 'File' | 'Edit' | 'View' | 'Run' | 'Canvas' | 'Help' | (string & {});

export interface Command {
  /** Unique, dotted: `canvas.tidy`. */
  readonly id: string;
  readonly title: string;
  readonly group: CommandGroup;
  /** Further words that the palette finds it by. */
  readonly keywords?: string;
  /** The first is shown; each works. */
  readonly shortcuts?: readonly string[];
  /** Keys that are heard where they work, as the clipboard's: shown only. */
  readonly ownKeys?: readonly string[];
  /** The keys also work while text is typed. */
  readonly whileTyping?: boolean;
  /** The keys also work in a dialog. */
  readonly inDialogs?: boolean;
  /** For one of several choices: whether it holds now. */
  readonly checked?: () => boolean;
  /** True, or the reason why it can't be done now. */
  readonly enabled?: () => true | string;
  /** Errors are shown to the person. */
  readonly run: () => void | Promise<void>;
}

/** What a command does, apart from how it is called. */
export type Doing = Omit<Command, 'id' | 'title' | 'group' | 'shortcuts'>;

/** A command of the menus: its title and keys stand in shared/menus, which Electron reads too. */
export function menuCommand(id: MenuCommandId, group: CommandGroup, doing: Doing): Command {
  const { title, shortcuts = [] }: MenuCommand = menuCommands[id];
  return { id, title, group, shortcuts, ...doing };
}

/** The keys that a person is told; the first is shown in menus. */
export const keysOf = ({ shortcuts = [], ownKeys = [] }: Command): readonly string[] => [
  ...shortcuts,
  ...ownKeys,
];

/** Keys or gestures that are handled where they work (arrow keys, the clipboard), for the sheet. */
export interface KeyHint {
  readonly title: string;
  readonly group: CommandGroup;
  /** Written like shortcuts, or in words: `drag`. */
  readonly keys: readonly string[];
}

let commands: readonly Command[] = [];
let hints: readonly KeyHint[] = [];
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of [...listeners]) listener();
}

/** Adds commands; one with the id of an earlier one takes its place. Returns what removes them again. */
export function registerCommands(added: readonly Command[]): () => void {
  const ids = new Set(added.map(({ id }) => id));
  commands = [...commands.filter(({ id }) => !ids.has(id)), ...added];
  changed();
  return () => {
    commands = commands.filter((command) => !added.includes(command));
    changed();
  };
}

export function registerKeyHints(added: readonly KeyHint[]): () => void {
  hints = [...hints, ...added];
  changed();
  return () => {
    hints = hints.filter((hint) => !added.includes(hint));
    changed();
  };
}

export const findCommand = (id: string): Command | undefined =>
  commands.find((command) => command.id === id);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const useCommands = (): readonly Command[] =>
  useSyncExternalStore(subscribe, () => commands);
export const useKeyHints = (): readonly KeyHint[] => useSyncExternalStore(subscribe, () => hints);

export const isEnabled = (command: Command): boolean => (command.enabled?.() ?? true) === true;

/** Runs a command that is enabled; `onError` is told what it throws, now or later. */
export function runCommand(command: Command, onError: (thrown: unknown) => void): void {
  if (!isEnabled(command)) return;
  try {
    Promise.resolve(command.run()).catch(onError);
  } catch (thrown) {
    onError(thrown);
  }
}

/** The one place where keys become commands. Returns what stops it. */
export function listenForShortcuts(onError: (thrown: unknown) => void): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commands.find((one) =>
      one.shortcuts?.some((shortcut) => matches(shortcut, event)),
    );
    if (command === undefined) return;
    if (command.whileTyping !== true && isTyping(event.target)) return;
    const inDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
    if (command.inDialogs !== true && inDialog) return;
    // The browser's own meaning of the key would surprise where ours is only not possible now.
    event.preventDefault();
    runCommand(command, onError);
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}
