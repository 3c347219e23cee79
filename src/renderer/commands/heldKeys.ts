/**
 * What is typed from Ctrl/Cmd-K on until the palette's field stands, which takes a moment. Without this the
 * first letters of a fast typist would be taken for shortcuts of the page behind.
 */
export interface HeldKeys {
  text: string;
  /** Enter was pressed behind the text. */
  entered: boolean;
}

let held: HeldKeys | null = null;
let cancel = (): void => {};

function hold(event: KeyboardEvent): void {
  if (held === null || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Escape') {
    takeHeldKeys();
    cancel();
  } else if (event.key === 'Enter') held.entered = true;
  else if (event.key === 'Backspace') held.text = held.text.slice(0, -1);
  else if (event.key.length === 1 && !held.entered) held.text += event.key;
}

/** @param onEscape told where Escape is pressed before anyone took the keys. */
export function holdKeys(onEscape: () => void): void {
  held = { text: '', entered: false };
  cancel = onEscape;
  window.addEventListener('keydown', hold, { capture: true });
}

/** The keys go where the focus is again. */
export function takeHeldKeys(): HeldKeys {
  window.removeEventListener('keydown', hold, { capture: true });
  const keys = held ?? { text: '', entered: false };
  held = null;
  return keys;
}
