/** The lanes of one run: loss, metric, gradient norm, learning rate. */
import {
  curvesOf,
  formatMetric,
  lastValue,
  metricsOf,
  metricTitles,
  nearest,
  type Curves,
  type Metric,
  type Point,
} from '#shared/run/curves';
import {
  formatCount,
  formatPercent,
  formatQuantity,
  formatScore,
  formatSmall,
} from '#shared/format';
import { formatEpoch, type Lane, type LaneModel } from '../charts/lanes.js';
import { smoothPoints } from '#shared/run/smoothing';
import type { BatchRecord, EpochRecord } from '#shared/run/events';
import styles from './train.module.css';

export interface RunLaneSettings {
  smoothing: number;
  scale: 'linear' | 'log';
  range: 'fit' | 'whole';
  /** The metric that the reader chose, taken if the run has it. */
  metric: Metric | null;
  /** What is measured from the first batch on: its lane is there before it. Null until it is known. */
  expected: Metric | null;
  clipNorm: number | null;
  plannedEpochs: number | null;
  /** The epoch, with its fraction, at which it branched off another run. */
  branchX: number | null;
  live: boolean;
}

export interface RunLanes {
  model: LaneModel;
  metrics: Metric[];
  metric: Metric | null;
  bestEpoch: number | null;
  now: {
    trainLoss: string;
    validationLoss: string;
    trainMetric: string;
    validationMetric: string;
    gradientNorm: string;
    learningRate: string;
  };
  /** The charts in words. */
  summary: string;
}

function plainTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e5) return formatQuantity(value);
  if (size >= 1000) return formatCount(Math.round(value));
  return size > 0 && size < 1e-3 ? formatSmall(value) : String(Number(value.toPrecision(4)));
}

/** Within half an epoch of x, so that the first half epoch has no validation value. */
function validationAt(points: readonly Point[], x: number): number | null {
  const point = nearest(points, x);
  return point !== null && Math.abs(point[0] - x) <= 0.5 ? point[1] : null;
}

/** HTML from our own words and numbers only. */
function tooltipRow(name: string, value: string, token: string | null): string {
  const swatch =
    token === null ? '' : `<i class="${styles.swatch ?? ''}" style="background:var(${token})"></i>`;
  return `<p class="${styles.tipRow ?? ''}">${swatch}${name}<b>${value}</b></p>`;
}

function tooltipAt(
  x: number,
  curves: Curves,
  smoothLoss: readonly Point[],
  smoothMetric: readonly Point[],
  metric: Metric | null,
  smoothed: boolean,
): string {
  const loss = nearest(smoothLoss, x);
  if (loss === null) return '';
  const [at] = loss;
  const step =
    curves.batchesPerEpoch === null
      ? ''
      : `, step ${Math.round(at * curves.batchesPerEpoch) + curves.stepsAhead}`;
  const validation = validationAt(curves.validationLoss, at);
  const rows = [
    `<p class="${styles.tipHead ?? ''}">epoch ${at.toFixed(at < 10 ? 2 : 1)}${step}</p>`,
    tooltipRow('train', formatScore(loss[1]), '--d-1'),
  ];
  if (smoothed) {
    const raw = nearest(curves.trainLoss, at)?.[1] ?? null;
    rows.push(tooltipRow('train, not smoothed', formatScore(raw), '--d-1-ghost'));
  }
  if (validation !== null) {
    rows.push(tooltipRow('validation', formatScore(validation), '--d-2'));
    if (loss[1] !== null) rows.push(tooltipRow('gap', formatScore(validation - loss[1]), null));
  }
  if (metric !== null) {
    const title = metricTitles[metric].toLowerCase();
    const value = nearest(smoothMetric, at)?.[1] ?? null;
    rows.push(tooltipRow(title, formatMetric(metric, value), '--d-1'));
    const validationMetric = validationAt(curves.validationMetric, at);
    if (validationMetric !== null)
      rows.push(tooltipRow('validation', formatMetric(metric, validationMetric), '--d-2'));
  }
  rows.push(
    tooltipRow('gradient norm', formatScore(nearest(curves.gradientNorm, at)?.[1] ?? null), null),
    tooltipRow('learning rate', formatSmall(nearest(curves.learningRate, at)?.[1] ?? null), null),
  );
  return rows.join('');
}

function summarise(
  epoch: number,
  now: RunLanes['now'],
  metric: Metric | null,
  bestEpoch: number | null,
): string {
  if (epoch === 0) return 'No training step yet.';
  const parts = [
    `Curves up to epoch ${epoch.toFixed(1)}.`,
    `Loss: train ${now.trainLoss}, validation ${now.validationLoss}.`,
  ];
  if (metric !== null)
    parts.push(
      `${metricTitles[metric]}: train ${now.trainMetric}, validation ${now.validationMetric}.`,
    );
  if (bestEpoch !== null) parts.push(`Best epoch ${bestEpoch}.`);
  parts.push(`Gradient norm ${now.gradientNorm}. Learning rate ${now.learningRate}.`);
  return parts.join(' ');
}

export function runLanes(
  batches: readonly BatchRecord[],
  epochs: readonly EpochRecord[],
  settings: RunLaneSettings,
): RunLanes {
  const { smoothing, live } = settings;
  const measured = metricsOf(batches, epochs);
  const expected = settings.expected === null ? [] : [settings.expected];
  const metrics = batches.length === 0 && measured.length === 0 ? expected : measured;
  const metric = metrics.find((name) => name === settings.metric) ?? metrics[0] ?? null;
  const curves = curvesOf(batches, epochs, metric);
  const smoothLoss = smoothPoints(curves.trainLoss, smoothing);
  const smoothMetric = smoothPoints(curves.trainMetric, smoothing);
  const hasValidation = curves.validationLoss.length > 0;
  const bestEpoch = hasValidation ? (epochs.at(-1)?.bestEpoch ?? null) : null;
  const bestLoss = curves.validationLoss.find(([x]) => x === bestEpoch)?.[1] ?? null;

  const pair = (
    id: string,
    raw: readonly Point[],
    smoothed: readonly Point[],
    validation: readonly Point[],
    bestLabel: string,
  ): Lane['series'] => [
    ...(smoothing > 0
      ? [
          {
            id: `${id} raw`,
            name: 'raw',
            points: raw,
            color: 'firstGhost',
            style: 'ghost',
          } as const,
        ]
      : []),
    { id: `${id} train`, name: 'train', points: smoothed, color: 'first', style: 'line', live },
    {
      id: `${id} validation`,
      name: 'validation',
      points: validation,
      color: 'second',
      style: 'marked',
      best: bestEpoch === null ? null : { x: bestEpoch, label: bestLabel },
    },
  ];
  const neutral = (id: string, points: readonly Point[]): Lane['series'] => [
    { id, name: id, points, color: 'neutral', style: 'line' },
  ];

  const lanes: Lane[] = [
    {
      id: 'loss',
      weight: 28,
      series: pair(
        'loss',
        curves.trainLoss,
        smoothLoss,
        curves.validationLoss,
        bestEpoch === null ? '' : `best, epoch ${bestEpoch}: ${formatScore(bestLoss)}`,
      ),
      scale: settings.scale,
      fromZero: false,
      maximum: null,
      formatTick: plainTick,
      threshold: null,
    },
  ];
  if (metric !== null)
    lanes.push({
      id: 'metric',
      weight: 16,
      series: pair('metric', curves.trainMetric, smoothMetric, curves.validationMetric, ''),
      scale: metric === 'perplexity' ? settings.scale : 'linear',
      fromZero: false,
      maximum: metric === 'accuracy' ? 1 : null,
      formatTick:
        metric === 'accuracy' ? (value) => formatPercent(value, 0).replace(/\s%$/, '') : plainTick,
      threshold: null,
    });
  lanes.push(
    {
      id: 'gradient norm',
      weight: 9,
      series: neutral('gradient', curves.gradientNorm),
      scale: 'linear',
      fromZero: true,
      maximum: null,
      formatTick: plainTick,
      threshold: settings.clipNorm,
    },
    {
      id: 'learning rate',
      weight: 8,
      series: neutral('rate', curves.learningRate),
      scale: 'linear',
      fromZero: true,
      maximum: null,
      formatTick: formatSmall,
      threshold: null,
    },
  );

  const now = {
    trainLoss: formatScore(lastValue(smoothLoss)),
    validationLoss: formatScore(lastValue(curves.validationLoss)),
    trainMetric: metric === null ? '' : formatMetric(metric, lastValue(smoothMetric)),
    validationMetric:
      metric === null ? '' : formatMetric(metric, lastValue(curves.validationMetric)),
    gradientNorm: formatScore(lastValue(curves.gradientNorm)),
    learningRate: formatSmall(lastValue(curves.learningRate)),
  };
  return {
    metrics,
    metric,
    bestEpoch,
    now,
    summary: summarise(curves.trainLoss.at(-1)?.[0] ?? 0, now, metric, bestEpoch),
    model: {
      lanes,
      xMinimum: 0,
      xMaximum: settings.range === 'whole' ? settings.plannedEpochs : null,
      formatX: formatEpoch,
      markX: bestEpoch,
      branchX: settings.branchX,
      right: 16,
      tooltip: (x) => tooltipAt(x, curves, smoothLoss, smoothMetric, metric, smoothing > 0),
    },
  };
}
