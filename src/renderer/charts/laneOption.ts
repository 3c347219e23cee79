/**
 * The lanes as ECharts options: a pure function of the model and of what is in view. Nothing animates: a
 * live chart redraws. ECharts gets only the points that the screen can show, so that a frame costs the
 * same however long the run is.
 */
import type { ComposeOption } from 'echarts/core';
import type { LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { Point } from '#shared/run/curves';
import type { ChartColors } from './colors.js';
import { marks } from './laneMarks.js';
import {
  extentOf,
  laneBoxes,
  laneLeft,
  plotWidth,
  wholeSpan,
  type Lane,
  type LaneBox,
  type LaneModel,
  type LaneSeries,
  type StrokeColor,
} from './lanes.js';
import { indexFrom, pointsInView } from './sampling.js';
import type { Size } from './size.js';
import { inSpan, shownSpan, type Span, type View } from './view.js';

export type LaneOption = ComposeOption<
  LineSeriesOption | GridComponentOption | TooltipComponentOption
>;
type Axis = Exclude<LaneOption['xAxis'], readonly unknown[] | undefined>;
type ValueAxis = Exclude<LaneOption['yAxis'], readonly unknown[] | undefined>;

/** Above this many, symbols would hide the line. */
const mostSymbols = 60;
/** More would cost time to draw and not be seen. */
const pointsPerPixel = 1;

/** Bounds and distance of ticks that end at `maximum`; ECharts' own would leave a short last step there. */
function ticksUpTo(
  maximum: number,
  least: number,
  splits: number,
): { min: number; max: number; interval: number } {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5].map((part) => part * maximum);
  const interval = steps.find((step) => (maximum - least) / step <= splits + 1) ?? maximum;
  const count = Math.max(1, Math.ceil((maximum - least) / interval));
  return { min: maximum - interval * count, max: maximum, interval };
}

/** Round bounds close to those of the values, which are positive. */
function logBounds(least: number, most: number): [min: number, max: number] {
  const round = (value: number, steps: readonly number[], fits: (step: number) => boolean) => {
    const decade = 10 ** Math.floor(Math.log10(value));
    return (steps.find((step) => fits(step * decade)) ?? 1) * decade;
  };
  const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
  const min = round(least, steps.toReversed(), (step) => step <= least);
  const max = round(most, steps, (step) => step >= most && step > min);
  return [min, max];
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
      // Nothing measured, nothing to read off.
      show: !empty,
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
    // Left alone the axis ends at powers of its base, which would leave much of it empty.
    const [min, max] = logBounds(least, most ?? least);
    return { ...base, type: 'log', logBase: max / min < 100 ? 2 : 10, min, max };
  }
  const splitNumber = box.height > 140 ? 4 : box.height > 70 ? 3 : 2;
  const steps = empty
    ? { min: 0, max: 1, interval: splitNumber > 2 ? 0.25 : 0.5 }
    : lane.maximum === null || most === null || most <= 0.9 * lane.maximum
      ? null
      : ticksUpTo(lane.maximum, least, splitNumber);
  return {
    ...base,
    type: 'value',
    splitNumber,
    scale: !lane.fromZero,
    ...(lane.fromZero ? { min: 0, boundaryGap: [0, '10%'] } : {}),
    // An interval can't be taken back: the axis that has one is another one.
    ...(steps === null ? {} : { ...steps, id: `${base.id} by steps` }),
  };
}

function xAxis(lane: Lane, model: LaneModel, shown: Span, colors: ChartColors): Axis {
  const last = lane.id === model.lanes.at(-1)?.id;
  const whole = shown.to === wholeSpan(model).to && Number.isInteger(shown.to);
  return {
    id: `${lane.id} x`,
    type: 'value',
    gridId: `${lane.id} grid`,
    min: shown.from,
    max: shown.to,
    axisLine: { onZero: false, lineStyle: { color: colors.axis } },
    axisTick: { show: false },
    minInterval: shown.to - shown.from > 3 ? 1 : 0,
    axisLabel: {
      show: last,
      color: colors.label,
      fontSize: 11,
      fontFamily: colors.fontFamily,
      hideOverlap: true,
      // The ends of a zoomed view are no round numbers.
      showMinLabel: shown.from === model.xMinimum,
      showMaxLabel: whole,
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

/** One point on its own, above the lines. */
const dot = (id: string, point: Point): LineSeriesOption => ({
  id,
  type: 'line',
  data: [[...point]],
  symbol: 'circle',
  symbolSize: 8,
  showSymbol: true,
  silent: true,
  z: 4,
});

/** A hollow point with its label, which stays inside the plot. */
function bestDot(item: LaneSeries, shown: Span, colors: ChartColors): LineSeriesOption[] {
  const best = item.best ?? null;
  const point = best === null ? undefined : item.points.find(([x]) => x === best.x);
  if (best === null || point === undefined || !inSpan(best.x, shown)) return [];
  const share = (best.x - shown.from) / (shown.to - shown.from);
  // Above the point, where it hides least of the lines, and inside the plot.
  const align = share > 0.85 ? 'right' : share < 0.15 ? 'left' : 'center';
  return [
    {
      ...dot(`${item.id} best`, point),
      itemStyle: { color: colors.panel, borderColor: colors[item.color], borderWidth: 2 },
      label: {
        show: best.label !== '',
        formatter: best.label,
        position: 'top',
        align,
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
    },
  ];
}

/** Where a line still grows. */
function liveDot(item: LaneSeries, shown: Span, colors: ChartColors): LineSeriesOption[] {
  const end = item.live === true ? item.points.at(-1) : undefined;
  if (end === undefined || end[1] === null || !inSpan(end[0], shown)) return [];
  return [
    {
      ...dot(`${item.id} end`, end),
      clip: false,
      itemStyle: {
        color: colors[item.color],
        borderColor: colors[ghostOf(item.color)],
        borderWidth: 4,
      },
    },
  ];
}

/**
 * @param points of the item that are in view.
 * @param room right of the plot, in pixels: an end label is cut to it.
 */
function line(
  item: LaneSeries,
  points: readonly Point[],
  colors: ChartColors,
  room: number,
): LineSeriesOption {
  const color = colors[item.color];
  const marked = item.style === 'marked';
  // Where the line leaves the view there is no point of the curve.
  const measured = (point: Point): boolean =>
    item.points[indexFrom(item.points, point[0])] === point;
  return {
    id: item.id,
    name: item.name,
    type: 'line',
    data: marked
      ? points.map((point) => (measured(point) ? point : { value: point, symbol: 'none' }))
      : [...points],
    showSymbol: marked && points.length <= mostSymbols,
    symbol: 'circle',
    symbolSize: 6,
    connectNulls: false,
    itemStyle: { color },
    lineStyle: {
      color,
      width: item.style === 'ghost' ? 1 : 1.75,
      type: item.dash ?? 'solid',
    },
    silent: true,
    emphasis: { disabled: true },
    z: item.style === 'ghost' ? 1 : marked ? 3 : 2,
    // Said either way: what is left out keeps what it was in the chart before.
    endLabel: {
      show: item.endLabel !== undefined,
      formatter: item.endLabel ?? '',
      color,
      fontSize: 12,
      fontFamily: colors.fontFamily,
      distance: 6,
      width: room - 8,
      overflow: 'truncate',
      ellipsis: '…',
    },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

const ghostOf = (color: StrokeColor): keyof ChartColors =>
  color === 'first' ? 'firstGhost' : color === 'second' ? 'secondGhost' : 'grid';

/** The lane with as many points of its lines as its plot can show. */
const inView = (lane: Lane, shown: Span, width: number): Lane => ({
  ...lane,
  series: lane.series.map((item) => ({
    ...item,
    points: pointsInView(item.points, shown, pointsPerPixel * width, lane.scale === 'log'),
  })),
});

/** @param size of the whole chart in pixels. */
export function laneOption(
  model: LaneModel,
  view: View,
  size: Size,
  colors: ChartColors,
): LaneOption {
  const boxes = laneBoxes(model.lanes, size.height);
  const shown = shownSpan(view, wholeSpan(model));
  const plot = plotWidth(model, size.width);
  const drawn = model.lanes.map((lane) => inView(lane, shown, plot));
  const yAxes = drawn.flatMap((lane, index) => {
    const box = boxes[index];
    return box === undefined ? [] : [yAxis(lane, box, colors)];
  });
  return {
    animation: false,
    textStyle: { fontFamily: colors.fontFamily },
    grid: boxes.map(({ top, height }, index) => ({
      id: `${model.lanes[index]?.id} grid`,
      left: laneLeft,
      right: model.right,
      top,
      height,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: model.lanes.map((lane) => xAxis(lane, model, shown, colors)),
    yAxis: yAxes,
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
      formatter: (pointed) => {
        const first = Array.isArray(pointed) ? pointed[0] : pointed;
        const x: unknown = first === undefined ? null : Reflect.get(first, 'axisValue');
        return typeof x === 'number' ? model.tooltip(x) : '';
      },
    },
    series: [
      ...model.lanes.flatMap((lane, index) => {
        const visible = drawn[index] ?? lane;
        const axes = { xAxisId: `${lane.id} x`, yAxisId: yAxes[index]?.id ?? '' };
        return [
          ...lane.series.map((item, at) =>
            line(item, visible.series[at]?.points ?? [], colors, model.right),
          ),
          marks(model, visible, shown, plot, colors),
          ...lane.series.flatMap((item) => [
            ...bestDot(item, shown, colors),
            ...liveDot(item, shown, colors),
          ]),
        ].map((item) => ({ ...item, ...axes }));
      }),
    ],
  };
}
