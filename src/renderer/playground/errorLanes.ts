/** How the error of a forecast grows with every step ahead, beside repeating the last value. */
import { formatScore } from '#shared/format';
import { nearest, type Point } from '#shared/run/curves';
import type { RollOut } from '#shared/run/prediction';
import { formatValue, type Lane, type LaneModel } from '../charts/lanes.js';
import { formatStep } from './forecastLanes.js';

type Target = RollOut['targets'][number];

/** @param own the horizon that the network was trained for: beyond it, predictions are fed back. */
export function errorModel(targets: readonly Target[], own: number): LaneModel {
  const steps = targets[0]?.byStep.length ?? 1;
  const parts = targets.map(({ name, byStep }) => ({
    name,
    network: byStep.map(({ meanAbsolute }, i): Point => [i + 1, meanAbsolute]),
    naive: byStep.map(({ persistence }, i): Point => [i + 1, persistence]),
  }));
  return {
    lanes: parts.map(({ name, network, naive }): Lane => ({
      id: `error ${name}`,
      weight: 1,
      series: [
        {
          id: `${name} naive`,
          name: 'last value',
          points: naive,
          color: 'second',
          style: 'marked',
          dash: 'dashed',
        },
        {
          id: `${name} network`,
          name: 'network',
          points: network,
          color: 'first',
          style: 'marked',
        },
      ],
      scale: 'linear',
      fromZero: true,
      maximum: null,
      formatTick: formatValue,
      threshold: null,
    })),
    xMinimum: 1,
    xMaximum: Math.max(2, steps),
    // Between two steps there is nothing.
    formatX: (x) => (Number.isInteger(x) ? formatStep(x) : ''),
    markX: own < steps ? own : null,
    right: 24,
    tooltip: (x) => {
      const step = Math.round(x);
      const line = (name: string, points: readonly Point[]): string =>
        `<div>${name} <b>${formatScore(nearest(points, step)?.[1] ?? null)}</b></div>`;
      const lines = parts.map(
        ({ network, naive }) => line('network', network) + line('last value', naive),
      );
      return `<div>${formatStep(step)}</div>${lines.join('')}`;
    },
  };
}

/** The conclusion, then the numbers: whether the network is worth more than repeating the last value. */
export function errorSentence({ byStep }: Pick<Target, 'byStep'>): string {
  const [first] = byStep;
  const last = byStep.at(-1);
  if (first === undefined || last === undefined) return '';
  const better = byStep.filter(({ meanAbsolute, persistence }) => meanAbsolute < persistence);
  const until = byStep.findIndex(({ meanAbsolute, persistence }) => meanAbsolute >= persistence);
  const verdict =
    until === -1
      ? 'Better than repeating the last value at every step'
      : better.length === 0
        ? 'Nowhere better than repeating the last value'
        : until > 0 && better.length === until
          ? `Better than repeating the last value up to +${until}`
          : `Better than repeating the last value at ${better.length} of ${byStep.length} steps`;
  const span = (from: number, to: number): string =>
    byStep.length === 1 ? formatScore(from) : `${formatScore(from)} → ${formatScore(to)}`;
  return `${verdict}: ${span(first.meanAbsolute, last.meanAbsolute)} against ${span(first.persistence, last.persistence)}.`;
}
