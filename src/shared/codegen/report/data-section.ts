/** The data card: where the data come from, what they are, how they were divided and encoded. */
import type { DataPreview } from '../../data/facts.js';
import { dataFindings } from '../../data/findings/index.js';
import type { DataRecipe } from '../../data/recipe.js';
import type { ProjectDocument } from '../../graph/document.js';
import { formatCount, formatPercent, formatPlural, formatShare } from '../../format.js';
import { histogram } from './charts.js';
import type { ReportBlock, ReportInput } from './types.js';

const taskNames = {
  classification: 'One label for each text',
  tagging: 'One label for each token',
  'next-token': 'The next token of a text',
  forecast: 'The next values of a series',
} as const;

const methods = {
  random: 'at random',
  stratified: 'at random, with the same share of each class',
  'in order': 'in order: training first, then validation, then test',
} as const;

const repeats = {
  together: 'all in one part',
  drop: 'only the first one is used',
} as const;

export function dataBlocks({ document, facts, data, preprocessing }: ReportInput): ReportBlock[] {
  const { data: recipe } = document;
  const rows: [string, string][] = [['Task', taskNames[recipe.task]]];
  if (data !== null) {
    const { title, size, unit, licence, origin } = data.source;
    rows.push(['Source', title]);
    if (origin !== null) rows.push(['Origin', origin]);
    rows.push(['Licence', licence ?? 'not stated']);
    rows.push(['Size', `${formatCount(size)} ${unit}`]);
  } else if (recipe.source.kind === 'builtin') rows.push(['Source', recipe.source.id]);
  const { train, validation, test } = facts.examples;
  const unit = recipe.task === 'next-token' || recipe.task === 'forecast' ? 'windows' : 'rows';
  rows.push([
    'Parts',
    `${formatCount(train)} training, ${formatCount(validation)} validation and ${formatCount(test)} test ${unit}`,
  ]);
  rows.push(['Division', `${methods[recipe.split.method]}, seed ${recipe.split.seed}`]);
  if ('duplicates' in recipe && recipe.duplicates !== 'keep')
    rows.push(['Repeated texts', repeats[recipe.duplicates]]);
  rows.push(...inputRows(recipe, data, preprocessing.vocabulary?.length ?? null));
  const blocks: ReportBlock[] = [{ kind: 'facts', rows }];
  if (data === null)
    blocks.push({
      kind: 'text',
      text: 'When this report was made the data could not be read any more, or had changed, so it says nothing about single rows.',
    });
  else
    blocks.push(...classTable(data), ...lengthFigure(recipe, data), ...findingText(document, data));
  return blocks;
}

function inputRows(
  recipe: DataRecipe,
  data: DataPreview | null,
  vocabulary: number | null,
): [string, string][] {
  if (recipe.task === 'forecast') {
    const scalers = {
      standard: 'to mean 0 and deviation 1 of the training rows',
      minmax: 'to 0 … 1 over the training rows',
      none: 'not at all',
    };
    return [
      ...(recipe.sortByTime && recipe.timeColumn !== null
        ? [['Order', `sorted by ${recipe.timeColumn}`] satisfies [string, string]]
        : []),
      ['Inputs', recipe.inputColumns.join(', ')],
      ['Targets', recipe.targetColumns.join(', ')],
      [
        'Window',
        `${formatPlural(recipe.window, 'row')}, ${formatPlural(recipe.horizon, 'row')} ahead`,
      ],
      ['Scaled', scalers[recipe.scaler]],
    ];
  }
  const { tokenizer } = recipe;
  const unit = tokenizer.unit === 'word' ? 'words' : 'characters';
  const limits = [
    tokenizer.vocabularyLimit === null
      ? null
      : `at most ${formatCount(tokenizer.vocabularyLimit)} tokens`,
    tokenizer.minimumCount > 1 ? `seen at least ${tokenizer.minimumCount} times` : null,
  ].filter((part) => part !== null);
  const rows: [string, string][] = [
    ['Tokens', `${tokenizer.lowercase ? 'lower-case ' : ''}${unit}`],
  ];
  if (vocabulary !== null) {
    const unknown = data?.vocabulary?.unknownRate;
    rows.push([
      'Vocabulary',
      [
        `${formatCount(vocabulary)} tokens${limits.length === 0 ? '' : ` (${limits.join(', ')})`}`,
        unknown === undefined ? '' : `; ${formatPercent(unknown)} of held-out tokens are unknown`,
      ].join(''),
    ]);
  }
  if (recipe.task === 'next-token') {
    rows.push([
      'Window',
      `${formatPlural(recipe.window, 'token')}, one every ${formatPlural(recipe.stride, 'token')}`,
    ]);
  } else if (data !== null) {
    rows.push([
      'Row length',
      `${data.lengths.mean.toFixed(1)} tokens on average, at most ${formatCount(data.lengths.maximum)}; ` +
        `cut at ${recipe.maximumTimeSteps} (${formatShare(data.lengths.truncated)} of the rows)`,
    ]);
  }
  return rows;
}

function classTable({ classes }: DataPreview): ReportBlock[] {
  if (classes.length === 0) return [];
  const totals = (['train', 'validation', 'test'] as const).map((part) =>
    classes.reduce((sum, one) => sum + one[part], 0),
  );
  const cell = (count: number, total: number): string =>
    total === 0 ? '0' : `${formatCount(count)} (${formatShare(count / total)})`;
  const numeric = true;
  return [
    {
      kind: 'table',
      title: 'Labels in each part',
      columns: [
        { title: 'Label' },
        { title: 'Training', numeric },
        { title: 'Validation', numeric },
        { title: 'Test', numeric },
      ],
      rows: classes
        .slice(0, 40)
        .map(({ label, ...counts }) => [
          label,
          ...(['train', 'validation', 'test'] as const).map((part, i) =>
            cell(counts[part], totals[i] ?? 0),
          ),
        ]),
    },
  ];
}

function lengthFigure(recipe: DataRecipe, { lengths }: DataPreview): ReportBlock[] {
  const cut =
    recipe.task === 'classification' || recipe.task === 'tagging' ? recipe.maximumTimeSteps : null;
  if (cut === null || lengths.bins.length < 2) return [];
  return [
    {
      kind: 'figure',
      name: 'lengths',
      title: 'Length of the rows before they are cut',
      alt: `Histogram of row lengths, ${lengths.mean.toFixed(1)} tokens on average, at most ${lengths.maximum}`,
      svg: histogram(
        lengths.bins,
        {
          alt: 'Histogram of row lengths',
          x: { title: 'tokens' },
          y: { title: 'rows' },
        },
        [{ x: cut, label: `cut at ${cut}` }],
      ),
    },
  ];
}

const findingText = (
  { data: recipe, training }: ProjectDocument,
  data: DataPreview,
): ReportBlock[] =>
  dataFindings(recipe, data, training).map(({ title }) => ({
    kind: 'text',
    text: `Note: ${title}`,
  }));
