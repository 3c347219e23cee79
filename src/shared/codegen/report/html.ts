/** The report as one page that needs nothing else: styles and drawings are inside, scripts there are none. */
import { escapeHtml as e } from '../markup.js';
import { formatCount } from '../../format.js';
import { pageStyle } from './style.js';
import type { Report, ReportBlock, ReportColumn } from './types.js';

export function reportPage({ title, subtitle, description, readouts, sections }: Report): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing is loaded, whatever a text in it says.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${e(title)}</title>`,
    `<style>\n${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<main>',
    '<header>',
    '<p class="eyebrow">Training report</p>',
    `<h1>${e(title)}</h1>`,
    `<p class="subtitle">${e(subtitle)}</p>`,
    ...paragraphs(description),
    '</header>',
    '<dl class="readouts">',
    ...readouts.map(
      ({ label, value, note }) =>
        `<div><dt>${e(label)}</dt><dd>${e(value)}</dd><dd class="note">${e(note)}</dd></div>`,
    ),
    '</dl>',
    ...sections.flatMap((section) => [
      '<section>',
      `<h2>${e(section.title)}</h2>`,
      ...section.blocks.map(blockHtml),
      '</section>',
    ]),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== '')
    .map((part) => `<p>${e(part.trim())}</p>`);

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p>${e(block.text)}</p>`;
    case 'facts':
      return [
        '<dl class="facts">',
        ...block.rows.map(
          ([label, value]) => `<div><dt>${e(label)}</dt><dd>${e(value)}</dd></div>`,
        ),
        '</dl>',
      ].join('\n');
    case 'table':
      return table(block.title, block.columns, block.rows);
    case 'matrix':
      return matrix(block);
    case 'figure':
      return [
        '<figure>',
        ...(block.title === '' ? [] : [`<figcaption>${e(block.title)}</figcaption>`]),
        block.svg,
        '</figure>',
      ].join('\n');
    case 'sample':
      return [
        '<figure>',
        `<figcaption>${e(block.title)}</figcaption>`,
        `<pre><span class="prompt">${e(block.prompt)}</span>${e(block.text)}</pre>`,
        '</figure>',
      ].join('\n');
  }
}

function table(title: string, columns: readonly ReportColumn[], rows: readonly string[][]): string {
  const cell = (tag: 'td' | 'th', content: string, i: number): string =>
    `<${tag}${columns[i]?.numeric === true ? ' class="number"' : ''}>${e(content)}</${tag}>`;
  // A short one is not torn apart on paper.
  return [
    rows.length > 14 ? '<table>' : '<table class="keep">',
    `<caption>${e(title)}</caption>`,
    `<thead><tr>${columns.map((column, i) => cell('th', column.title, i)).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map((content, i) => cell('td', content, i)).join('')}</tr>`),
    '</tbody>',
    '</table>',
  ].join('\n');
}

function matrix({ title, labels, counts }: Extract<ReportBlock, { kind: 'matrix' }>): string {
  return [
    '<figure>',
    `<figcaption>${e(title)}</figcaption>`,
    '<table class="matrix">',
    `<thead><tr><td></td>${labels.map((label) => `<th>${e(label)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...counts.map((row, actual) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      const cells = row.map((count) => {
        const share = total === 0 ? 0 : count / total;
        const dark = share > 0.55 ? ' class="dark"' : '';
        return `<td${dark} style="background:rgb(0 115 107 / ${share.toFixed(2)})">${formatCount(count)}</td>`;
      });
      return `<tr><th>${e(labels[actual] ?? '')}</th>${cells.join('')}</tr>`;
    }),
    '</tbody>',
    '</table>',
    '</figure>',
  ].join('\n');
}
