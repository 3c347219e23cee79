/** A run as one page for people: what was trained on what, how it went and what it can do. */
import {
  formatDuration,
  formatCount,
  formatPercent,
  formatPlural,
  formatScore,
} from '../../format.js';
import type { CodeFile } from '../types.js';
import { networkBlocks } from './blocks-section.js';
import { dataBlocks } from './data-section.js';
import { environmentBlocks } from './environment-section.js';
import { reportPage } from './html.js';
import { figurePath, reportMarkdown } from './markdown.js';
import { resultBlocks } from './results-section.js';
import { trainingBlocks } from './training-section.js';
import type { Report, ReportInput } from './types.js';

/** `report.html`, which needs nothing else, and `report.md` with its figures. */
export function generateReport(input: ReportInput): CodeFile[] {
  const report = reportOf(input);
  const figures = report.sections.flatMap(({ blocks }) =>
    blocks.filter((block) => block.kind === 'figure'),
  );
  const file = (path: string, language: CodeFile['language'], text: string): CodeFile => ({
    path,
    language,
    text,
    spans: [],
  });
  return [
    file('report.html', 'html', reportPage(report)),
    file('report.md', 'markdown', reportMarkdown(report)),
    ...figures.map(({ name, svg }) => file(figurePath(name), 'text', `${svg}\n`)),
  ];
}

function reportOf(input: ReportInput): Report {
  const { document, run, started } = input;
  const day = new Date(run.created).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const facts = [
    `Run ${run.id}`,
    day,
    started?.deviceName ?? '',
    `Unroll Studio ${run.studioVersion}`,
  ];
  return {
    title: document.name,
    subtitle: facts.filter((fact) => fact !== '').join(' · '),
    description: document.description,
    readouts: readouts(input),
    sections: [
      { title: 'Results', blocks: resultBlocks(input) },
      { title: 'Network', blocks: networkBlocks(input) },
      { title: 'Data', blocks: dataBlocks(input) },
      { title: 'Training', blocks: trainingBlocks(input) },
      { title: 'Environment', blocks: environmentBlocks(input) },
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

function readouts({ document, summary, records, facts, started }: ReportInput): Report['readouts'] {
  const last = records.epochs.at(-1) ?? null;
  const scores = summary?.test ?? summary?.validation ?? last?.validation ?? last?.train ?? null;
  const part =
    (summary?.test ?? null) !== null
      ? 'test'
      : (summary?.validation ?? last?.validation ?? null) !== null
        ? 'validation'
        : 'training';
  const items: Report['readouts'] = [];
  const add = (label: string, value: string, note: string): void => {
    items.push({ label, value, note });
  };
  if (scores !== null) {
    const count = {
      test: facts.examples.test,
      validation: facts.examples.validation,
      training: facts.examples.train,
    }[part];
    const windows = document.data.task === 'next-token' || document.data.task === 'forecast';
    const rows = formatPlural(count, windows ? 'window' : 'row');
    if (scores.accuracy !== null) add(`Accuracy, ${part}`, formatPercent(scores.accuracy), rows);
    if (scores.perplexity !== null)
      add(`Perplexity, ${part}`, formatScore(scores.perplexity), rows);
    if (scores.meanAbsoluteError !== null)
      add(
        `Mean absolute error, ${part}`,
        formatScore(scores.meanAbsoluteError),
        `last value repeated: ${formatScore(scores.persistenceMeanAbsoluteError)}`,
      );
    if (scores.perplexity === null) add(`Loss, ${part}`, formatScore(scores.loss), '');
  }
  const parameters = summary?.parameters ?? started?.parameters ?? null;
  if (parameters !== null) add('Parameters', formatCount(parameters), 'trainable');
  const seconds = summary?.seconds ?? last?.elapsed ?? null;
  if (seconds !== null)
    add(
      'Training time',
      formatDuration(seconds),
      formatPlural(summary?.epochs ?? last?.epoch ?? 0, 'epoch'),
    );
  return items;
}
