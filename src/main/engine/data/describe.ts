/** A first look at a file, to suggest a recipe. */
import type { FileDescription } from '#shared/data/facts';
import { ColumnStatistics } from './columns.js';
import { readSource, type Source } from './source.js';
import { readTable, type Table } from './table.js';

/** Enough rows to tell what the columns of a table hold; reading all of a large one takes seconds. */
const describedCharacters = 4_000_000;

/**
 * Rows are data rows of a table, or lines of a text; of a large table those of its beginning.
 * @throws StudioError as `readSource` and `readTable`.
 */
export async function describeFile(path: string): Promise<FileDescription> {
  const source = await readSource(path);
  if (source.format === 'text') {
    const lines = source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0);
    return { path, bytes: source.bytes, format: 'text', rows: lines, columns: [] };
  }
  const table = beginningOf(source);
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

function beginningOf(source: Source): Table {
  const { text, format } = source;
  if (text.length <= describedCharacters) return readTable(source, format);
  const cut = text.slice(0, text.lastIndexOf('\n', describedCharacters) + 1);
  try {
    return readTable({ ...source, text: cut }, format);
  } catch {
    // The cut may lie inside a cell, or the file may be at fault: all of it tells.
    return readTable(source, format);
  }
}
