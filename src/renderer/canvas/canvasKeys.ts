/** The canvas's keys that are no commands: arrows, Escape, and the clipboard, where blocks travel as text. */
import { useEffect } from 'react';
import { isTyping } from '../commands/keys.js';
import { useProject } from '../stores/project.js';
import { reportError } from '../stores/studio.js';
import { copySelection, nudge, pasteOrThrow, removeSelection } from './actions.js';
import { useConnecting } from './connecting.js';
import type { Point } from './editing.js';
import { flowIdsOf } from './groups/ids.js';

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** @param pointer where the pointer is over the canvas, in the flow's pixels; null where it is elsewhere. */
export function useCanvasKeys(pointer: () => Point | null): void {
  useEffect(() => {
    const elsewhere = (event: Event): boolean =>
      isTyping(event.target) || document.querySelector('[role="dialog"]') !== null;
    const onKeyDown = (event: KeyboardEvent): void => {
      // React Flow takes the arrow keys of a block that has the focus.
      if (elsewhere(event) || event.altKey || event.defaultPrevented) return;
      const { selection, select } = useProject.getState();
      const arrow = arrows[event.key];
      if (arrow !== undefined && flowIdsOf(selection).length > 0) {
        event.preventDefault();
        nudge(arrow, event.shiftKey);
      } else if (event.key === 'Escape') {
        useConnecting.setState({ refused: null });
        select({});
      }
    };
    const onCopy = (event: ClipboardEvent): void => {
      // Marked text on the page is what the person wants to copy.
      if (elsewhere(event) || getSelection()?.isCollapsed === false) return;
      const text = copySelection();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') removeSelection();
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (elsewhere(event)) return;
      event.preventDefault();
      try {
        pasteOrThrow(event.clipboardData?.getData('text/plain') ?? '', pointer());
      } catch (error) {
        reportError(error);
      }
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('copy', onCopy);
    window.addEventListener('cut', onCopy);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('copy', onCopy);
      window.removeEventListener('cut', onCopy);
      window.removeEventListener('paste', onPaste);
    };
  }, [pointer]);
}
