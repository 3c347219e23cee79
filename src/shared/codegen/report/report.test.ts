import { describe, expect, it } from 'vitest';
import { exampleGraphs } from '../../catalog/example-graphs.js';
import { sampleFacts } from '../../graph/samples.js';
import { ticks } from './charts.js';
import { generateReport } from './index.js';
import { networkDrawing } from './network.js';
import { classScores } from '../../run/results.js';
import type { ReportInput } from './types.js';

const hostile = '</style><script>alert(1)</script> | ![x](http://example.com/x.png) "quoted"';

const [drawn] = exampleGraphs.lstm!;
const document = {
  ...drawn!,
  name: hostile,
  description: hostile,
  graph: {
    ...drawn!.graph,
    nodes: drawn!.graph.nodes.map((node, i) => ({ ...node, name: `${hostile} ${i}` })),
  },
};

const input: ReportInput = {
  document,
  facts: sampleFacts('classification'),
  preprocessing: { recipe: document.data, vocabulary: null, labels: null, scaler: null },
  loss: 'cross-entropy',
  run: { id: 'run', created: '2026-01-31T12:00:00Z', studioVersion: '9.9' },
  started: null,
  summary: null,
  records: { batches: [], epochs: [] },
  data: null,
  results: {
    kind: 'classes',
    unit: 'row',
    labels: [hostile, 'b'],
    counts: [
      [8, 2],
      [1, 9],
    ],
    perRow: [],
    mistakes: [{ row: 0, text: hostile, actual: hostile, predicted: 'b', probability: 0.9 }],
  },
  environment: {
    system: 'Linux',
    processor: hostile,
    cores: 2,
    memoryBytes: 1e9,
    node: '20',
    tensorflowJs: '4',
    date: '2026-01-31T13:00:00Z',
  },
};

const text = (path: string): string =>
  generateReport(input).find((file) => file.path === path)?.text ?? '';

describe('a report', () => {
  it('shows names and texts of users as they are, without reading them as markup', () => {
    const page = text('report.html');
    expect(page).not.toMatch(/<script|<img|<\/style><script/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const markdown = text('report.md');
    expect(markdown).not.toContain('<script');
    expect(markdown).not.toContain('![x](');
    // As many cells in each row of a table as in its head.
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    const tables = markdown.split('\n\n').filter((part) => part.startsWith('|'));
    for (const table of tables) expect(new Set(table.split('\n').map(cells)).size).toBe(1);
  });

  it('asks for nothing from anywhere', () => {
    const page = text('report.html');
    expect(page).not.toMatch(/\b(src|href|@import)\b\s*[=:]|url\((?!#)/);
    expect(page).toContain("default-src 'none'");
  });

  it('has a file for each figure that the Markdown shows', () => {
    const paths = generateReport(input).map(({ path }) => path);
    const shown = [...text('report.md').matchAll(/\]\((figures\/[^)]+)\)/g)].map(
      ([, path]) => path,
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const path of shown) expect(paths).toContain(path);
  });
});

describe('the drawing of a network', () => {
  it('has every block and a wire for each connection, of every graph of the catalog', () => {
    for (const graph of Object.values(exampleGraphs).flat()) {
      const svg = networkDrawing(graph, sampleFacts(graph.data.task));
      for (const { name } of graph.graph.nodes) expect(svg).toContain(`>${name}</text>`);
      const wires = svg.match(/<path d="M[^"]+" fill="none"/g) ?? [];
      expect(wires.length).toBeGreaterThanOrEqual(graph.graph.edges.length);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

it('precision, recall and F1 of a confusion matrix', () => {
  const [first, second, third] = classScores([
    [8, 2, 0],
    [1, 9, 0],
    [0, 0, 0],
  ]);
  expect(first).toEqual({ precision: 8 / 9, recall: 0.8, f1: 16 / 19, support: 10 });
  expect(second).toEqual({ precision: 9 / 11, recall: 0.9, f1: 18 / 21, support: 10 });
  expect(third).toEqual({ precision: null, recall: null, f1: null, support: 0 });
});

it('ticks are round and enclose the values', () => {
  expect(ticks(0.13, 0.98, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-3, 12, 4)).toEqual([-5, 0, 5, 10, 15]);
  expect(ticks(7, 7, 5)).toEqual([6, 8]);
  expect(ticks(Infinity, -Infinity, 5)).toEqual([0, 1]);
});
