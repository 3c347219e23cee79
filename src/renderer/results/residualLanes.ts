/** Predicted against actual, one step ahead, and below it what is left: predicted − actual. */
import { formatScore } from '#shared/format';
import { nearest, type Point } from '#shared/run/curves';
import type { ForecastResults } from '#shared/run/results';
import { formatValue, type Lane, type LaneModel } from '../charts/lanes.js';

type Target = ForecastResults['targets'][number];

export interface ResidualFacts {
  /** Mean of predicted − actual: above 0 the network says too much. */
  bias: number;
  rootMeanSquared: number;
  /** The window that is furthest off, from 0; null without windows. */
  worst: { row: number; residual: number } | null;
}

export const residuals = ({ actual, predicted }: Target): number[] =>
  predicted.map((value, row) => value - (actual[row] ?? NaN));

export function residualFacts(target: Target): ResidualFacts {
  const all = residuals(target);
  let worst: ResidualFacts['worst'] = null;
  for (const [row, residual] of all.entries())
    if (worst === null || Math.abs(residual) > Math.abs(worst.residual)) worst = { row, residual };
  const mean = (of: (residual: number) => number): number =>
    all.reduce((sum, residual) => sum + of(residual), 0) / all.length;
  return {
    bias: mean((residual) => residual),
    rootMeanSquared: Math.sqrt(mean((residual) => residual ** 2)),
    worst,
  };
}

export function residualModel(target: Target): LaneModel {
  const points = (values: readonly number[]): Point[] => values.map((y, row): Point => [row, y]);
  const actual = points(target.actual);
  const predicted = points(target.predicted);
  const left = points(residuals(target));
  const lane: Omit<Lane, 'id' | 'weight' | 'series' | 'threshold'> = {
    scale: 'linear',
    fromZero: false,
    maximum: null,
    formatTick: formatValue,
  };
  return {
    lanes: [
      {
        ...lane,
        id: 'values',
        weight: 2,
        threshold: null,
        series: [
          { id: 'actual', name: 'actual', points: actual, color: 'second', style: 'line' },
          { id: 'predicted', name: 'predicted', points: predicted, color: 'first', style: 'line' },
        ],
      },
      {
        ...lane,
        id: 'residual',
        weight: 1,
        threshold: 0,
        series: [
          { id: 'residual', name: 'residual', points: left, color: 'neutral', style: 'line' },
        ],
      },
    ],
    xMinimum: 0,
    xMaximum: Math.max(1, target.actual.length - 1),
    formatX: (x) => `row ${Math.round(x)}`,
    markX: null,
    right: 24,
    tooltip: (x) => {
      const line = (name: string, of: readonly Point[]): string =>
        `<div>${name} <b>${formatScore(nearest(of, x)?.[1] ?? null)}</b></div>`;
      return `<div>test row ${Math.round(x)}</div>${line('actual', actual)}${line('predicted', predicted)}${line('residual', left)}`;
    },
  };
}
