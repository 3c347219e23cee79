import { useMemo, useRef, type ReactNode } from 'react';
import { Chart } from './Chart.js';
import { useChartColors } from './colors.js';
import styles from './charts.module.css';
import { laneBoxes, laneOption, type LaneModel } from './lanes.js';
import { useSize } from './size.js';

/** Stacked lanes with their headings. `headings` holds one for each lane, in order. */
export function LaneChart({
  model,
  headings,
  label,
  resetKey,
}: {
  model: LaneModel;
  headings: readonly ReactNode[];
  label: string;
  resetKey?: string;
}) {
  const container = useRef<HTMLDivElement>(null);
  const size = useSize(container);
  const colors = useChartColors();
  const height = size?.height ?? 0;
  const option = useMemo(
    () => (height === 0 ? null : laneOption(model, height, colors)),
    [model, height, colors],
  );
  return (
    <div ref={container} className={styles.lanes}>
      {option !== null && (
        <Chart option={option} label={label} className={styles.canvas} resetKey={resetKey ?? ''} />
      )}
      {height > 0 &&
        laneBoxes(model.lanes, height).map(({ headingTop }, index) => (
          <div key={model.lanes[index]?.id} className={styles.heading} style={{ top: headingTop }}>
            {headings[index]}
          </div>
        ))}
    </div>
  );
}

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
      smoothed <b>{value.toFixed(2)}</b>
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
