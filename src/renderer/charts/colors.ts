/**
 * The design tokens as values, for the canvas that ECharts paints on. They are read again when the
 * theme attribute or the system's colour scheme changes.
 */
import { useSyncExternalStore } from 'react';

export interface ChartColors {
  first: string;
  firstGhost: string;
  second: string;
  secondGhost: string;
  neutral: string;
  mute: string;
  grid: string;
  axis: string;
  crosshair: string;
  threshold: string;
  label: string;
  strongLabel: string;
  panel: string;
  raised: string;
  outline: string;
  fontFamily: string;
}

let snapshot: ChartColors | null = null;
const listeners = new Set<() => void>();
let stopWatching: (() => void) | null = null;

function read(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    first: token('--d-1'),
    firstGhost: token('--d-1-ghost'),
    second: token('--d-2'),
    secondGhost: token('--d-2-ghost'),
    neutral: token('--fg-2'),
    mute: token('--d-mute'),
    grid: token('--grid'),
    axis: token('--axis'),
    crosshair: token('--line-3'),
    threshold: token('--line-3'),
    label: token('--fg-3'),
    strongLabel: token('--fg-1'),
    panel: token('--bg-panel'),
    raised: token('--bg-raised'),
    outline: token('--line-2'),
    fontFamily: token('--font-ui'),
  };
}

function changed(): void {
  snapshot = null;
  for (const listener of listeners) listener();
}

function watch(): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'class', 'style'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    scheme.removeEventListener('change', changed);
    snapshot = null;
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  stopWatching ??= watch();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      stopWatching?.();
      stopWatching = null;
    }
  };
}

const current = (): ChartColors => (snapshot ??= read());

export function useChartColors(): ChartColors {
  return useSyncExternalStore(subscribe, current);
}
