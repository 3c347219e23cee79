/** A first look at a file, to suggest a recipe. */
import type { FileDescription } from '#shared/data/facts';
import { ColumnStatistics } from './columns.js';
import { readSource } from './source.js';
import { readTable } from './table.js';

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
      const column = new ColumnStatistics(name);
      for (const [row, cells] of table.rows.entries())
        column.add(cells[index] ?? '', table.lines[row] ?? 1);
      return column.describe(false);
    }),
  };
}
