import { useEffect } from 'react';
import { useProject } from '../stores/project.js';

/** `Ctrl` or `⌘`, as the keyboard says it. */
export const modifierName = /mac/i.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';

/** True where keys belong to the text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(radio|checkbox|range)$/.test(target.type);
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Keys that work in every view. Those of the canvas live with the canvas. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const { undo, redo, save } = useProject.getState();
      if (key === 's' && !event.shiftKey) {
        event.preventDefault();
        // A failure shows in the banner.
        save().catch(() => {});
      } else if (isTyping(event.target)) {
        return;
      } else if (key === 'z') {
        event.preventDefault();
        if (event.shiftKey) redo();
        else undo();
      } else if (key === 'y' && !event.shiftKey) {
        event.preventDefault();
        redo();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
