import type { KeyboardEvent } from 'react';

/** Escape closes what is open and nothing else: the canvas would let go of its selection as well. */
export const onEscape =
  (close: () => void) =>
  (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  };
