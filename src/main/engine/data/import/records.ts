/** Rows of a file as they come, with the line on which each begins. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Reading } from '#shared/data/look';
import { lineBreaks } from '../table.js';

export interface TextRecord {
  cells: string[];
  /** 1-based. */
  line: number;
}

/** A quote that is never closed would take in the whole rest of the file. */
const longestRecord = 4 * 1024 * 1024;

/** @throws CsvError where a quote is never closed. */
export async function* tableRecords(
  text: AsyncIterable<string> | Iterable<string>,
  { delimiter, quote }: Pick<Reading, 'delimiter' | 'quote'>,
): AsyncGenerator<TextRecord> {
  const parser = parse({
    delimiter,
    quote: quote === '' ? null : quote,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    info: true,
  });
  const input = Readable.from(text);
  input.on('error', (error) => parser.destroy(error));
  try {
    const records: AsyncIterable<{ record: string[]; info: { lines: number } }> =
      input.pipe(parser);
    for await (const { record: cells, info } of records) {
      // The parser counts to the end of a record: take off the line breaks inside its cells.
      const breaks = cells.reduce((sum, cell) => sum + lineBreaks(cell), 0);
      yield { cells, line: info.lines - breaks };
    }
  } finally {
    input.destroy();
  }
}

export const isUnclosedQuote = (error: unknown): boolean =>
  error instanceof CsvError &&
  (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE');

export interface TextLine {
  text: string;
  /** 1-based. */
  line: number;
}

/** The lines, the last one without a line feed too. */
export async function* linesOf(
  text: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<TextLine> {
  let rest = '';
  let line = 0;
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const whole of lines) yield { text: whole, line: ++line };
  }
  if (rest !== '') yield { text: rest, line: line + 1 };
}
