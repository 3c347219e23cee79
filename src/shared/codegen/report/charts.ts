/** Line and bar charts, drawn for paper: a light grid, direct names of the lines, few numbers. */
import { colors, round, svg, text, textWidth } from './svg.js';

export interface Line {
  name: string;
  /** Ascending x; null is a gap. */
  points: readonly (readonly [x: number, y: number | null])[];
  color: string;
  width?: number;
  dashed?: boolean;
  /** Behind another line of the same thing: without a name. */
  ghost?: boolean;
}

interface Axis {
  title: string;
  format: (value: number) => string;
}

interface ChartOptions {
  alt: string;
  x: Axis;
  y: Axis;
  height?: number;
}

const width = 720;
const margin = { top: 30, right: 16, bottom: 40, left: 60 };

interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const frameOf = (height: number): Frame => ({
  left: margin.left,
  right: width - margin.right,
  top: margin.top,
  bottom: height - margin.bottom,
});

/** @param marks x positions with a word, e.g. the best epoch. */
export function lineChart(
  lines: readonly Line[],
  { alt, x, y, height = 260 }: ChartOptions,
  marks: readonly { x: number; label: string }[] = [],
): string {
  const frame = frameOf(height);
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([at]) => at);
  const ys = all.flatMap(([, value]) => (value === null ? [] : [value]));
  const yTicks = ticks(least(ys), most(ys), 5);
  const xScale = scale(least(xs), most(xs), frame.left, frame.right);
  const yScale = scale(yTicks.at(0) ?? 0, yTicks.at(-1) ?? 1, frame.bottom, frame.top);
  const xTicks = ticks(least(xs), most(xs), 8).filter(
    (tick) => tick >= least(xs) && tick <= most(xs),
  );
  return svg({ x: 0, y: 0, width, height }, alt, [
    axes(frame, xTicks, yTicks, xScale, yScale, x, y),
    ...marks.map(({ x: at, label }) => {
      const place = round(xScale(at));
      const flips = place > frame.right - 80;
      return (
        `<line x1="${place}" x2="${place}" y1="${frame.top}" y2="${frame.bottom}" stroke="${colors.mute}" stroke-dasharray="3 3"/>` +
        text(place + (flips ? -5 : 5), frame.top + 10, label, {
          size: 10,
          color: colors.label,
          anchor: flips ? 'end' : 'start',
        })
      );
    }),
    ...lines.map((line) => path(line, xScale, yScale)),
    names(lines.filter(({ ghost }) => ghost !== true)),
  ]);
}

export interface Bar {
  from: number;
  to: number;
  count: number;
}

export function histogram(
  bars: readonly Bar[],
  { alt, x, y, height = 180 }: ChartOptions,
  marks: readonly { x: number; label: string }[] = [],
): string {
  const frame = frameOf(height);
  const low = Math.min(...bars.map(({ from }) => from));
  const high = Math.max(...bars.map(({ to }) => to));
  const yTicks = ticks(0, Math.max(...bars.map(({ count }) => count)), 4);
  const xScale = scale(low, high, frame.left, frame.right);
  const yScale = scale(0, yTicks.at(-1) ?? 1, frame.bottom, frame.top);
  const xTicks = ticks(low, high, 8).filter((tick) => tick >= low && tick <= high);
  return svg({ x: 0, y: 0, width, height }, alt, [
    axes(frame, xTicks, yTicks, xScale, yScale, x, y),
    ...bars.map(({ from, to, count }) => {
      const [left, right, top] = [xScale(from) + 0.5, xScale(to) - 0.5, yScale(count)];
      return `<rect x="${round(left)}" y="${round(top)}" width="${round(Math.max(0.5, right - left))}" height="${round(frame.bottom - top)}" fill="${colors.first}"/>`;
    }),
    ...marks
      .filter(({ x: at }) => at >= low && at <= high)
      .map(({ x: at, label }) => {
        const place = round(xScale(at));
        const flips = place > frame.right - 120;
        return (
          `<line x1="${place}" x2="${place}" y1="${frame.top - 8}" y2="${frame.bottom}" stroke="${colors.second}" stroke-width="1.5" stroke-dasharray="4 3"/>` +
          text(place + (flips ? -5 : 5), frame.top - 1, label, {
            size: 10,
            color: colors.second,
            anchor: flips ? 'end' : 'start',
          })
        );
      }),
  ]);
}

function axes(
  { left, right, top, bottom }: Frame,
  xTicks: readonly number[],
  yTicks: readonly number[],
  xScale: (value: number) => number,
  yScale: (value: number) => number,
  x: Axis,
  y: Axis,
): string {
  return [
    ...yTicks.map((tick) => {
      const at = round(yScale(tick));
      return (
        `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="${colors.grid}"/>` +
        text(left - 8, at + 4, y.format(tick), { color: colors.label, anchor: 'end' })
      );
    }),
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${colors.axis}"/>`,
    ...xTicks.map((tick) => {
      const at = round(xScale(tick));
      return (
        `<line x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}" stroke="${colors.axis}"/>` +
        text(at, bottom + 17, x.format(tick), { color: colors.label, anchor: 'middle' })
      );
    }),
    text(right, bottom + 33, x.title, { color: colors.label, anchor: 'end' }),
    text(left - 8, top - 14, y.title, { strong: true, anchor: 'start' }),
  ].join('');
}

function path(
  { points, color, width: stroke = 1.75, dashed, ghost }: Line,
  xScale: (value: number) => number,
  yScale: (value: number) => number,
): string {
  let d = '';
  let gap = true;
  for (const [x, y] of thinned(points)) {
    if (y !== null) d += `${gap ? 'M' : 'L'}${round(xScale(x))} ${round(yScale(y))}`;
    gap = y === null;
  }
  const dash = dashed === true ? ' stroke-dasharray="5 4"' : '';
  const opacity = ghost === true ? ' stroke-opacity="0.8"' : '';
  const line = `<path d="${d}" fill="none" stroke="${color}" stroke-width="${stroke}" stroke-linejoin="round"${dash}${opacity}/>`;
  // So that one epoch is seen too.
  const real = points.filter(([, y]) => y !== null);
  const dots = real.length > 40 || ghost === true ? [] : real;
  return (
    line +
    dots
      .map(
        ([x, y]) =>
          `<circle cx="${round(xScale(x))}" cy="${round(yScale(y ?? 0))}" r="2" fill="${color}"/>`,
      )
      .join('')
  );
}

/** More points than pixels make a file large and a line no finer. */
function thinned<T>(points: readonly T[]): readonly T[] {
  const every = Math.ceil(points.length / 1200);
  return every <= 1 ? points : points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

/** The names of the lines, at the top right. */
function names(lines: readonly Line[]): string {
  if (lines.length < 2) return '';
  let right = width - margin.right;
  return lines
    .toReversed()
    .map(({ name, color, dashed }) => {
      const label = text(right, margin.top - 14, name, { color: colors.label, anchor: 'end' });
      right -= textWidth(name) + 24;
      const dash = dashed === true ? ' stroke-dasharray="5 4"' : '';
      const swatch = `<line x1="${round(right)}" x2="${round(right + 18)}" y1="${margin.top - 18}" y2="${margin.top - 18}" stroke="${color}" stroke-width="2"${dash}/>`;
      right -= 16;
      return swatch + label;
    })
    .join('');
}

function scale(from: number, to: number, start: number, end: number) {
  const span = to - from;
  return (value: number): number =>
    span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start);
}

const least = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), -Infinity);

/** Round numbers that enclose low … high: steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
