/** Stacked lanes over one x axis: what they hold, and where they stand. */
import type { Point } from '#shared/run/curves';
import type { Span } from './view.js';

export type StrokeColor = 'first' | 'firstGhost' | 'second' | 'secondGhost' | 'neutral' | 'mute';

export interface LaneSeries {
  /** Unique in the chart. */
  id: string;
  name: string;
  points: readonly Point[];
  color: StrokeColor;
  /** `ghost`: the raw trace behind its smoothed line. `marked`: few points, each with a symbol. */
  style: 'line' | 'ghost' | 'marked';
  dash?: 'solid' | 'dashed' | 'dotted';
  /** x of the point drawn hollow and labelled. */
  best?: { x: number; label: string } | null;
  /** Draws a dot at the last point: it still grows. */
  live?: boolean;
  /** Written at the end of the line, in its colour. */
  endLabel?: string;
}

export interface Lane {
  id: string;
  /** Share of the height. */
  weight: number;
  series: readonly LaneSeries[];
  scale: 'linear' | 'log';
  /** Keeps zero in view; norms and rates have a natural zero, losses don't. */
  fromZero: boolean;
  /** Upper end of the axis, such as 1 for accuracy. */
  maximum: number | null;
  formatTick: (value: number) => string;
  /** A level worth seeing, such as the clip norm. Drawn only when it doesn't squash the curve. */
  threshold: number | null;
}

export interface LaneModel {
  lanes: readonly Lane[];
  /** Left end of the x axis. */
  xMinimum: number;
  /** Fixed right end of the x axis; null fits the data. */
  xMaximum: number | null;
  formatX: (x: number) => string;
  /** A dashed line through all lanes. */
  markX: number | null;
  /** Where a run left the one that it came from: a faint dashed line through all lanes, with its name. */
  branchX?: number | null;
  /** Free pixels to the right of the plots, for end labels. */
  right: number;
  /** HTML for the crosshair at x. Callers escape what is not theirs. */
  tooltip: (x: number) => string;
}

export interface LaneBox {
  /** Top of the heading and of the plot, height of the plot, in pixels. */
  headingTop: number;
  top: number;
  height: number;
}

export interface Extent {
  /** null without a value. */
  least: number | null;
  most: number | null;
}

export function extentOf(lane: Lane): Extent {
  let least: number | null = null;
  let most: number | null = null;
  for (const { points } of lane.series)
    for (const [, y] of points) {
      if (y === null) continue;
      if (least === null || y < least) least = y;
      if (most === null || y > most) most = y;
    }
  return { least, most };
}

/** `epoch 0`, `1`, `2.5`. */
export const formatEpoch = (x: number): string =>
  x === 0 ? 'epoch 0' : String(Number(x.toPrecision(4)));

/** Four digits, for values in units of their own. */
export const formatValue = (value: number): string =>
  String(Number(value.toPrecision(4))).replace('-', '−');

/** Of the plots, in pixels. */
export const plotWidth = ({ right }: LaneModel, width: number): number =>
  Math.max(1, width - laneLeft - right);

export const laneHeading = 24;
export const laneLeft = 44;
const laneGap = 8;
/** Between heading and plot, so that the top tick label stays clear of the heading. */
const headingGap = 4;
const xAxisHeight = 22;

/** Divides the height by weight; each lane has a heading above it, the x labels stand below the last. */
export function laneBoxes(lanes: readonly Lane[], height: number): LaneBox[] {
  const above = laneHeading + headingGap;
  const free = height - xAxisHeight - lanes.length * above - (lanes.length - 1) * laneGap;
  const weights = lanes.reduce((sum, lane) => sum + lane.weight, 0);
  let y = 0;
  return lanes.map((lane) => {
    const plot = Math.max(8, Math.floor((Math.max(0, free) * lane.weight) / weights));
    const box = { headingTop: y, top: y + above, height: plot };
    y = box.top + plot + laneGap;
    return box;
  });
}

/** The right end that fits the data: at least one batch wide, whole epochs once there is one. */
export function fittedMaximum(lanes: readonly Lane[]): number {
  let last = 0;
  for (const { series } of lanes)
    for (const { points } of series) last = Math.max(last, points.at(-1)?.[0] ?? 0);
  return last === 0 ? 1 : last;
}

/** The whole x axis. */
export const wholeSpan = ({ lanes, xMinimum, xMaximum }: LaneModel): Span => ({
  from: xMinimum,
  to: xMaximum ?? fittedMaximum(lanes),
});

/** Closer than a few points a curve has nothing more to show. */
export function closestSpan({ lanes }: LaneModel, whole: Span): number {
  const most = Math.max(
    1,
    ...lanes.flatMap(({ series }) => series.map(({ points }) => points.length)),
  );
  return Math.min(1, 6 / most) * (whole.to - whole.from);
}
