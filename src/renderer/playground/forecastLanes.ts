/** One lane for each target: what the network saw, what it said, what came. */
import type { Prediction } from '#shared/run/prediction';
import { nearest, type Point } from '../charts/curves.js';
import { formatScore } from '../charts/format.js';
import type { Lane, LaneModel } from '../charts/lanes.js';

export type Forecast = Extract<Prediction, { kind: 'forecast' }>;

/** Mean absolute error of the window for one target; null where the future is not known. */
export function windowError({ values, actual }: Forecast, target: number): number | null {
  if (actual === null || values.length === 0) return null;
  const sum = values.reduce(
    (total, row, step) => total + Math.abs((row[target] ?? 0) - (actual[step]?.[target] ?? 0)),
    0,
  );
  return sum / values.length;
}

/** The same for repeating the last value that was seen. */
export function persistenceError({ history, actual }: Forecast, target: number): number | null {
  const last = history.at(-1)?.[target];
  if (actual === null || actual.length === 0 || last === undefined) return null;
  return actual.reduce((sum, row) => sum + Math.abs((row[target] ?? 0) - last), 0) / actual.length;
}

const tick = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

/** Steps relative to the last one that the network saw: −2, −1, now, +1. */
export function formatStep(x: number, last: number): string {
  const offset = Math.round((x - last) * 100) / 100;
  return offset === 0 ? 'now' : offset > 0 ? `+${offset}` : `−${-offset}`;
}

export function forecastModel(forecast: Forecast, targetNames: readonly string[]): LaneModel {
  const { history, values, actual } = forecast;
  const last = history.length - 1;
  const future = (rows: number[][], target: number): Point[] => [
    ...(history.length > 0 ? [[last, history[last]?.[target] ?? null] satisfies Point] : []),
    ...rows.map((row, step): Point => [last + 1 + step, row[target] ?? null]),
  ];
  const parts = targetNames.map((name, target) => ({
    name,
    seen: history.map((row, time): Point => [time, row[target] ?? null]),
    predicted: future(values, target),
    came: actual === null ? [] : future(actual, target),
  }));
  return {
    lanes: parts.map(({ name, seen, predicted, came }, target): Lane => ({
      id: `target ${target}`,
      weight: 1,
      series: [
        { id: `${name} seen`, name: 'seen', points: seen, color: 'neutral', style: 'line' },
        {
          id: `${name} actual`,
          name: 'actual',
          points: came,
          color: 'second',
          style: 'marked',
          dash: 'dashed',
        },
        {
          id: `${name} predicted`,
          name: 'predicted',
          points: predicted,
          color: 'first',
          style: 'marked',
        },
      ],
      scale: 'linear',
      fromZero: false,
      maximum: null,
      formatTick: tick,
      threshold: null,
    })),
    xMaximum: last + values.length,
    formatX: (x) => formatStep(x, last),
    markX: last,
    right: 24,
    tooltip: (x) => {
      const step = Math.round(x);
      const line = (name: string, points: readonly Point[]): string => {
        const point = nearest(points, step);
        return point === null ? '' : `<div>${name} <b>${formatScore(point[1])}</b></div>`;
      };
      const lines = parts.map(({ seen, predicted, came }) =>
        step <= last ? line('seen', seen) : line('predicted', predicted) + line('actual', came),
      );
      return `<div>${formatStep(step, last)}</div>${lines.join('')}`;
    },
  };
}
