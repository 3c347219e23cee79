/** Zooming and panning a chart by wheel, mouse and keyboard. */
import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent as ReactPointerEvent,
  type RefObject,
} from 'react';
import { closestSpan, laneLeft, plotWidth, wholeSpan, type LaneModel } from './lanes.js';
import {
  between,
  followed,
  panned,
  revealed,
  shownSpan,
  zoomed,
  type Span,
  type View,
} from './view.js';

/** Closer by this factor with `+`. */
const keyZoom = 0.7;
/** Part of what is shown that an arrow key moves. */
const keyPan = 0.15;
/** Less movement than this is a click, in pixels. */
const clickDistance = 4;

export interface ChartView {
  view: View;
  shown: Span;
  /** The stretch that is being selected to zoom to, in pixels of the chart. */
  selection: { left: number; width: number } | null;
  reset: () => void;
  /** Pans until x is in view. */
  reveal: (x: number) => void;
  onPointerDown: (event: ReactPointerEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

interface Held {
  resetKey: string;
  view: View;
  /** What there was when the reader chose the view. */
  whole: Span;
}

/** @param width of the chart in pixels. @param resetKey another one takes the zoom back. */
export function useView(
  element: RefObject<HTMLElement | null>,
  model: LaneModel,
  width: number,
  resetKey: string,
): ChartView {
  const whole = wholeSpan(model);
  const plot = plotWidth(model, width);
  const [held, setHeld] = useState<Held>({ resetKey, view: null, whole });
  const [selection, setSelection] = useState<ChartView['selection']>(null);
  const viewOf = (of: Held): View =>
    of.resetKey === resetKey ? followed(of.view, of.whole, whole) : null;
  const view = viewOf(held);
  const shown = shownSpan(view, whole);
  const change = (next: (view: View) => View): void =>
    setHeld((old) => ({ resetKey, view: next(viewOf(old)), whole }));

  const zoomBy = (factor: number, at: number): void =>
    change((old) => zoomed(old, whole, factor, at, closestSpan(model, whole)));
  /** The x under a pixel from the left of the chart. */
  const xAt = (pixel: number): number =>
    shown.from + ((pixel - laneLeft) / plot) * (shown.to - shown.from);

  const onWheel = useEffectEvent((event: WheelEvent, left: number) => {
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // Where there is nothing to zoom out of, the page scrolls.
    if (view === null && (sideways || event.deltaY > 0)) return;
    event.preventDefault();
    const distance = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
    if (sideways) change((old) => panned(old, whole, distance / plot));
    else zoomBy(1.0015 ** distance, xAt(event.clientX - left));
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const listen = (event: WheelEvent): void => onWheel(event, target.getBoundingClientRect().left);
    target.addEventListener('wheel', listen, { passive: false });
    return () => target.removeEventListener('wheel', listen);
  }, [element]);

  const stopDragging = useRef<(() => void) | null>(null);
  useEffect(() => () => stopDragging.current?.(), []);
  const onPointerDown = (event: ReactPointerEvent): void => {
    if (event.button !== 0) return;
    const { left } = event.currentTarget.getBoundingClientRect();
    const start = Math.min(Math.max(event.clientX - left, laneLeft), laneLeft + plot);
    const closest = closestSpan(model, whole);
    const end = (now: PointerEvent): number =>
      Math.min(Math.max(now.clientX - left, laneLeft), laneLeft + plot);
    // Everything can't be panned: there a drag selects what to zoom to.
    const move =
      view === null || event.shiftKey
        ? (now: PointerEvent) =>
            setSelection({
              left: Math.min(start, end(now)),
              width: Math.abs(end(now) - start),
            })
        : (now: PointerEvent) =>
            change(() => panned(view, whole, (event.clientX - now.clientX) / plot));
    const stop = (): void => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', stop);
      setSelection(null);
      stopDragging.current = null;
    };
    const up = (now: PointerEvent): void => {
      stop();
      if (view !== null && !event.shiftKey) return;
      if (Math.abs(end(now) - start) < clickDistance) return;
      change(() => between(xAt(start), xAt(end(now)), whole, closest));
    };
    stopDragging.current?.();
    stopDragging.current = stop;
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', stop);
  };

  const reset = (): void => change(() => null);
  const reveal = (x: number): void => change((old) => revealed(old, whole, x));
  const keys: Record<string, () => void> = {
    '+': () => zoomBy(keyZoom, (shown.from + shown.to) / 2),
    '=': () => zoomBy(keyZoom, (shown.from + shown.to) / 2),
    '-': () => zoomBy(1 / keyZoom, (shown.from + shown.to) / 2),
    ArrowLeft: () => change((old) => panned(old, whole, -keyPan)),
    ArrowRight: () => change((old) => panned(old, whole, keyPan)),
    PageUp: () => change((old) => panned(old, whole, -1)),
    PageDown: () => change((old) => panned(old, whole, 1)),
    End: () => change((old) => panned(old, whole, 1e9)),
    '0': reset,
    Home: reset,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { view, shown, selection, reset, reveal, onPointerDown, onKeyDown };
}
