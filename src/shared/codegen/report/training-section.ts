/** The recipe in words and as a table, what happened, and the curves. */
import { formatCount, formatDuration, formatPlural, formatScore } from '../../format.js';
import { curvesOf, metricsOf, metricTitles, type Metric, type Point } from '../../run/curves.js';
import { smoothPoints } from '../../run/smoothing.js';
import { weightsText } from '../../training/class-weights.js';
import type { TrainingRecipe } from '../../training/recipe.js';
import { optimizerNames, scheduleText } from '../../run/words.js';
import { lineChart, type Line } from './charts.js';
import { colors } from './svg.js';
import type { ReportBlock, ReportInput } from './types.js';

const losses: Record<ReportInput['loss'], string> = {
  'cross-entropy': 'softmax cross-entropy, the mean over real predictions',
  'mean-squared-error': 'mean squared error of the scaled values',
  'mean-absolute-error': 'mean absolute error of the scaled values',
  huber: 'Huber loss of the scaled values',
};

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
  const padded = facts.input.kind === 'tokens' && facts.input.padded;
  const batches = started?.batchesPerEpoch ?? Math.ceil(facts.examples.train / batchSize);
  const stop =
    earlyStopping === null
      ? ''
      : ` It stops when the validation ${earlyStopping.monitor} has not improved for ` +
        `${formatPlural(earlyStopping.patience, 'epoch')}` +
        `${earlyStopping.restoreBest ? ', and takes back the weights of the best epoch' : ''}.`;
  const order = [
    shuffle ? 'The rows are shuffled anew in every epoch' : 'The rows keep their order',
    bucketing && padded ? 'rows of similar length share a batch, so that little is padded' : null,
  ].filter((part) => part !== null);
  const rate = `${training.optimizer.learningRate} (${scheduleText(training)})`;
  return (
    `Trained with ${optimizerNames[training.optimizer.kind]} at a learning rate of ${rate} over at most ` +
    `${formatPlural(training.epochs, 'epoch')} of ${formatPlural(batches, 'batch', 'batches')} of ` +
    `${formatPlural(batchSize, 'row')}. ${clipSentence(training.clip)}${stop} ${order.join('; ')}.`
  );
}

function clipSentence({ norm, value }: TrainingRecipe['clip']): string {
  const ways = [
    value === null ? null : `each element at ±${value}`,
    norm === null ? null : `the global norm at ${norm}`,
  ].filter((way) => way !== null);
  return ways.length === 0
    ? 'Gradients are not clipped.'
    : `Gradients are clipped: ${ways.join(', then ')}.`;
}

function outcome({ summary, records }: ReportInput): string {
  if (summary === null) return '';
  const epochs = formatPlural(summary.epochs, 'epoch');
  const end = {
    completed: `It ran all ${epochs}`,
    'early-stopping': `It stopped early after ${epochs}`,
    stopped: `It was stopped after ${epochs}`,
  }[summary.reason];
  const rate = records.batches.at(-1)?.examplesPerSecond;
  const speed =
    rate === undefined ? '' : `, about ${formatCount(Math.round(rate))} examples a second`;
  const best =
    summary.bestEpoch === null
      ? ''
      : ` The best epoch by validation was epoch ${summary.bestEpoch}.`;
  return `${end}: ${formatPlural(summary.step, 'step')} in ${formatDuration(summary.seconds)}${speed}.${best}`;
}

function recipeRows({ document: { training }, started, loss }: ReportInput): [string, string][] {
  const { optimizer, earlyStopping } = training;
  const settings = Object.entries(optimizer)
    .filter(([key]) => key !== 'kind')
    .map(([key, value]) => `${key.replace(/([A-Z])/g, ' $1').toLowerCase()} ${value}`);
  const weights: [string, string][] =
    started?.classWeights === undefined
      ? []
      : [['Class weights', `${weightsText(started.classWeights)}, in the training loss`]];
  return [
    ['Loss', losses[loss]],
    ['Optimizer', `${optimizerNames[optimizer.kind]}: ${settings.join(', ')}`],
    ['Schedule', scheduleText(training)],
    ['Gradients', clipSentence(training.clip).replace(/^Gradients are |\.$/g, '')],
    ['Batch size', formatCount(training.batchSize)],
    ['Epochs', `at most ${formatCount(training.epochs)}`],
    [
      'Early stopping',
      earlyStopping === null
        ? 'off'
        : `${earlyStopping.monitor}, patience ${earlyStopping.patience}, minimum change ${earlyStopping.minimumChange}`,
    ],
    ...weights,
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
  const figures = [
    figure('loss', 'Loss', trainAndValidation(loss.trainLoss, loss.validationLoss), { marks }),
  ];
  for (const metric of metrics) {
    const curves = curvesOf(batches, epochs, metric);
    const lines = trainAndValidation(curves.trainMetric, curves.validationMetric);
    const format = metric === 'accuracy' ? { format: percentTick } : {};
    figures.push(figure(fileName(metric), metricTitles[metric], lines, { marks, ...format }));
  }
  const rates = new Set(loss.learningRate.map(([, rate]) => rate));
  if (rates.size > 1) {
    const line = { name: 'learning rate', points: loss.learningRate, color: colors.label };
    figures.push(figure('learning-rate', 'Learning rate', [line], { height: 140 }));
  }
  const norms = smoothed('gradient norm', loss.gradientNorm, colors.label, colors.line);
  const title = 'Gradient norm before clipping';
  return [...figures, figure('gradient-norm', title, norms, { height: 140 })];
}

const percentTick = (share: number): string => `${Number((100 * share).toPrecision(6))} %`;

const fileName = (metric: Metric): string => metric.replace(/([A-Z])/g, '-$1').toLowerCase();

const trainAndValidation = (train: readonly Point[], validation: readonly Point[]): Line[] => [
  ...smoothed('training', train, colors.first, colors.firstGhost),
  ...(validation.length === 0
    ? []
    : [{ name: 'validation', points: validation, color: colors.second, width: 2 }]),
];

function smoothed(name: string, points: readonly Point[], color: string, ghost: string): Line[] {
  if (points.length < 40) return [{ name, points, color }];
  return [
    { name, points, color: ghost, width: 1, ghost: true },
    { name, points: smoothPoints(points, smoothing), color },
  ];
}

interface FigureOptions {
  marks?: readonly { x: number; label: string }[];
  format?: (value: number) => string;
  height?: number;
}

function figure(
  name: string,
  title: string,
  lines: readonly Line[],
  { marks = [], format, height }: FigureOptions,
): ReportBlock {
  const ends = lines
    .filter(({ ghost }) => ghost !== true)
    .map((line) => `${line.name} ends at ${lastOf(line, format ?? formatScore)}`);
  const alt = `${title} by epoch: ${ends.join(', ')}`;
  return {
    kind: 'figure',
    name,
    title,
    alt,
    svg: lineChart(
      lines,
      {
        alt,
        x: { title: 'epoch' },
        y: { title: '', ...(format === undefined ? {} : { format }) },
        fit: true,
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
