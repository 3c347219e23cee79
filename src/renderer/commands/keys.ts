/** Keyboard shortcuts as text: `Mod+Shift+Z`, `?`, `Delete`. `Mod` is Ctrl, or ⌘ on a Mac. */

const isMac = /mac/i.test(globalThis.navigator?.platform ?? '');

/** `Ctrl` or `⌘`, as the keyboard says it. */
export const modifierName = isMac ? '⌘' : 'Ctrl';

/** True where keys belong to the text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(radio|checkbox|range)$/.test(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'
>;

/** Shift turns a digit into a sign, and Alt a letter on a Mac: then the key itself counts. */
const isKey = (key: string, { key: typed, code, shiftKey, altKey }: KeyPress): boolean =>
  typed.toLowerCase() === key ||
  (shiftKey && code === `Digit${key}`) ||
  (altKey && code === `Key${key.toUpperCase()}`);

/** Whether a key press is the shortcut. Signs such as `?` are taken with the Shift that they need. */
export function matches(shortcut: string, press: KeyPress): boolean {
  const parts = shortcut.split('+');
  const key = (parts.at(-1) ?? '').toLowerCase();
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const sign = key.length === 1 && !/[a-z0-9]/.test(key);
  return (
    isKey(key, press) &&
    (press.ctrlKey || press.metaKey) === wants('Mod') &&
    press.altKey === wants('Alt') &&
    (sign || press.shiftKey === wants('Shift'))
  );
}

const keyNames: Readonly<Record<string, string>> = {
  Mod: modifierName,
  ...(isMac ? { Shift: '⇧', Alt: '⌥', Enter: '↩', Delete: '⌫' } : {}),
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The keys one by one, as this machine's keyboard names them: `Ctrl`, `Shift`, `Z`. */
export const keyCaps = (shortcut: string): string[] =>
  shortcut.split('+').map((key) => keyNames[key] ?? key);

/** `Ctrl Shift Z`. */
export const shortcutText = (shortcut: string): string => keyCaps(shortcut).join(' ');
