/** The recipe in words and as a table, what happened, and the curves. */
import { formatClock, formatCount, formatPlural, formatScore, formatSmall } from '../../format.js';
import {
  curvesOf,
  formatMetric,
  metricsOf,
  metricTitles,
  type Metric,
  type Point,
} from '../../run/curves.js';
import { smooth } from '../../run/smoothing.js';
import { clipText, optimizerText, scheduleText } from '../../run/words.js';
import { lineChart, type Line } from './charts.js';
import { colors } from './svg.js';
import type { ReportBlock, ReportInput } from './types.js';

const losses = {
  classification: 'softmax cross-entropy',
  tagging: 'softmax cross-entropy, mean over real tokens',
  'next-token': 'softmax cross-entropy, mean over tokens',
  forecast: 'of the scaled values',
} as const;

export function trainingBlocks(input: ReportInput): ReportBlock[] {
  return [
    { kind: 'text', text: recipeSentence(input) },
    ...(input.summary === null ? [] : [{ kind: 'text' as const, text: outcome(input) }]),
    ...curveFigures(input),
    { kind: 'facts', rows: recipeRows(input) },
  ];
}

function recipeSentence({ document: { training }, started, facts }: ReportInput): string {
  const { earlyStopping, batchSize, bucketing, shuffle } = training;
  const batches = started?.batchesPerEpoch ?? Math.ceil(facts.examples.train / batchSize);
  const stop =
    earlyStopping === null
      ? ''
      : ` It stops when the validation ${earlyStopping.monitor} has not improved for ` +
        `${formatPlural(earlyStopping.patience, 'epoch')}` +
        `${earlyStopping.restoreBest ? ', and takes back the weights of the best epoch' : ''}.`;
  const order = [
    shuffle ? 'The rows are shuffled anew in every epoch' : 'The rows keep their order',
    bucketing ? 'rows of similar length share a batch, so that little is padded' : null,
  ].filter((part) => part !== null);
  return (
    `${optimizerText(training)} (learning rate ${scheduleText(training)}) over at most ` +
    `${formatPlural(training.epochs, 'epoch')} of ${formatPlural(batches, 'batch', 'batches')} of ` +
    `${formatPlural(batchSize, 'row')}; the gradient is ${clipText(training)}.${stop} ${order.join('; ')}.`
  );
}

function outcome({ summary, records }: ReportInput): string {
  if (summary === null) return '';
  const why = {
    completed: 'It ran to its last epoch',
    'early-stopping': 'It stopped early',
    stopped: 'It was stopped',
  }[summary.reason];
  const rate = records.batches.at(-1)?.examplesPerSecond;
  const best =
    summary.bestEpoch === null
      ? ''
      : ` The best epoch by validation was epoch ${summary.bestEpoch}.`;
  return (
    `${why} after ${formatPlural(summary.epochs, 'epoch')}, ${formatCount(summary.step)} steps and ` +
    `${formatClock(summary.seconds)} of training` +
    `${rate === undefined ? '' : ` (about ${formatCount(Math.round(rate))} examples a second)`}.${best}`
  );
}

function recipeRows({ document: { training, data }, started }: ReportInput): [string, string][] {
  const { optimizer, earlyStopping } = training;
  const settings = Object.entries(optimizer)
    .filter(([key]) => key !== 'kind')
    .map(([key, value]) => `${key.replace(/([A-Z])/g, ' $1').toLowerCase()} ${value}`);
  return [
    ['Loss', losses[data.task]],
    ['Optimizer', `${optimizer.kind}: ${settings.join(', ')}`],
    ['Schedule', scheduleText(training)],
    ['Gradient', clipText(training)],
    ['Batch size', formatCount(training.batchSize)],
    ['Epochs', `at most ${formatCount(training.epochs)}`],
    [
      'Early stopping',
      earlyStopping === null
        ? 'off'
        : `${earlyStopping.monitor}, patience ${earlyStopping.patience}, minimum change ${earlyStopping.minimumChange}`,
    ],
    ['Seed', String(started?.seed ?? training.seed)],
  ];
}

/** Where batches are many, a single one says little. */
const smoothing = 0.9;

function curveFigures({ records, summary }: ReportInput): ReportBlock[] {
  const { batches, epochs } = records;
  if (batches.length === 0) return [];
  const metrics = metricsOf(batches, epochs);
  const best = summary?.bestEpoch ?? epochs.at(-1)?.bestEpoch ?? null;
  const marks = best === null ? [] : [{ x: best, label: 'best epoch' }];
  const loss = curvesOf(batches, epochs, null);
  const figures: ReportBlock[] = [
    figure(
      'loss',
      'Loss',
      trainAndValidation(loss.trainLoss, loss.validationLoss),
      formatScore,
      marks,
    ),
  ];
  for (const metric of metrics) {
    const curves = curvesOf(batches, epochs, metric);
    const format = (value: number): string => formatMetric(metric, value);
    const lines = trainAndValidation(curves.trainMetric, curves.validationMetric);
    figures.push(figure(fileName(metric), metricTitles[metric], lines, format, marks));
  }
  const rates = new Set(loss.learningRate.map(([, rate]) => rate));
  if (rates.size > 1) {
    const line = { name: 'learning rate', points: loss.learningRate, color: colors.label };
    figures.push(figure('learning-rate', 'Learning rate', [line], formatSmall, [], 150));
  }
  figures.push(
    figure(
      'gradient-norm',
      'Gradient norm before clipping',
      smoothed('gradient norm', loss.gradientNorm, colors.label, colors.line),
      formatScore,
      [],
      170,
    ),
  );
  return figures;
}

const fileName = (metric: Metric): string => metric.replace(/([A-Z])/g, '-$1').toLowerCase();

const trainAndValidation = (train: readonly Point[], validation: readonly Point[]): Line[] => [
  ...smoothed('training', train, colors.first, colors.firstGhost),
  ...(validation.length === 0
    ? []
    : [{ name: 'validation', points: validation, color: colors.second, width: 2 }]),
];

function smoothed(name: string, points: readonly Point[], color: string, ghost: string): Line[] {
  if (points.length < 40) return [{ name, points, color }];
  const values = smooth(
    points.map(([, y]) => y),
    smoothing,
  );
  return [
    { name, points, color: ghost, width: 1, ghost: true },
    { name, points: points.map(([x], i): Point => [x, values[i] ?? null]), color },
  ];
}

function figure(
  name: string,
  title: string,
  lines: readonly Line[],
  format: (value: number) => string,
  marks: readonly { x: number; label: string }[],
  height?: number,
): ReportBlock {
  const last = lines.map((line) => `${line.name} ends at ${lastOf(line, format)}`);
  const alt = `${title} by epoch: ${[...new Set(last)].join(', ')}`;
  return {
    kind: 'figure',
    name,
    title,
    alt,
    svg: lineChart(
      lines,
      {
        alt,
        x: { title: 'epoch', format: (value) => String(value) },
        y: { title, format },
        ...(height === undefined ? {} : { height }),
      },
      marks,
    ),
  };
}

function lastOf({ points }: Line, format: (value: number) => string): string {
  const value = points.findLast(([, y]) => y !== null)?.[1] ?? null;
  return value === null ? 'no value' : format(value);
}
