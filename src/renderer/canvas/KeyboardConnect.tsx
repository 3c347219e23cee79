import { useEffect } from 'react';
import { Button } from '../ui/index.js';
import styles from './canvas.module.css';
import {
  beginOrNext,
  endKeyboardConnect,
  nextTarget,
  portName,
  useKeyboardConnect,
} from './keyboardConnect.js';

/** Says which ports the connection would join while it is made with the keyboard. */
export function KeyboardConnect() {
  const state = useKeyboardConnect();
  const active = state.starts !== null;
  useEffect(() => {
    if (!active) return;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowRight: () => nextTarget(1),
      ArrowDown: () => nextTarget(1),
      ArrowLeft: () => nextTarget(-1),
      ArrowUp: () => nextTarget(-1),
      Enter: () => endKeyboardConnect(true),
      Escape: () => endKeyboardConnect(false),
      Tab: () => endKeyboardConnect(false),
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = actions[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      // The block that has the focus would move, or be chosen.
      event.preventDefault();
      event.stopPropagation();
      action();
    };
    const cancel = (): void => endKeyboardConnect(false);
    window.addEventListener('keydown', onKeyDown, { capture: true });
    window.addEventListener('pointerdown', cancel);
    return () => {
      window.removeEventListener('keydown', onKeyDown, { capture: true });
      window.removeEventListener('pointerdown', cancel);
    };
  }, [active]);
  useEffect(() => () => endKeyboardConnect(false), []);
  if (state.starts === null) return null;
  const start = state.starts[state.start];
  const target = state.targets[state.target];
  if (start === undefined) return null;
  return (
    <div className={styles.keyboardConnect} onPointerDown={(event) => event.stopPropagation()}>
      <p role="status">
        Connect <b>{portName(start)}</b>{' '}
        {target === undefined ? (
          'to nothing: no free port takes it.'
        ) : (
          <>
            {start.side === 'source' ? 'to' : 'from'} <b>{portName(target)}</b>, {state.target + 1}{' '}
            of {state.targets.length}
          </>
        )}
      </p>
      <span className={styles.keys}>
        {state.starts.length > 1 && (
          <Button size="small" variant="quiet" onClick={() => beginOrNext(start.node)}>
            Next port (C)
          </Button>
        )}
        <span>Arrow keys choose, Enter connects, Esc cancels</span>
      </span>
    </div>
  );
}
