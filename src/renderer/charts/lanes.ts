/**
 * Stacked lanes over one x axis with one linked crosshair, as a pure function from a model to ECharts
 * options. Nothing animates: a live chart redraws.
 */
import type { ComposeOption } from 'echarts/core';
import type { LineSeriesOption } from 'echarts/charts';
import type {
  DataZoomComponentOption,
  GridComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ChartColors } from './colors.js';
import type { Point } from '#shared/run/curves';

export type LaneOption = ComposeOption<
  LineSeriesOption | GridComponentOption | TooltipComponentOption | DataZoomComponentOption
>;
type Axis = Exclude<LaneOption['xAxis'], readonly unknown[] | undefined>;
type ValueAxis = Exclude<LaneOption['yAxis'], readonly unknown[] | undefined>;

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

/** `epoch 0`, `1`, `2.5`. */
export const formatEpoch = (x: number): string =>
  x === 0 ? 'epoch 0' : String(Number(x.toPrecision(4)));

export const laneHeading = 24;
export const laneLeft = 44;
const laneGap = 8;
/** Between heading and plot, so that the top tick label stays clear of the heading. */
const headingGap = 4;
const xAxisHeight = 22;
/** Above this many, symbols would hide the line. */
const mostSymbols = 60;

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

interface Extent {
  /** null without a value. */
  least: number | null;
  most: number | null;
}

function extentOf(lane: Lane): Extent {
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

/** The right end that fits the data: at least one batch wide, whole epochs once there is one. */
export function fittedMaximum(lanes: readonly Lane[]): number {
  let last = 0;
  for (const { series } of lanes)
    for (const { points } of series) last = Math.max(last, points.at(-1)?.[0] ?? 0);
  if (last === 0) return 1;
  return last;
}

const unbound = (): null => null;

function yAxis(lane: Lane, box: LaneBox, colors: ChartColors): ValueAxis {
  const { least, most } = extentOf(lane);
  const empty = least === null;
  const base = {
    // A new option is merged into the last one: bounds that no longer hold must be taken back.
    min: unbound,
    max: unbound,
    id: `${lane.id} y`,
    gridId: `${lane.id} grid`,
    axisLine: { show: true, lineStyle: { color: colors.axis } },
    axisTick: { show: false },
    axisLabel: {
      color: colors.label,
      fontSize: 11,
      fontFamily: colors.fontFamily,
      formatter: (value: number) => lane.formatTick(value),
      hideOverlap: true,
      showMinLabel: true,
    },
    splitLine: { lineStyle: { color: colors.grid } },
    axisPointer: { show: false },
  };
  // A logarithm needs positive values; a lane that has others falls back to its linear scale.
  if (lane.scale === 'log' && least !== null && least > 0) {
    // The axis ends at powers of its base: within two decades those of 10 would leave it empty.
    return { ...base, type: 'log', logBase: (most ?? 1) / least < 100 ? 2 : 10 };
  }
  const splitNumber = box.height > 140 ? 4 : box.height > 70 ? 3 : 2;
  return {
    ...base,
    type: 'value',
    splitNumber,
    scale: !lane.fromZero,
    ...(lane.fromZero ? { min: 0, boundaryGap: [0, '10%'] } : {}),
    ...(lane.maximum === null
      ? {}
      : {
          max: (extent: { max: number }) =>
            extent.max > 0.9 * (lane.maximum ?? 1) ? lane.maximum : null,
        }),
    ...(empty ? { min: 0, max: 1 } : {}),
  };
}

function xAxis(lane: Lane, model: LaneModel, maximum: number, colors: ChartColors): Axis {
  const last = lane === model.lanes.at(-1);
  return {
    id: `${lane.id} x`,
    type: 'value',
    gridId: `${lane.id} grid`,
    min: model.xMinimum,
    max: maximum,
    axisLine: { onZero: false, lineStyle: { color: colors.axis } },
    axisTick: { show: false },
    minInterval: maximum > 3 ? 1 : 0,
    axisLabel: {
      show: last,
      color: colors.label,
      fontSize: 11,
      fontFamily: colors.fontFamily,
      hideOverlap: true,
      showMaxLabel: Number.isInteger(maximum),
      formatter: (value: number) => model.formatX(value),
    },
    splitLine: { show: true, lineStyle: { color: colors.grid } },
    axisPointer: {
      show: true,
      label: { show: false },
      lineStyle: { color: colors.crosshair, width: 1, type: 'solid' },
    },
  };
}

/** A hollow point with its label, left of it where the plot ends. */
const bestMark = (label: string, atEnd: boolean, color: string, colors: ChartColors) => ({
  symbol: 'circle',
  symbolSize: 8,
  itemStyle: { color: colors.panel, borderColor: color, borderWidth: 2 },
  label: {
    show: label !== '',
    formatter: label,
    position: atEnd ? ('left' as const) : ('top' as const),
    distance: 8,
    color: colors.label,
    fontSize: 11,
    fontFamily: colors.fontFamily,
    backgroundColor: colors.panel,
    borderColor: colors.outline,
    borderWidth: 1,
    borderRadius: 3,
    padding: [3, 6],
  },
});

function series(
  lane: Lane,
  item: LaneSeries,
  maximum: number,
  colors: ChartColors,
): LineSeriesOption[] {
  const color = colors[item.color];
  const marked = item.style === 'marked';
  const symbols = marked && item.points.length <= mostSymbols;
  const best = item.best ?? null;
  // A long line stays an array of pairs: an object for each point would cost more than drawing it.
  const data =
    !marked && best === null
      ? [...item.points]
      : item.points.map(([x, y]) => {
          if (x !== best?.x) return symbols ? [x, y] : { value: [x, y], symbol: 'none' };
          return { value: [x, y], ...bestMark(best.label, x > 0.85 * maximum, color, colors) };
        });
  const line: LineSeriesOption = {
    id: item.id,
    name: item.name,
    type: 'line',
    xAxisId: `${lane.id} x`,
    yAxisId: `${lane.id} y`,
    data,
    showSymbol: marked || best !== null,
    symbol: 'circle',
    symbolSize: 6,
    connectNulls: false,
    ...(marked || best !== null ? {} : { sampling: 'lttb' as const }),
    itemStyle: { color },
    lineStyle: {
      color,
      width: item.style === 'ghost' ? 1 : 1.75,
      type: item.dash ?? 'solid',
    },
    silent: true,
    emphasis: { disabled: true },
    z: item.style === 'ghost' ? 1 : marked ? 3 : 2,
    ...(item.endLabel === undefined
      ? {}
      : {
          endLabel: {
            show: true,
            formatter: item.endLabel,
            color,
            fontSize: 12,
            fontFamily: colors.fontFamily,
            distance: 6,
          },
          labelLayout: { moveOverlap: 'shiftY' as const },
        }),
  };
  const end = item.live === true ? item.points.at(-1) : undefined;
  if (end === undefined || end[1] === null) return [line];
  const dot: LineSeriesOption = {
    id: `${item.id} end`,
    type: 'line',
    xAxisId: `${lane.id} x`,
    yAxisId: `${lane.id} y`,
    data: [end],
    symbol: 'circle',
    symbolSize: 8,
    showSymbol: true,
    clip: false,
    silent: true,
    itemStyle: { color, borderColor: colors[ghostOf(item.color)], borderWidth: 4 },
    z: 4,
  };
  return [line, dot];
}

const ghostOf = (color: StrokeColor): keyof ChartColors =>
  color === 'first' ? 'firstGhost' : color === 'second' ? 'secondGhost' : 'grid';

/** The vertical mark and the threshold of a lane live on a series without points. */
function marks(lane: Lane, model: LaneModel, colors: ChartColors): LineSeriesOption {
  const { most } = extentOf(lane);
  const threshold =
    lane.threshold !== null && most !== null && lane.threshold <= most * 4 ? lane.threshold : null;
  return {
    id: `${lane.id} marks`,
    type: 'line',
    xAxisId: `${lane.id} x`,
    yAxisId: `${lane.id} y`,
    // An invisible point keeps the threshold inside the axis.
    data: threshold === null ? [] : [{ value: [0, threshold], symbol: 'none' }],
    silent: true,
    markLine: {
      silent: true,
      z: 1,
      symbol: 'none',
      animation: false,
      label: { show: false },
      data: [
        ...(model.markX === null
          ? []
          : [
              {
                xAxis: model.markX,
                lineStyle: { color: colors.second, type: 'dashed' as const, width: 1 },
              },
            ]),
        ...(threshold === null
          ? []
          : [
              {
                yAxis: threshold,
                lineStyle: { color: colors.threshold, type: 'dashed' as const, width: 1 },
              },
            ]),
      ],
    },
  };
}

export function laneOption(model: LaneModel, height: number, colors: ChartColors): LaneOption {
  const boxes = laneBoxes(model.lanes, height);
  const maximum = model.xMaximum ?? fittedMaximum(model.lanes);
  return {
    animation: false,
    textStyle: { fontFamily: colors.fontFamily },
    grid: boxes.map(({ top, height: plot }, index) => ({
      id: `${model.lanes[index]?.id} grid`,
      left: laneLeft,
      right: model.right,
      top,
      height: plot,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: model.lanes.map((lane) => xAxis(lane, model, maximum, colors)),
    yAxis: model.lanes.flatMap((lane, index) => {
      const box = boxes[index];
      return box === undefined ? [] : [yAxis(lane, box, colors)];
    }),
    axisPointer: { link: [{ xAxisIndex: 'all' }], snap: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line' },
      transitionDuration: 0,
      confine: true,
      backgroundColor: colors.raised,
      borderColor: colors.outline,
      borderWidth: 1,
      padding: [8, 10],
      textStyle: { color: colors.neutral, fontSize: 12, fontFamily: colors.fontFamily },
      formatter: (shown) => {
        const first = Array.isArray(shown) ? shown[0] : shown;
        const x: unknown = first === undefined ? null : Reflect.get(first, 'axisValue');
        return typeof x === 'number' ? model.tooltip(x) : '';
      },
    },
    dataZoom: [
      {
        type: 'inside',
        xAxisId: model.lanes.map(({ id }) => `${id} x`),
        filterMode: 'none',
        minSpan: 0.5,
      },
    ],
    series: model.lanes.flatMap((lane) => [
      ...lane.series.flatMap((item) => series(lane, item, maximum, colors)),
      marks(lane, model, colors),
    ]),
  };
}
