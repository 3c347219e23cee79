/** Which rows of a long list stand in the document: those in view and some on either side. */
import { useLayoutEffect, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

export interface RowWindow {
  /** Index of the first row. */
  first: number;
  /** Index behind the last one. */
  end: number;
  /** Of one row, in CSS pixels. */
  height: number;
}

/** Rows that are drawn beyond either edge of the view, so that slow scrolling never waits for one. */
const margin = 8;
/** The window moves by so many rows at once. */
const stride = 5;

/**
 * Follows how far a list is scrolled. All of its rows, `tr[data-run]`, are as high as each other.
 * @param scroller what scrolls; its table's head stands still.
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>): RowWindow {
  const [window, setWindow] = useState<RowWindow>({ first: 0, end: 40, height: 30 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const look = (): void => {
      const row = box.querySelector('tr[data-run]')?.getBoundingClientRect();
      setWindow((old) => {
        const height = row === undefined || row.height === 0 ? old.height : row.height;
        const top = Math.floor(box.scrollTop / height / stride);
        const bottom = Math.ceil((box.scrollTop + box.clientHeight) / height / stride);
        const first = Math.max(0, stride * top - margin);
        const end = stride * bottom + margin;
        const same = old.first === first && old.end === end && old.height === height;
        return same ? old : { first, end, height };
      });
    };
    // In the frame that shows the new place, not in the one after it.
    const onScroll = (): void => flushSync(look);
    box.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => {
      box.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [scroller]);
  return window;
}

/** Rows that are drawn, and the heights of the gaps before each and behind the last, in rows. */
export interface Drawn {
  rows: { index: number; gap: number }[];
  after: number;
}

/** @param also the index of a row that is drawn wherever it is: it has the focus. */
export function drawnRows({ first, end }: RowWindow, count: number, also: number): Drawn {
  const from = Math.min(first, Math.max(0, count - (end - first)));
  const indices = Array.from({ length: Math.min(end, count) - from }, (_, at) => from + at);
  if (also >= 0 && also < from) indices.unshift(also);
  if (also >= end && also < count) indices.push(also);
  let next = 0;
  const rows = indices.map((index) => {
    const gap = index - next;
    next = index + 1;
    return { index, gap };
  });
  return { rows, after: count - next };
}
