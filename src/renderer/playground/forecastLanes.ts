/** One lane for each target: what the network saw, what it said, what came. */
import type { Prediction } from '#shared/run/prediction';
import { nearest, type Point } from '#shared/run/curves';
import { formatScore } from '#shared/format';
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

/** Steps relative to the last one that the network saw, which is 0: −2, −1, now, +1. */
export function formatStep(x: number): string {
  const step = Number(x.toFixed(2));
  return step === 0 ? 'now' : step > 0 ? `+${step}` : `−${-step}`;
}

export function forecastModel(forecast: Forecast, targetNames: readonly string[]): LaneModel {
  const { history, values, actual } = forecast;
  const first = 1 - history.length;
  const future = (rows: number[][], target: number): Point[] => [
    ...history.slice(-1).map((row): Point => [0, row[target] ?? null]),
    ...rows.map((row, step): Point => [step + 1, row[target] ?? null]),
  ];
  const parts = targetNames.map((name, target) => ({
    name,
    seen: history.map((row, time): Point => [first + time, row[target] ?? null]),
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
    xMinimum: Math.min(0, first),
    xMaximum: values.length,
    formatX: formatStep,
    markX: 0,
    right: 24,
    tooltip: (x) => {
      const step = Math.round(x);
      const line = (name: string, points: readonly Point[]): string => {
        const point = nearest(points, step);
        return point === null ? '' : `<div>${name} <b>${formatScore(point[1])}</b></div>`;
      };
      const lines = parts.map(({ seen, predicted, came }) =>
        step <= 0 ? line('seen', seen) : line('predicted', predicted) + line('actual', came),
      );
      return `<div>${formatStep(step)}</div>${lines.join('')}`;
    },
  };
}
