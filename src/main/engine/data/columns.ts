/** Typed columns from a table's texts. Nothing is guessed: what is not a number is an error with its line. */
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

/** With a time of day but no zone, UTC is taken: then no hour is missing or doubled in spring or autumn. */
function parseTime(text: string): number | null {
  const trimmed = text.trim();
  const number = parseNumber(trimmed);
  if (number !== null) return number;
  const zoned = /(z|utc|gmt|[+-]\d{2}:?\d{2})$/i.test(trimmed) && trimmed.includes(':');
  const time = Date.parse(
    zoned || /^\d{4}-\d{2}(-\d{2})?$/.test(trimmed) ? trimmed : `${trimmed}Z`,
  );
  const value = Number.isNaN(time) ? Date.parse(`${trimmed} UTC`) : time;
  return Number.isNaN(value) ? null : value;
}

export const isTime = (text: string): boolean =>
  parseNumber(text) === null && parseTime(text) !== null;

/** The column's texts, checked to increase. @throws StudioError `missing-column`, `unknown-time`, `time-not-increasing`. */
export function timeColumn(table: Table, name: string, field: string): string[] {
  const index = columnIndex(table, name, field);
  const texts = table.rows.map((cells) => (cells[index] ?? '').trim());
  let before = -Infinity;
  for (const [row, text] of texts.entries()) {
    const time = parseTime(text);
    const place = { file: table.file, line: table.lines[row] ?? 1, column: name };
    if (time === null) {
      throw new StudioError(
        'unknown-time',
        `"${shorten(text, 60)}" is neither a date nor a number.`,
        'Write dates as 2024-12-31 or 2024-12-31T18:00, or choose no time column.',
        place,
      );
    }
    if (time <= before) {
      throw new StudioError(
        'time-not-increasing',
        `"${text}" does not come after "${texts[row - 1] ?? ''}" in the row before.`,
        'Sort the rows by time and remove rows that stand twice.',
        place,
      );
    }
    before = time;
  }
  return texts;
}
