import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand';

/**
 * Reads from a store at most once in `interval` milliseconds, the last change always included. For
 * what changes with every batch: charts and readouts need ten looks a second, not sixty.
 *
 * @param select must return the same value for the same state.
 */
export function useThrottled<S, T>(store: StoreApi<S>, select: (state: S) => T, interval = 100): T {
  const last = useRef(0);
  const subscribe = useCallback(
    (changed: () => void) => {
      let timer: ReturnType<typeof setTimeout> | null = null;
      const look = (): void => {
        timer = null;
        last.current = performance.now();
        changed();
      };
      const stop = store.subscribe(() => {
        timer ??= setTimeout(look, Math.max(0, interval - (performance.now() - last.current)));
      });
      return () => {
        stop();
        if (timer !== null) clearTimeout(timer);
      };
    },
    [store, interval],
  );
  return useSyncExternalStore(subscribe, () => select(store.getState()));
}
