/** Number columns. Nothing is guessed: what is not a number is an error with its line. */
import { StudioError } from '#shared/errors';
import { shorten } from './report.js';
import { columnIndex, type Table } from './table.js';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const missingPattern = /^(|na|n\/a|nan|null|none|-|\?)$/i;

/** A finite decimal number with a full stop, as in JSON or C; null for everything else. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!numberPattern.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : null;
}

export const isMissing = (text: string): boolean => missingPattern.test(text.trim());

/** A column as float64. @throws StudioError `missing-column`, `non-numeric-cell`. */
export function numberColumn(table: Table, name: string, field: string): Float64Array {
  const index = columnIndex(table, name, field);
  const values = new Float64Array(table.rows.length);
  for (const [row, cells] of table.rows.entries()) {
    const text = cells[index] ?? '';
    const value = parseNumber(text);
    if (value === null) throw notNumeric(table, row, name, text);
    values[row] = value;
  }
  return values;
}

function notNumeric(table: Table, row: number, column: string, text: string): StudioError {
  const place = { file: table.file, line: table.lines[row] ?? 1, column };
  if (isMissing(text)) {
    return new StudioError(
      'non-numeric-cell',
      text.trim() === '' ? 'This cell is empty.' : `"${text.trim()}" stands for a missing value.`,
      'Fill the gap (say with the value before it) or remove the row: a network needs a number in every row.',
      place,
    );
  }
  return new StudioError(
    'non-numeric-cell',
    `"${shorten(text.trim(), 60)}" is not a number.`,
    /^[+-]?[\d.\s]*\d,\d+$/.test(text.trim())
      ? 'Write numbers with a decimal point and without separators for thousands: 1.5, not 1,5.'
      : 'Only numeric columns can be inputs or targets of a forecast. Mend the cell or choose another column.',
    place,
  );
}
