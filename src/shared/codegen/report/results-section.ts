/** What the trained network does on rows that it never saw. */
import { formatCount, formatPercent, formatPlural, formatScore } from '../../format.js';
import { classScores } from '../../run/results.js';
import { againstMajority, conclusion, scoreTable } from '../../run/words.js';
import { lineChart } from './charts.js';
import { colors } from './svg.js';
import type {
  ClassResults,
  ForecastResults,
  ReportBlock,
  ReportInput,
  TextResults,
} from './types.js';

const numeric = true;

export function resultBlocks({ summary, results }: ReportInput): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  const said =
    results?.kind === 'classes'
      ? againstMajority(results)
      : summary === null
        ? null
        : conclusion(summary);
  if (said !== null) blocks.push({ kind: 'text', text: said });
  if (summary !== null)
    blocks.push({
      kind: 'table',
      title: 'Scores',
      columns: [
        { title: 'Score' },
        { title: 'Training', numeric },
        { title: 'Validation', numeric },
        { title: 'Test', numeric },
      ],
      rows: scoreTable(summary).map(({ name, values }) => [name, ...values]),
    });
  switch (results?.kind) {
    case 'classes':
      return [...blocks, ...classBlocks(results)];
    case 'forecast':
      return [...blocks, ...forecastBlocks(results)];
    case 'text':
      return [...blocks, ...sampleBlocks(results)];
    case undefined:
      return blocks;
  }
}

/** A larger matrix is no picture any more. */
const matrixLimit = 14;

function classBlocks({ labels, counts, mistakes, unit }: ClassResults): ReportBlock[] {
  const scores = classScores(counts);
  const means = (['precision', 'recall', 'f1'] as const).map((name) =>
    mean(scores.map((s) => s[name])),
  );
  const blocks: ReportBlock[] = [];
  if (labels.length <= matrixLimit)
    blocks.push({
      kind: 'matrix',
      title: `Confusion matrix of the test ${unit}s: a row for each actual label, a column for each predicted one`,
      labels,
      counts,
    });
  blocks.push({
    kind: 'table',
    title: 'Each label on the test part',
    columns: [
      { title: 'Label' },
      { title: 'Precision', numeric },
      { title: 'Recall', numeric },
      { title: 'F1', numeric },
      { title: `Test ${unit}s`, numeric },
    ],
    rows: [
      ...scores.map(({ precision, recall, f1, support }, i) => [
        labels[i] ?? String(i),
        formatPercent(precision),
        formatPercent(recall),
        formatPercent(f1),
        formatCount(support),
      ]),
      [
        'Mean over labels',
        ...means.map((value) => formatPercent(value)),
        formatCount(scores.reduce((sum, { support }) => sum + support, 0)),
      ],
    ],
  });
  if (mistakes.length > 0)
    blocks.push({
      kind: 'table',
      title: 'The mistakes that it was most sure of',
      columns: [
        { title: 'Text' },
        { title: 'Actual' },
        { title: 'Predicted' },
        { title: 'Sure by', numeric },
      ],
      rows: mistakes.map(({ text, actual, predicted, probability }) => [
        text,
        actual,
        predicted,
        formatPercent(probability),
      ]),
    });
  return blocks;
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Points that a line of a page's width still shows one by one. */
const shownWindows = 365;

function forecastBlocks({ targets, horizon }: ForecastResults): ReportBlock[] {
  return targets.flatMap(({ name, actual, predicted, byStep }, index) => {
    const from = Math.max(0, actual.length - shownWindows);
    const points = (values: readonly number[]) =>
      values.slice(from).map((y, i) => [from + i + 1, y] as const);
    const alt = `Actual and predicted ${name}, one step ahead, over ${formatPlural(actual.length - from, 'test window')}`;
    const blocks: ReportBlock[] = [
      {
        kind: 'figure',
        name: `forecast-${index + 1}`,
        title: `${name}: actual and predicted one step ahead${from > 0 ? `, the last ${shownWindows} test windows` : ', the whole test part'}`,
        alt,
        svg: lineChart(
          [
            { name: 'actual', points: points(actual), color: colors.mute, width: 1.5 },
            { name: 'predicted', points: points(predicted), color: colors.first, width: 1.75 },
          ],
          {
            alt,
            x: { title: 'test window' },
            y: { title: name },
            height: 280,
          },
        ),
      },
    ];
    if (horizon > 1)
      blocks.push({
        kind: 'table',
        title: `${name}: errors by how far ahead`,
        columns: [
          { title: 'Steps ahead' },
          { title: 'MAE', numeric },
          { title: 'RMSE', numeric },
          { title: 'MAE of repeating the last value', numeric },
        ],
        rows: byStep.map(({ meanAbsolute, rootMeanSquared, persistence }, step) => [
          String(step + 1),
          formatScore(meanAbsolute),
          formatScore(rootMeanSquared),
          formatScore(persistence),
        ]),
      });
    return blocks;
  });
}

const sampleBlocks = ({ samples, heldOut }: TextResults): ReportBlock[] =>
  samples.map(({ temperature, prompt, text }) => ({
    kind: 'sample',
    title:
      temperature === 0
        ? `A ${heldOut ? 'held-out' : 'training'} text (grey) and how the network goes on: always the most probable token`
        : `The same text, continued at temperature ${temperature}`,
    prompt,
    text,
  }));
