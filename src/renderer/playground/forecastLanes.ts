/** One lane for each target: what the network saw, what it said, what came. */
import type { Prediction } from '#shared/run/prediction';
import { nearest, type Point } from '#shared/run/curves';
import { formatScore } from '#shared/format';
import { formatValue, type Lane, type LaneModel } from '../charts/lanes.js';

export type Forecast = Extract<Prediction, { kind: 'forecast' }>;

/** Mean absolute error of the window for one target; null where the future is not known. */
export function windowError({ values, actual }: Forecast, target: number): number | null {
  if (actual === null || actual.length === 0) return null;
  const sum = actual.reduce(
    (total, row, step) => total + Math.abs((row[target] ?? 0) - (values[step]?.[target] ?? 0)),
    0,
  );
  return sum / actual.length;
}

/** The same for repeating the last value that was seen. */
export function persistenceError({ history, actual }: Forecast, target: number): number | null {
  const last = history.at(-1)?.[target];
  if (actual === null || actual.length === 0 || last === undefined) return null;
  return actual.reduce((sum, row) => sum + Math.abs((row[target] ?? 0) - last), 0) / actual.length;
}

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
  const targets = parts.map(({ name, seen, predicted, came }, target): Lane => ({
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
    formatTick: formatValue,
    threshold: null,
  }));
  const attention = pooledAttention(forecast);
  return {
    lanes: [...targets, ...attention.map(attentionLane)],
    xMinimum: Math.min(0, first, ...attention.map(({ weights }) => 1 - weights.length)),
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
      if (step <= 0)
        lines.push(...attention.map((one) => line('attention', attentionPoints(one.weights))));
      return `<div>${formatStep(step)}</div>${lines.join('')}`;
    },
  };
}

/** Of each block that looks once at the whole window: its weights by time. */
export const pooledAttention = ({ attention }: Forecast): { node: string; weights: number[] }[] =>
  attention.flatMap(({ node, perStep, weights: [weights] }) =>
    perStep || weights === undefined ? [] : [{ node, weights }],
  );

const attentionPoints = (weights: readonly number[]): Point[] =>
  weights.map((weight, time): Point => [1 - weights.length + time, weight]);

const attentionLane = ({ node, weights }: { node: string; weights: number[] }): Lane => ({
  id: `attention ${node}`,
  weight: 0.5,
  series: [
    {
      id: `attention ${node}`,
      name: 'attention',
      points: attentionPoints(weights),
      color: 'neutral',
      style: 'line',
    },
  ],
  scale: 'linear',
  fromZero: true,
  maximum: null,
  formatTick: formatValue,
  threshold: null,
});
