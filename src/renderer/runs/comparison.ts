/** The curves of several runs over each other. Colour and line style tell them apart, and their names. */
import {
  curvesOf,
  formatMetric,
  metricIsBetterHigh,
  metricsOf,
  metricTitles,
  nearest,
  type CurveAxis,
  type Metric,
  type Point,
} from '#shared/run/curves';
import type { RunParent } from '#shared/run/branch';
import { escapeHtml } from '#shared/codegen/markup';
import {
  formatCount,
  formatPercent,
  formatQuantity,
  formatScore,
  formatTime,
} from '#shared/format';
import {
  formatEpoch,
  type Lane,
  type LaneModel,
  type LaneSeries,
  type StrokeColor,
} from '../charts/lanes.js';
import { smoothPoints } from '#shared/run/smoothing';
import type { RunCurves } from '../stores/runs.js';

export interface LineLook {
  color: StrokeColor;
  ghost: StrokeColor;
  /** The colour as a token, for legends. */
  token: string;
  dash: 'solid' | 'dashed' | 'dotted';
}

const hues: Omit<LineLook, 'dash'>[] = [
  { color: 'first', ghost: 'firstGhost', token: 'var(--d-1)' },
  { color: 'second', ghost: 'secondGhost', token: 'var(--d-2)' },
  { color: 'neutral', ghost: 'mute', token: 'var(--fg-2)' },
];
/** So many lines have a hue of their own, by which the names at their ends are told apart. */
export const namedAtEnd = hues.length;

/** Three hues times three line styles; more lines nobody tells apart. */
export const lineLooks: readonly LineLook[] = (['solid', 'dashed', 'dotted'] as const).flatMap(
  (dash) => hues.map((hue) => ({ ...hue, dash })),
);

export type ComparisonAxis = 'epoch' | 'step' | 'time';

const suffixed =
  (unit: string) =>
  (x: number): string =>
    `${Number(x.toPrecision(4))} ${unit}`;

/** Ticks. */
const formatX: Record<CurveAxis, (x: number) => string> = {
  epoch: formatEpoch,
  step: (x) => (x === 0 ? 'step 0' : x < 1e5 ? formatCount(Math.round(x)) : formatQuantity(x)),
  second: suffixed('s'),
  minute: suffixed('min'),
  hour: suffixed('h'),
};

/** A place in words. */
const place: Record<CurveAxis, (x: number) => string> = {
  epoch: (x) => `epoch ${Number(x.toFixed(1))}`,
  step: (x) => `step ${formatCount(Math.round(x))}`,
  second: (x) => formatTime(x),
  minute: (x) => formatTime(60 * x),
  hour: (x) => formatTime(3600 * x),
};

export interface ComparedRun {
  id: string;
  title: string;
  look: LineLook;
  curves: RunCurves | null;
  /** Where it branched off which run. */
  parent: Pick<RunParent, 'runId' | 'epoch' | 'step'> | null;
}

export interface Comparison {
  loss: LaneModel;
  metric: LaneModel | null;
  metricTitle: string;
  /** The charts in words. */
  summary: string;
}

const trainingSmoothing = 0.95;

const plainTick = (value: number): string => String(Number(value.toPrecision(4)));

function best(points: readonly Point[], high: boolean): number | null {
  let found: Point | null = null;
  for (const point of points) {
    const [, y] = point;
    if (y === null) continue;
    if (found === null || found[1] === null || (high ? y > found[1] : y < found[1])) found = point;
  }
  return found?.[0] ?? null;
}

/** Whether x lies between the first and the last point of the curves. */
const spans = (curves: readonly (readonly Point[])[], x: number): boolean =>
  curves.some((points) => x >= (points[0]?.[0] ?? Infinity)) &&
  curves.some((points) => x <= (points.at(-1)?.[0] ?? -Infinity));

/** Where branches part from a parent that is shown too; null where that is not one place. */
function branchingPoint(runs: readonly ComparedRun[], axis: CurveAxis): number | null {
  if (axis !== 'epoch' && axis !== 'step') return null;
  const ids = new Set(runs.map(({ id }) => id));
  const places = new Set(
    runs.flatMap(({ parent }) => (parent !== null && ids.has(parent.runId) ? [parent[axis]] : [])),
  );
  const [only] = places;
  return places.size === 1 ? (only ?? null) : null;
}

function chart(
  id: string,
  lines: { run: ComparedRun; train: Point[]; validation: Point[]; bestX: number | null }[],
  axis: CurveAxis,
  lane: Pick<Lane, 'maximum' | 'formatTick'>,
  format: (value: number | null) => string,
): LaneModel {
  const named = lines.length <= namedAtEnd;
  const shown = lines.filter(({ train, validation }) => train.length + validation.length > 0);
  const series = shown.flatMap(({ run, train, validation, bestX }): LaneSeries[] => {
    const main = validation.length > 0 ? validation : train;
    const { color, ghost, dash } = run.look;
    return [
      ...(validation.length > 0
        ? [
            {
              id: `${run.id} train`,
              name: run.title,
              points: train,
              color: ghost,
              style: 'ghost' as const,
            },
          ]
        : []),
      {
        id: run.id,
        name: run.title,
        points: main,
        color,
        dash,
        style: validation.length === 1 ? ('marked' as const) : ('line' as const),
        best: bestX === null ? null : { x: bestX, label: '' },
        ...(named ? { endLabel: run.title } : {}),
      },
    ];
  });
  return {
    lanes: [{ id, weight: 1, series, scale: 'linear', fromZero: false, threshold: null, ...lane }],
    xMinimum: 0,
    xMaximum: null,
    formatX: formatX[axis],
    markX: null,
    branchX: branchingPoint(
      lines.map(({ run }) => run),
      axis,
    ),
    right: named ? 80 : 16,
    tooltip: (x) =>
      `<div>${place[axis](x)}</div>` +
      shown
        .map(({ run, train, validation }) => {
          const curve = validation.length > 0 ? validation : train;
          // Before a run began and after it ended it has no value.
          const value = spans([train, validation], x) ? (nearest(curve, x)?.[1] ?? null) : null;
          return `<div style="display:flex;gap:16px"><span>${escapeHtml(run.title)}</span><b style="margin-left:auto">${format(value)}</b></div>`;
        })
        .join(''),
  };
}

/** The unit of time that gives an axis of so many seconds round numbers. */
const timeUnit = (seconds: number): CurveAxis =>
  seconds < 150 ? 'second' : seconds < 3 * 3600 ? 'minute' : 'hour';

export function compareRuns(
  runs: readonly ComparedRun[],
  against: ComparisonAxis = 'epoch',
): Comparison {
  const withCurves = runs.map((run) => ({
    run,
    batches: run.curves?.batches ?? [],
    epochs: run.curves?.epochs ?? [],
  }));
  const metric: Metric | null =
    withCurves.flatMap(({ batches, epochs }) => metricsOf(batches, epochs))[0] ?? null;
  const longest = Math.max(
    0,
    ...withCurves.map(({ batches, epochs }) =>
      Math.max(batches.at(-1)?.elapsed ?? 0, epochs.at(-1)?.elapsed ?? 0),
    ),
  );
  const axis = against === 'time' ? timeUnit(longest) : against;
  const lines = withCurves.map(({ run, batches, epochs }) => {
    const measured = metricsOf(batches, epochs).find((name) => name === metric) ?? null;
    return { run, curves: curvesOf(batches, epochs, measured, axis) };
  });
  const loss = chart(
    'loss',
    lines.map(({ run, curves }) => ({
      run,
      train: smoothPoints(curves.trainLoss, trainingSmoothing),
      validation: curves.validationLoss,
      bestX: best(curves.validationLoss, false),
    })),
    axis,
    { maximum: null, formatTick: plainTick },
    formatScore,
  );
  const high = metric !== null && metricIsBetterHigh(metric);
  const metricChart =
    metric === null
      ? null
      : chart(
          'metric',
          lines.map(({ run, curves }) => ({
            run,
            train: smoothPoints(curves.trainMetric, trainingSmoothing),
            validation: curves.validationMetric,
            bestX: best(curves.validationMetric, high),
          })),
          axis,
          {
            maximum: metric === 'accuracy' ? 1 : null,
            formatTick:
              metric === 'accuracy'
                ? (value) => formatPercent(value, 0).replace(/\s%$/, '')
                : plainTick,
          },
          (value) => formatMetric(metric, value),
        );
  const summary = lines
    .map(({ run, curves }) => {
      const x = best(curves.validationLoss, false);
      if (x === null) return `${run.title}: no validation loss yet.`;
      const value = nearest(curves.validationLoss, x)?.[1] ?? null;
      return `${run.title}: best validation loss ${formatScore(value)} at ${place[axis](x)}.`;
    })
    .join(' ');
  return {
    loss,
    metric: metricChart,
    metricTitle: metric === null ? '' : metricTitles[metric],
    summary,
  };
}
