import { useId, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { DataPreview } from '#shared/data/facts';
import { formatCount } from '../ui/index.js';
import styles from './data.module.css';

const width = 320;
const height = 72;
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
};

/** How long the rows are before cutting; the line is where they are cut, and can be moved. */
export function LengthHistogram({
  lengths: { bins, maximum: longest },
  value,
  costs,
  onDrag,
  onChange,
}: {
  lengths: DataPreview['lengths'];
  /** Longer rows are cut. May lie beyond the longest. */
  value: number;
  /** What the value costs, in words. */
  costs: string;
  /** The value under the pointer; null when a drag is given up. */
  onDrag: (value: number | null) => void;
  /** `gesture` is the same for one stretch of key presses: one undo step. */
  onChange: (value: number, gesture: string) => void;
}) {
  const id = useId();
  const stretch = useRef(0);
  const dragging = useRef(false);
  const first = bins[0]?.from ?? 0;
  const end = Math.max(first + 1, bins.at(-1)?.to ?? 1);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const x = (length: number): number => ((length - first) / (end - first)) * width;
  const least = Math.max(1, first);
  const shown = Math.min(value, longest);
  // A row as long as the limit is whole: the cut lies behind it.
  const cut = (x(Math.min(shown + 1, end)) / width) * 100;
  const bounded = (length: number): number =>
    Math.min(Math.max(longest, least), Math.max(least, Math.round(length)));
  const gesture = (): string => `${id}:${stretch.current}`;

  const valueAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return bounded(first + share * (end - first) - 1);
  };
  const pointer = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      dragging.current = true;
      onDrag(valueAt(event));
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (dragging.current) onDrag(valueAt(event));
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (!dragging.current) return;
      dragging.current = false;
      stretch.current++;
      onChange(valueAt(event), gesture());
    },
    onPointerCancel() {
      dragging.current = false;
      onDrag(null);
    },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = keySteps[event.key];
    const next =
      event.key === 'Home' ? least : event.key === 'End' ? longest : step && shown + step;
    if (next === undefined) return;
    event.preventDefault();
    if (bounded(next) !== value) onChange(bounded(next), gesture());
  };
  return (
    <figure className={styles.histogram}>
      <div className={styles.plot} {...pointer}>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {bins.map(({ from, to, count }) => {
            const left = x(from);
            const tall = count === 0 ? 0 : Math.max(1, (count / most) * (height - 4));
            return (
              <rect
                key={from}
                x={left}
                y={height - tall}
                width={Math.max(0.5, x(to) - left - 1)}
                height={tall}
                data-cut={from > value || undefined}
              >
                <title>
                  {to - from === 1 ? `${from}` : `${from} to ${to - 1}`}: {formatCount(count)}
                </title>
              </rect>
            );
          })}
        </svg>
        <div
          className={styles.cut}
          style={{ left: `${cut}%` }}
          role="slider"
          tabIndex={0}
          aria-label="Longest row"
          aria-valuemin={least}
          aria-valuemax={Math.max(longest, least)}
          aria-valuenow={bounded(value)}
          aria-valuetext={`${formatCount(value)} tokens: ${costs}`}
          onKeyDown={onKeyDown}
          onBlur={() => {
            stretch.current++;
          }}
        />
      </div>
      <figcaption>
        {/* The label of the line takes the place of the end that it is near to. */}
        <span>{cut > 25 && first}</span>
        <span className={styles.cutLabel} style={{ left: `clamp(36px, ${cut}%, 100% - 36px)` }}>
          {value > longest ? `nothing cut (${formatCount(value)})` : `cut at ${formatCount(value)}`}
        </span>
        <span>{cut < 75 && formatCount(longest)}</span>
      </figcaption>
    </figure>
  );
}
