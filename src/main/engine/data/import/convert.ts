/** The copy that is kept: UTF-8, with commas, a header and no gaps. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { GapPolicy, Reading } from '#shared/data/look';
import { StudioError } from '#shared/errors';
import { parseNumber } from '../numbers.js';
import { cellText } from '../table.js';
import { columnNames, objectOf } from './look.js';
import { linesOf, tableRecords } from './records.js';
import { textOf } from './text.js';

export interface ConvertRequest {
  path: string;
  reading: Reading;
  gaps: GapPolicy;
  /** The columns whose cells must be numbers. */
  numbers: readonly string[];
  out: string;
}

/** @throws StudioError `nothing-left` where no row has what is needed. */
export async function convertFile(request: ConvertRequest): Promise<{ rows: number }> {
  const file = createWriteStream(request.out);
  let buffered = '';
  let rows = 0;
  const flush = async (): Promise<void> => {
    const piece = buffered;
    buffered = '';
    if (!file.write(piece)) await once(file, 'drain');
  };
  try {
    for await (const line of outputLines(request)) {
      buffered += line;
      rows++;
      if (buffered.length > 256 * 1024) await flush();
    }
    await flush();
  } finally {
    file.end();
    await finished(file);
  }
  if (request.reading.format !== 'text') rows--;
  if (rows < 1)
    throw new StudioError(
      'nothing-left',
      'No row is left of this file.',
      'Keep rows with gaps by filling them, or read the file in another way.',
    );
  return { rows };
}

async function* outputLines(request: ConvertRequest): AsyncGenerator<string> {
  const { path, reading } = request;
  const text = textOf(path, reading.encoding);
  if (reading.format === 'text') {
    yield* text;
    return;
  }
  const rows = reading.format === 'jsonl' ? objectRows(path, reading) : tableRows(text, reading);
  let fill: ((cells: string[]) => string[] | null) | null = null;
  for await (const cells of rows) {
    // The first are the names.
    if (fill === null) {
      fill = gapFiller(cells, request);
      yield csvLine(cells);
      continue;
    }
    const filled = fill(cells);
    if (filled !== null) yield csvLine(filled);
  }
}

async function* tableRows(text: AsyncIterable<string>, reading: Reading): AsyncGenerator<string[]> {
  let width: number | null = null;
  for await (const { cells } of tableRecords(text, reading)) {
    if (width === null) {
      width = cells.length;
      yield columnNames(cells, reading.header).unique;
      if (reading.header) continue;
    }
    if (cells.length === width) yield cells;
    else if (reading.ragged === 'fit')
      yield Array.from({ length: width }, (_, at) => cells[at] ?? '');
  }
}

/** Twice over the file: all keys are known only at its end. */
async function* objectRows(path: string, reading: Reading): AsyncGenerator<string[]> {
  const names = new Set<string>();
  for await (const { text } of linesOf(textOf(path, reading.encoding)))
    for (const key of Object.keys(objectOf(text) ?? {})) names.add(key);
  yield [...names];
  for await (const { text } of linesOf(textOf(path, reading.encoding))) {
    const object = objectOf(text);
    if (object === null) continue;
    const cells = new Map(Object.entries(object));
    yield [...names].map((name) => cellText(cells.get(name) ?? null));
  }
}

interface WatchedColumn {
  at: number;
  isNumber: boolean;
  /** The last cell that was no gap. */
  before: string | null;
}

/** Puts right, or refuses with null, a row with a gap in a column that is used. */
function gapFiller(
  names: readonly string[],
  { gaps, numbers }: ConvertRequest,
): (cells: string[]) => string[] | null {
  const watched: WatchedColumn[] = gaps.columns.map((name) => ({
    at: names.indexOf(name),
    isNumber: numbers.includes(name),
    before: null,
  }));
  return (cells) => {
    const filled = [...cells];
    for (const column of watched) {
      const cell = cells[column.at] ?? '';
      const gap = column.isNumber ? parseNumber(cell) === null : cell.trim() === '';
      if (!gap) column.before = cell;
      else if (gaps.policy === 'leave out' || column.before === null) return null;
      else filled[column.at] = column.before;
    }
    return filled;
  };
}

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\n`;

/** RFC 4180; a cell of spaces alone would be lost without quotes. */
const csvCell = (text: string): string =>
  /[",\n\r;\t]|^\s|\s$|^$/.test(text) && text !== '' ? `"${text.replaceAll('"', '""')}"` : text;
