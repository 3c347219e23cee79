import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../ui/index.js';
import { Chart } from './Chart.js';
import { useChartColors } from './colors.js';
import styles from './charts.module.css';
import { nextPoint } from './crosshair.js';
import { laneBoxes, laneLeft, plotWidth, type LaneModel } from './lanes.js';
import { laneOption } from './laneOption.js';
import { useSize } from './size.js';
import { useSettled } from './useSettled.js';
import { useView } from './useView.js';
import { inSpan } from './view.js';

/** So long after its last move a crosshair is read out, in milliseconds. */
const readingDelay = 150;

/**
 * Stacked lanes with their headings. The wheel zooms, dragging selects what to zoom to, or pans once
 * zoomed; `+`, `−`, the arrow keys and `0` do the same for the keyboard, and with Shift the arrow keys
 * move the crosshair.
 * @param label the chart in words, for those who can't see it.
 * @param headings one for each lane, in order.
 * @param resetKey another one takes the zoom back.
 */
export function LaneChart({
  model,
  headings,
  label,
  resetKey = '',
}: {
  model: LaneModel;
  headings: readonly ReactNode[];
  label: string;
  resetKey?: string;
}) {
  const container = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const colors = useChartColors();
  const { view, shown, selection, reset, reveal, onPointerDown, onKeyDown } = useView(
    canvas,
    model,
    size?.width ?? 0,
    resetKey,
  );
  const option = useMemo(
    () => (size === null || size.height === 0 ? null : laneOption(model, view, size, colors)),
    [model, view, size, colors],
  );
  const boxes = laneBoxes(model.lanes, size?.height ?? 0);
  /** x where the keyboard has put the crosshair. */
  const [cursor, setCursor] = useState<number | null>(null);
  /** Where it came to rest: while a key is held down, nothing is read out. */
  const read = useSettled(cursor, readingDelay);
  const plot = plotWidth(model, size?.width ?? 0);
  const span = shown.to - shown.from;
  const crosshair =
    cursor === null || !inSpan(cursor, shown)
      ? null
      : {
          x: laneLeft + ((cursor - shown.from) / span) * plot,
          y: (boxes[0]?.top ?? 0) + (boxes[0]?.height ?? 0) / 2,
        };
  const moveTo = (x: number | null): void => {
    if (x === null) return;
    setCursor(x);
    reveal(x);
  };
  const onKey = (event: KeyboardEvent): void => {
    const directions: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.ctrlKey || event.metaKey || event.altKey) return onKeyDown(event);
    const direction = event.shiftKey ? directions[event.key] : undefined;
    if (direction !== undefined) moveTo(nextPoint(model, cursor, direction, shown, span / plot));
    else if (event.key.toLowerCase() === 'b' && model.markX !== null) moveTo(model.markX);
    else if (event.key === 'Escape' && cursor !== null) setCursor(null);
    else return onKeyDown(event);
    event.preventDefault();
    event.stopPropagation();
  };
  const stretch = `${model.formatX(shown.from)} to ${model.formatX(shown.to)}`;
  return (
    <div ref={container} className={styles.lanes}>
      <div
        ref={canvas}
        className={styles.canvas}
        role="application"
        aria-roledescription="chart"
        aria-label={`Chart: plus and minus zoom, the arrow keys pan, with Shift they read the values,${
          model.markX === null ? '' : ' B reads those at the dashed mark,'
        } 0 shows everything`}
        tabIndex={0}
        data-zoomed={view !== null || undefined}
        onPointerDown={onPointerDown}
        onDoubleClick={reset}
        onKeyDown={onKey}
        onPointerMove={() => cursor !== null && setCursor(null)}
        onBlur={() => setCursor(null)}
      >
        {option !== null && <Chart option={option} label={label} crosshair={crosshair} />}
        {selection !== null && <div className={styles.selection} style={selection} />}
      </div>
      <span className="visually-hidden" aria-live="polite">
        {crosshair !== null && read !== null && spoken(model.tooltip(read))}
      </span>
      {size !== null &&
        boxes.map(({ headingTop }, index) => (
          <div key={model.lanes[index]?.id} className={styles.heading} style={{ top: headingTop }}>
            {headings[index]}
          </div>
        ))}
      <div
        className={styles.reset}
        style={{ top: (boxes[0]?.top ?? 0) + 4, right: model.right + 4 }}
      >
        <span aria-live="polite">{view !== null && stretch}</span>
        {view !== null && (
          <Button size="small" tooltip="0 or a double click" onClick={reset}>
            Reset zoom
          </Button>
        )}
      </div>
    </div>
  );
}

/** The text of a tooltip's HTML. */
const spoken = (html: string): string =>
  new DOMParser()
    .parseFromString(html.replaceAll('<', ' <'), 'text/html')
    .body.textContent.replace(/\s+/g, ' ')
    .trim();

/** A legend entry with the current value: `— train 0.269`. */
export function LegendItem({
  name,
  value,
  color,
  marked = false,
  dash = 'solid',
}: {
  name: string;
  value?: string;
  /** A CSS colour, as a token. */
  color: string;
  marked?: boolean;
  dash?: 'solid' | 'dashed' | 'dotted';
}) {
  const pattern = dash === 'dashed' ? '5 3' : dash === 'dotted' ? '2 2' : undefined;
  return (
    <span className={styles.legend}>
      <svg width="18" height="8" aria-hidden="true">
        <path d="M0 4h18" stroke={color} strokeWidth="2" strokeDasharray={pattern} />
        {marked && <circle cx="9" cy="4" r="3" fill={color} />}
      </svg>
      {name}
      {value !== undefined && <b>{value}</b>}
    </span>
  );
}

/** A two- or three-way switch in a chart heading. */
export function MiniSwitch<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <span className={styles.switch} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}

/** How strongly the training curves are smoothed. */
export function SmoothingSlider({
  value,
  onChange,
}: {
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <label className={styles.smoothing}>
      <span>smoothed</span> <b>{value.toFixed(2)}</b>
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={value}
        aria-label="Smoothing of the training curves"
        onChange={(event) => onChange(Number(event.target.value))}
      />
    </label>
  );
}
