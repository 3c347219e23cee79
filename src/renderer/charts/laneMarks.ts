/** The lines across a lane that are no curve: the best epoch, where a run branched, a threshold. */
import type { LineSeriesOption } from 'echarts/charts';
import type { ChartColors } from './colors.js';
import { extentOf, type Lane, type LaneModel } from './lanes.js';
import { inSpan, type Span } from './view.js';

/** Pixels that the words at a branch take. */
const branchLabelWidth = 100;

/**
 * The words stand at the top of the upper lane, on the side of the line that the best epoch is not on,
 * unless they would leave the plot.
 */
function branchSide(at: number, { markX }: LaneModel, shown: Span, plot: number): 'left' | 'right' {
  const pixel = (plot * (at - shown.from)) / (shown.to - shown.from);
  const bestIsRight = markX !== null && markX >= at;
  if (pixel < branchLabelWidth) return 'right';
  return bestIsRight || plot - pixel < branchLabelWidth ? 'left' : 'right';
}

/**
 * They live on a series without points.
 * @param lane of the model, as far as it is in view. @param plot its width in pixels.
 */
export function marks(
  model: LaneModel,
  lane: Lane,
  shown: Span,
  plot: number,
  colors: ChartColors,
): LineSeriesOption {
  const { markX, branchX = null } = model;
  const { most } = extentOf(lane);
  const threshold =
    lane.threshold !== null && most !== null && lane.threshold <= most * 4 ? lane.threshold : null;
  const vertical = (x: number | null, color: string) =>
    x === null || !inSpan(x, shown)
      ? []
      : [{ xAxis: x, lineStyle: { color, type: 'dashed' as const, width: 1 } }];
  return {
    id: `${lane.id} marks`,
    type: 'line',
    // An invisible point keeps the threshold inside the axis.
    data: threshold === null ? [] : [{ value: [shown.from, threshold], symbol: 'none' }],
    silent: true,
    markLine: {
      silent: true,
      z: 1,
      symbol: 'none',
      animation: false,
      label: { show: false },
      data: [
        ...vertical(markX, colors.second),
        ...vertical(branchX, colors.label).map((line) => ({
          ...line,
          label: {
            show: lane.id === model.lanes[0]?.id,
            formatter: 'branched here',
            // Below the end of the line, beside it.
            position: 'end' as const,
            distance: -4,
            verticalAlign: 'top' as const,
            align: branchSide(line.xAxis, model, shown, plot) === 'left' ? 'right' : 'left',
            padding: [0, 6],
            color: colors.label,
            fontSize: 11,
            fontFamily: colors.fontFamily,
          } as const,
        })),
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
