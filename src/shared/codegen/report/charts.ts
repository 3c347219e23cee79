/** Line and bar charts, drawn for paper: a light grid, direct names of the lines, few numbers. */
import { formatCount, formatSmall } from '../../format.js';
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
  /** Empty where the figure's title says it. */
  title: string;
  /** Plain numbers where it is left out. */
  format?: (value: number, decimals: number) => string;
}

interface ChartOptions {
  alt: string;
  x: Axis;
  y: Axis;
  height?: number;
  /** Lets what happens at the very beginning leave the picture, where it would flatten the rest. */
  fit?: boolean;
}

const width = 752;
const margin = { right: 8, bottom: 40, left: 52 };
/** Above the plot: with names or a title, and without. */
const headroom = { some: 30, none: 10 };

interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const frameOf = (height: number, top: number): Frame => ({
  left: margin.left,
  right: width - margin.right,
  top,
  bottom: height - margin.bottom,
});

/** @param marks x positions with a word, e.g. the best epoch. */
export function lineChart(
  lines: readonly Line[],
  { alt, x, y, height = 260, fit = false }: ChartOptions,
  marks: readonly { x: number; label: string }[] = [],
): string {
  const named = lines.filter(({ ghost }) => ghost !== true);
  const hasHead = named.length > 1 || y.title !== '';
  const frame = frameOf(height, hasHead ? headroom.some : headroom.none);
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([at]) => at);
  const ys = all.flatMap(([, value]) => (value === null ? [] : [value]));
  const high = fit ? fittingTop(named, most(xs)) : most(ys);
  const yTicks = ticks(least(ys), high, 5);
  const xScale = scale(least(xs), most(xs), frame.left, frame.right);
  const yScale = scale(yTicks.at(0) ?? 0, yTicks.at(-1) ?? 1, frame.bottom, frame.top);
  const xTicks = ticks(least(xs), most(xs), 8).filter(
    (tick) => tick >= least(xs) && tick <= most(xs),
  );
  /** Whether a line runs where a mark's word would stand. */
  const isTaken = (at: number): boolean =>
    named.some(({ points }) => {
      const [, value] = points.find(([place]) => place >= at) ?? [at, null];
      return value !== null && yScale(value) < frame.top + 30;
    });
  return svg({ x: 0, y: 0, width, height }, alt, [
    axes(frame, xTicks, yTicks, xScale, yScale, x, y),
    clipped(
      frame,
      lines.map((line) => path(line, xScale, yScale)),
    ),
    ...marks.map(({ x: at, label }) => {
      const place = round(xScale(at));
      const flips = place > frame.right - 80;
      return (
        `<line x1="${place}" x2="${place}" y1="${frame.top}" y2="${frame.bottom}" stroke="${colors.mute}" stroke-dasharray="3 3"/>` +
        backed(
          text(place + (flips ? -5 : 5), isTaken(at) ? frame.bottom - 7 : frame.top + 11, label, {
            size: 10,
            color: colors.label,
            anchor: flips ? 'end' : 'start',
          }),
        )
      );
    }),
    ...(named.length > 1 ? [names(named)] : []),
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
  const frame = frameOf(height, headroom.some);
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
  const [xText, yText] = [labeler(x, xTicks), labeler(y, yTicks)];
  return [
    ...yTicks.map((tick) => {
      const at = round(yScale(tick));
      return (
        `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="${colors.grid}"/>` +
        text(left - 8, at + 4, yText(tick), { color: colors.label, anchor: 'end' })
      );
    }),
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${colors.axis}"/>`,
    ...xTicks.map((tick) => {
      const at = round(xScale(tick));
      return (
        `<line x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}" stroke="${colors.axis}"/>` +
        text(at, bottom + 17, xText(tick), { color: colors.label, anchor: 'middle' })
      );
    }),
    text(right, bottom + 33, x.title, { color: colors.label, anchor: 'end' }),
    y.title === '' ? '' : text(0, top - 14, y.title, { color: colors.label }),
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
  let right = width - margin.right;
  return lines
    .toReversed()
    .map(({ name, color, dashed }) => {
      const label = text(right, headroom.some - 14, name, { color: colors.label, anchor: 'end' });
      right -= textWidth(name) + 24;
      const dash = dashed === true ? ' stroke-dasharray="5 4"' : '';
      const swatch = `<line x1="${round(right)}" x2="${round(right + 18)}" y1="${headroom.some - 18}" y2="${headroom.some - 18}" stroke="${color}" stroke-width="2"${dash}/>`;
      right -= 16;
      return swatch + label;
    })
    .join('');
}

/** Nothing is drawn outside the frame. Each drawing has one, so that its id only has to be unlike others. */
function clipped({ left, right, top, bottom }: Frame, parts: readonly string[]): string {
  const id = `plot-${left}-${right}-${top}-${bottom}`;
  const box = `x="${left - 4}" y="${top - 4}" width="${right - left + 8}" height="${bottom - top + 8}"`;
  return `<clipPath id="${id}"><rect ${box}/></clipPath><g clip-path="url(#${id})">${parts.join('')}</g>`;
}

/** Readable over lines. */
const backed = (label: string): string =>
  label.replace(
    '<text ',
    `<text stroke="${colors.surface}" stroke-width="3" paint-order="stroke" stroke-linejoin="round" `,
  );

/** The highest value after the first twentieth, with room above; the highest of all where that is near. */
function fittingTop(lines: readonly Line[], end: number): number {
  const values = (from: number): number[] =>
    lines.flatMap(({ points }) => points.flatMap(([x, y]) => (y === null || x < from ? [] : [y])));
  const [later, all] = [most(values(end / 20)), most(values(0))];
  return all > 1.5 * later && later > 0 ? 1.1 * later : all;
}

/** Writes all ticks of an axis with the same decimals. */
function labeler({ format }: Axis, ticks: readonly number[]): (value: number) => string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  const decimals = step === 0 ? 0 : Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value) => (format ?? plain)(value, decimals);
}

function plain(value: number, decimals: number): string {
  if (value === 0) return '0';
  if (decimals > 3) return formatSmall(value);
  const text = Math.abs(value) >= 1000 ? formatCount(value) : value.toFixed(decimals);
  return text.replace('-', '−');
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
