/** A first look at a file, to suggest a recipe. */
import type { FileDescription } from '#shared/data/facts';
import { isMissing, parseNumber } from './numbers.js';
import { shorten } from './report.js';
import { readSource } from './source.js';
import { readTable } from './table.js';
import { areTimes } from './times.js';

type ColumnKind = FileDescription['columns'][number]['kind'];

/**
 * Rows are data rows of a table, or lines of a text.
 * @throws StudioError as `readSource` and `readTable`.
 */
export async function describeFile(path: string): Promise<FileDescription> {
  const source = await readSource(path);
  if (source.format === 'text') {
    const lines = source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0);
    return { path, bytes: source.bytes, format: 'text', rows: lines, columns: [] };
  }
  const table = readTable(source, source.format);
  return {
    path,
    bytes: source.bytes,
    format: source.format,
    rows: table.rows.length,
    columns: table.columns.map((name, index) => {
      const cells = table.rows.map((row) => (row[index] ?? '').trim());
      const distinct = new Set(cells);
      return {
        name,
        kind: columnKind(cells, distinct),
        samples: [...distinct].slice(0, 5).map((text) => shorten(text, 300)),
        distinct: distinct.size,
      };
    }),
  };
}

/**
 * Gaps count for nothing. A category is a column of few distinct short texts: at most 20, or at most one
 * in twenty rows up to 200.
 */
function columnKind(cells: readonly string[], distinct: ReadonlySet<string>): ColumnKind {
  const present = [...distinct].filter((cell) => !isMissing(cell));
  if (present.length > 0 && present.every((cell) => parseNumber(cell) !== null)) return 'number';
  if (present.length > 0 && areTimes(present)) return 'time';
  const limit = Math.min(200, Math.max(20, cells.length / 20));
  const repeats = distinct.size < cells.length && distinct.size <= limit;
  return repeats && present.every((cell) => cell.length <= 60) ? 'category' : 'text';
}
