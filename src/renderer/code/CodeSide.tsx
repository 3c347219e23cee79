import { lazy, Suspense, useRef } from 'react';
import { useCode } from '../stores/code.js';
import styles from './codeSide.module.css';

const CodePanel = lazy(() => import('./CodePanel.js'));

/** Narrower shows no line of code. */
const smallest = 240;
/** One press of an arrow key. */
const step = 24;

/** The Code panel's place beside the canvas, while it is open. */
export function CodeSide() {
  const open = useCode((state) => state.open);
  const width = useCode((state) => state.width);
  const side = useRef<HTMLElement>(null);
  if (!open) return null;
  return (
    <aside
      ref={side}
      className={styles.side}
      aria-label="Code"
      style={width === null ? {} : { flexBasis: width }}
    >
      <Divider width={() => side.current?.getBoundingClientRect().width ?? smallest} />
      <Suspense fallback={null}>
        <CodePanel />
      </Suspense>
    </aside>
  );
}

/** Drag it, move it with the arrow keys, or double-click for half and half. */
function Divider({ width }: { width: () => number }) {
  const shown = useCode((state) => state.width);
  const setWidth = useCode((state) => state.setWidth);
  const grab = useRef<{ x: number; width: number } | null>(null);
  const resize = (next: number): void => setWidth(Math.max(smallest, Math.round(next)));
  const release = (): void => {
    grab.current = null;
  };
  return (
    <div
      className={styles.divider}
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the code"
      aria-valuemin={smallest}
      aria-valuenow={shown ?? undefined}
      aria-valuetext={shown === null ? 'half' : `${shown} pixels`}
      tabIndex={0}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grab.current = { x: event.clientX, width: width() };
      }}
      onPointerMove={(event) => {
        const from = grab.current;
        if (from !== null) resize(from.width + from.x - event.clientX);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onDoubleClick={() => setWidth(null)}
      onKeyDown={(event) => {
        const direction = event.key === 'ArrowLeft' ? 1 : event.key === 'ArrowRight' ? -1 : 0;
        if (direction === 0) return;
        // The canvas would move its selected blocks.
        event.preventDefault();
        resize(width() + direction * step);
      }}
    />
  );
}
