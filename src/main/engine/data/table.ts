/** Tables from CSV, TSV and JSONL, with the line of every row, so that messages can point at it. */
import { CsvError, parse } from 'csv-parse/sync';
import { StudioError } from '#shared/errors';
import { plural } from './report.js';
import type { Format, Source } from './source.js';

export interface Table {
  file: string;
  columns: string[];
  /** Every row has one cell a column. */
  rows: string[][];
  /** 1-based line of the file on which each row begins. */
  lines: Int32Array;
}

/**
 * @param format `auto` goes by the file's ending, and takes anything unknown for CSV.
 * @throws StudioError `empty-table`, `duplicate-column`, `ragged-row`, `csv-syntax`, `not-jsonl`.
 */
export function readTable(source: Source, format: Format | 'auto'): Table {
  const chosen = format === 'auto' ? source.format : format;
  const table =
    chosen === 'jsonl' ? readJsonLines(source) : readDelimited(source, chosen === 'tsv');
  if (table.rows.length === 0) {
    throw new StudioError(
      'empty-table',
      table.columns.length === 0
        ? 'The table is empty.'
        : `The table has a header (${table.columns.join(', ')}) but no rows.`,
      'Choose a file with at least one row under its header.',
      { file: source.file },
    );
  }
  return table;
}

/** Index of a column. @throws StudioError `missing-column`, which lists the columns there are. */
export function columnIndex(table: Table, name: string, field: string): number {
  const index = table.columns.indexOf(name);
  if (index >= 0) return index;
  throw new StudioError(
    'missing-column',
    `There is no column "${name}". The columns are ${table.columns.map((column) => `"${column}"`).join(', ')}.`,
    'Choose one of them, or check that the first line of the file is a header.',
    { file: table.file, column: name, field },
  );
}

/**
 * RFC 4180. Where the header has no comma, tabs or semicolons separate the cells. Blank lines are left
 * out, but in a table of one column they are empty cells.
 */
function readDelimited(source: Source, tabs: boolean): Table {
  const { text, file } = source;
  const firstLine = text.trimStart().split('\n', 1)[0] ?? '';
  const other = ['\t', ';'].find((character) => firstLine.includes(character)) ?? ',';
  const delimiter = tabs ? '\t' : firstLine.includes(',') ? ',' : other;
  const all = parseRecords({ ...source, text: text.replace(/\n+$/, '') }, delimiter, true);
  const headerAt = all.findIndex((record) => !isBlank(record));
  const first = all[headerAt];
  const below = all.slice(headerAt + 1);
  const records = first?.cells.length === 1 ? below : below.filter((record) => !isBlank(record));
  const columns = (first?.cells ?? []).map((cell, index) => cell.trim() || `column ${index + 1}`);
  const repeated = columns.find((column, index) => columns.indexOf(column) !== index);
  if (repeated !== undefined) {
    throw new StudioError(
      'duplicate-column',
      `Two columns are called "${repeated}".`,
      'Rename one of them in the header.',
      { file, line: first?.line ?? 1, column: repeated },
    );
  }
  for (const { cells, line } of records) {
    if (cells.length === columns.length) continue;
    throw new StudioError(
      'ragged-row',
      `This row has ${plural(cells.length, 'cell')}, but the header has ${columns.length}.`,
      cells.length > columns.length
        ? 'Put quotes around cells that contain the separator.'
        : 'Add the missing cells, or remove the line.',
      { file, line },
    );
  }
  return {
    file,
    columns,
    rows: records.map((record) => record.cells),
    lines: Int32Array.from(records, (record) => record.line),
  };
}

interface TextRecord {
  cells: string[];
  line: number;
}

const isBlank = ({ cells }: TextRecord): boolean => cells.length === 1 && cells[0]?.trim() === '';

function parseRecords(source: Source, delimiter: string, quotes: boolean): TextRecord[] {
  try {
    const lines: number[] = [];
    const rows = parse(source.text, {
      delimiter,
      quote: quotes ? '"' : null,
      record_delimiter: '\n',
      relax_column_count: true,
      // The parser counts to the end of a record: take off the line breaks inside its cells.
      on_record: (record: string[], info) => {
        lines.push(info.lines - record.reduce((breaks, cell) => breaks + lineBreaks(cell), 0));
        return record;
      },
    });
    return rows.map((cells, index) => ({ cells, line: lines[index] ?? 1 }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Many TSV files hold bare quotes, as in IANA's text/tab-separated-values: then they are ordinary text.
    if (delimiter === '\t' && quotes) return parseRecords(source, delimiter, false);
    throw syntaxError(source, error);
  }
}

function syntaxError({ text, file }: Source, error: CsvError): StudioError {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    // The parser counts bytes up to the cell that it could not finish, or to empty lines before it.
    const before = Buffer.from(text).toString('utf8', 0, Number(error['bytes'] ?? 0));
    const skipped = /^\n*/.exec(text.slice(before.length))?.[0] ?? '';
    return new StudioError(
      'csv-syntax',
      'A quote is opened in this row and never closed.',
      'Close it, or write a quote inside a quoted cell twice ("").',
      { file, line: lineBreaks(before + skipped) + 1 },
    );
  }
  return new StudioError(
    'csv-syntax',
    'There is a lone quote in this row.',
    'Put the whole cell in quotes and write each quote inside it twice ("").',
    { file, line: Math.max(1, Number(error['lines'] ?? 1)) },
  );
}

export function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** One object a line. Columns are all the keys there are; a missing key or `null` is an empty cell. */
function readJsonLines({ text, file }: Source): Table {
  const indices = new Map<string, number>();
  const objects: Map<number, string>[] = [];
  const lines: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const cells = new Map<number, string>();
    for (const [key, value] of Object.entries(parseObject(line, file, index + 1))) {
      const column = indices.get(key) ?? indices.size;
      indices.set(key, column);
      cells.set(column, cellText(value));
    }
    objects.push(cells);
    lines.push(index + 1);
  }
  const columns = [...indices.keys()];
  return {
    file,
    columns,
    rows: objects.map((cells) => columns.map((_, column) => cells.get(column) ?? '')),
    lines: Int32Array.from(lines),
  };
}

function parseObject(line: string, file: string, number: number): object {
  const fail = (message: string): StudioError =>
    new StudioError('not-jsonl', message, 'JSONL has one JSON object on each line.', {
      file,
      line: number,
    });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw fail(`This line is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fail('This line is JSON, but not an object.');
  }
  return value;
}

export function cellText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
