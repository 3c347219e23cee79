/** The report as Markdown; drawings lie in files beside it. */
import { formatCount } from '../../format.js';
import { escapeMarkdown as e } from '../markup.js';
import type { Report, ReportBlock } from './types.js';

/** Where a figure's file is, relative to the page. */
export const figurePath = (name: string): string => `figures/${name}.svg`;

export function reportMarkdown(report: Report): string {
  const { title, subtitle, description, readouts, sections } = report;
  const parts = [
    `# ${e(title)}`,
    e(subtitle),
    ...description
      .split(/\n\s*\n/)
      .filter((part) => part.trim() !== '')
      .map(e),
    readouts
      .map(
        ({ label, value, note }) =>
          `- ${e(label)}: **${e(value)}**${note === '' ? '' : ` (${e(note)})`}`,
      )
      .join('\n'),
    ...sections.flatMap((section) => [`## ${e(section.title)}`, ...section.blocks.flatMap(block)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function block(given: ReportBlock): string[] {
  switch (given.kind) {
    case 'text':
      return [e(given.text)];
    case 'facts':
      return [table(['', ''], [], given.rows)];
    case 'table': {
      const numeric = given.columns.map((column) => column.numeric === true);
      const titles = given.columns.map(({ title }) => title);
      return [`**${e(given.title)}**`, table(titles, numeric, given.rows)];
    }
    case 'matrix': {
      const rows = given.counts.map((row, i) => [given.labels[i] ?? '', ...row.map(formatCount)]);
      const numeric = [false, ...given.labels.map(() => true)];
      return [`**${e(given.title)}**`, table(['', ...given.labels], numeric, rows)];
    }
    case 'figure':
      return [
        ...(given.title === '' ? [] : [`**${e(given.title)}**`]),
        `![${e(given.alt)}](${figurePath(given.name)})`,
      ];
    case 'sample':
      return [`**${e(given.title)}**`, indented(given.prompt + given.text)];
  }
}

function table(titles: readonly string[], numeric: readonly boolean[], rows: readonly string[][]) {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(titles.map(e)),
    line(titles.map((_, i) => (numeric[i] === true ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(e))),
  ].join('\n');
}

/** A code block that no text can end. */
const indented = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `    ${line}`)
    .join('\n');
