/** Time columns: numbers, or dates in the ways that are common in tables. */
import { StudioError } from '#shared/errors';
import { parseNumber } from './numbers.js';
import { shorten } from './report.js';
import { columnIndex, type Table } from './table.js';

/** Milliseconds or the plain number; null for what is written in another way. */
type TimeReader = (text: string) => number | null;

const clock = String.raw`(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?${clock}$`, 'i');
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${clock}$`, 'i');
const named = new RegExp(
  String.raw`^(?:(\d{1,2})[ -])?([a-z]{3})[a-z]*\.?[ -](?:(\d{1,2}),? )?(\d{4})${clock}$`,
  'i',
);
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Without a zone, UTC is taken: then no hour is missing or doubled in spring or autumn. */
function instant(
  year: number,
  month: number,
  day: number,
  [hour = '0', minute = '0', second = '0', zone = 'Z']: (string | undefined)[],
): number | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  const seconds = Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second);
  return Number(hour) <= 24 && Number(minute) < 60 ? date.getTime() + seconds * 1000 : null;
}

function readYearFirst(text: string): number | null {
  const match = yearFirst.exec(text);
  if (match === null) return null;
  return instant(Number(match[1]), Number(match[2]), Number(match[3] ?? 1), match.slice(4));
}

function readNamed(text: string): number | null {
  const match = named.exec(text);
  if (match === null) return null;
  const month = months.indexOf((match[2] ?? '').toLowerCase()) + 1;
  return instant(Number(match[4]), month, Number(match[1] ?? match[3] ?? 1), match.slice(5));
}

const readYearLast =
  (order: 'day first' | 'month first'): TimeReader =>
  (text) => {
    const match = yearLast.exec(text);
    if (match === null) return null;
    const [first, second] = [Number(match[1]), Number(match[3])];
    const [day, month] = order === 'day first' ? [first, second] : [second, first];
    return instant(Number(match[4]), month, day, match.slice(5));
  };

const readers: readonly TimeReader[] = [
  parseNumber,
  readYearFirst,
  readNamed,
  readYearLast('month first'),
  readYearLast('day first'),
];

/** True where one way of writing dates, other than plain numbers, fits all of the texts. */
export function areTimes(texts: readonly string[]): boolean {
  return readers.slice(1).some((read) => texts.every((text) => read(text.trim()) !== null));
}

/** The reading that fits all texts, with the fewest steps back in time where there are several. */
function bestReader(texts: readonly string[]): TimeReader | null {
  const order = new TimeOrder();
  for (const [row, text] of texts.entries()) order.add(text, row + 1);
  return order.best()?.read ?? null;
}

const sampledCells = 200;

/** The columns that hold dates, and whether the rows are in their order. */
export function dateColumns(table: Table): { column: string; inOrder: boolean }[] {
  return table.columns.flatMap((column, index) => {
    const cell = (row: number): string => (table.rows[row]?.[index] ?? '').trim();
    const sample = Array.from({ length: Math.min(sampledCells, table.rows.length) }, (_, row) =>
      cell(row),
    ).filter((text) => text !== '');
    if (sample.length === 0 || !areTimes(sample)) return [];
    const order = new TimeOrder();
    for (const row of table.rows.keys()) order.add(cell(row), row + 1);
    return [{ column, inOrder: order.best()?.back === 0 }];
  });
}

/**
 * The rows in the order of a time column; rows of the same time stay as they are. A column that cannot be
 * read as times leaves the table as it is, for `timeColumn` to refuse.
 *
 * @throws StudioError `missing-column`.
 */
export function sortedByTime(table: Table, name: string, field: string): Table {
  const index = columnIndex(table, name, field);
  const texts = table.rows.map((cells) => (cells[index] ?? '').trim());
  const read = bestReader(texts);
  if (read === null) return table;
  const times = Float64Array.from(texts, (text) => read(text) ?? 0);
  const order = Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  return {
    ...table,
    rows: order.map((row) => table.rows[row] ?? []),
    lines: Int32Array.from(order, (row) => table.lines[row] ?? 1),
  };
}

const namedLines = 5;

interface TimeReading {
  read: TimeReader;
  before: number;
  /** Rows that come before the row above them in time. */
  back: number;
  lines: number[];
}

/** Whether the cells of a column, as they come, go forward in time. Empty cells count for nothing. */
export class TimeOrder {
  private readings: TimeReading[] = readers.map((read) => ({
    read,
    before: -Infinity,
    back: 0,
    lines: [],
  }));

  add(text: string, line: number): void {
    if (this.readings.length === 0 || text === '') return;
    this.readings = this.readings.filter((reading) => {
      const time = reading.read(text);
      if (time === null) return false;
      if (time < reading.before) {
        reading.back++;
        if (reading.lines.length < namedLines) reading.lines.push(line);
      }
      reading.before = time;
      return true;
    });
  }

  /** null where no way of writing times fits all cells. */
  best(): TimeReading | null {
    return this.readings.reduce<TimeReading | null>(
      (best, reading) => (best === null || reading.back < best.back ? reading : best),
      null,
    );
  }
}

/**
 * The column's texts, checked to increase. Where 3/4/2024 could be read in two ways, one that increases
 * is enough.
 *
 * @throws StudioError `missing-column`, `unknown-time`, `time-not-increasing`, `time-repeated`.
 */
export function timeColumn(table: Table, name: string, field: string): string[] {
  const index = columnIndex(table, name, field);
  const texts = table.rows.map((cells) => (cells[index] ?? '').trim());
  const faults = readers
    .map((read) => firstFault(texts, read))
    .sort((a, b) => Number(b.readable) - Number(a.readable) || b.row - a.row);
  const best = faults[0];
  if (best === undefined || best.row === texts.length) return texts;
  const text = texts[best.row] ?? '';
  const place = { file: table.file, line: table.lines[best.row] ?? 1, column: name };
  const before = texts[best.row - 1] ?? '';
  if (best.readable && text === before)
    throw new StudioError(
      'time-repeated',
      `Two rows have the same time, "${text}".`,
      'Remove one of them. Where several places or things are measured at each time, keep one of them.',
      place,
    );
  throw best.readable
    ? new StudioError(
        'time-not-increasing',
        `"${text}" does not come after "${before}" in the row before.`,
        'A series must go forward in time. Sort the rows by date.',
        place,
      )
    : new StudioError(
        'unknown-time',
        text === ''
          ? 'This cell is empty.'
          : `"${shorten(text, 60)}" is not a date, or not written like those above it.`,
        'Write dates as 2024-12-31 or 2024-12-31 18:00, or choose no time column.',
        place,
      );
}

/** The row of the first text that is unreadable, else of the first that does not increase. */
function firstFault(
  texts: readonly string[],
  read: TimeReader,
): { readable: boolean; row: number } {
  let before = -Infinity;
  let notAfter = texts.length;
  for (const [row, text] of texts.entries()) {
    const time = read(text);
    if (time === null) return { readable: false, row };
    if (time <= before && notAfter === texts.length) notAfter = row;
    before = time;
  }
  return { readable: true, row: notAfter };
}
