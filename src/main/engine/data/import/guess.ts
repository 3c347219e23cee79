/** How a file wants to be read, from its beginning. */
import { extname } from 'node:path';
import { StudioError } from '#shared/errors';
import { delimiters, type Encoding, type Reading } from '#shared/data/look';
import { parseNumber } from '../numbers.js';
import { areTimes } from '../times.js';

/** What the first bytes of common files that are no text look like. */
const binaries: readonly { magic: string; what: string; hint: string; ending?: RegExp }[] = [
  {
    magic: 'PK\x03\x04',
    ending: /\.unroll\.zip$/i,
    what: 'a whole project of the studio',
    hint: 'Open it with "Import a project" in the project menu.',
  },
  {
    magic: 'PK\x03\x04',
    ending: /\.(xlsx|ods)$/i,
    what: 'a spreadsheet',
    hint: 'Export its sheet as CSV in your spreadsheet program.',
  },
  {
    magic: 'PK\x03\x04',
    what: 'a zip archive',
    hint: 'Unpack it and import the data file inside.',
  },
  {
    magic: '\xd0\xcf\x11\xe0',
    what: 'an old Office document',
    hint: 'Export it as CSV or plain text.',
  },
  { magic: '%PDF', what: 'a PDF', hint: 'Copy its text into a plain text file.' },
  { magic: '\x89PNG', what: 'an image', hint: 'Networks here read text and tables of numbers.' },
  {
    magic: '\xff\xd8\xff',
    what: 'an image',
    hint: 'Networks here read text and tables of numbers.',
  },
  {
    magic: 'RIFF',
    what: 'a sound or a film',
    hint: 'Export its samples or features as a table of numbers.',
  },
  { magic: 'PAR1', what: 'a Parquet file', hint: 'Export it as CSV or JSON Lines.' },
  { magic: 'SQLite', what: 'a database', hint: 'Export the table as CSV.' },
];

/** @throws StudioError `empty-file`, `binary-file`. */
export function refuseBinary(name: string, head: Buffer, encoding: Encoding): void {
  if (head.length === 0)
    throw new StudioError(
      'empty-file',
      `"${name}" is empty (0 bytes).`,
      'Choose a file with content.',
    );
  const start = head.toString('latin1', 0, 16);
  const known = binaries.find(
    ({ magic, ending }) => start.startsWith(magic) && (ending?.test(name) ?? true),
  );
  if (known !== undefined)
    throw new StudioError('binary-file', `"${name}" is ${known.what}, not text.`, known.hint);
  if (!encoding.startsWith('utf-16') && head.includes(0))
    throw new StudioError(
      'binary-file',
      `"${name}" has zero bytes, so it is not plain text.`,
      'Save or export it as UTF-8 text, CSV, TSV or JSON Lines.',
    );
}

/** @throws StudioError `json-array`. */
export function guessReading(name: string, text: string, encoding: Encoding): Reading {
  const ending = extname(name.replace(/\.gz$/i, '')).toLowerCase();
  const first = text.trimStart();
  if (ending === '.json' && first.startsWith('['))
    throw new StudioError(
      'json-array',
      `"${name}" is one JSON array.`,
      'Save it as JSON Lines: one object on each line, without the brackets around them.',
    );
  const { delimiter, quote, columns, steady } = guessDelimiter(text, ending);
  const common = { encoding, delimiter, quote, ragged: 'leave out' as const };
  const isJson =
    ['.jsonl', '.ndjson', '.json'].includes(ending) || isObject(first.split('\n', 1)[0]);
  const isTable = ['.csv', '.tsv', '.tab'].includes(ending) || (columns > 1 && steady);
  return {
    ...common,
    format: isJson ? 'jsonl' : isTable ? 'table' : 'text',
    header: hasHeader(splitLines(text, delimiter, quote)),
  };
}

function isObject(line: string | undefined): boolean {
  if (line === undefined || !line.startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

const sampledLines = 200;

/** Cells line by line: enough to count them; a quoted line break only makes two odd lines. */
function splitLines(text: string, delimiter: string, quote: string): string[][] {
  const lines = text.split('\n', sampledLines).filter((line) => line.trim() !== '');
  return lines.map((line) => splitLine(line, delimiter, quote));
}

function splitLine(line: string, delimiter: string, quote: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (quote !== '' && character === quote && (quoted || cell === '')) quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}

/** The delimiter that gives most lines the same number of cells, and more than one. */
function guessDelimiter(
  text: string,
  ending: string,
): Pick<Reading, 'delimiter' | 'quote'> & { columns: number; steady: boolean } {
  const candidates = delimiters.map((delimiter) => {
    const counts = splitLines(text, delimiter, '"').map((cells) => cells.length);
    const columns = mostFrequent(counts);
    const share = counts.filter((count) => count === columns).length / Math.max(1, counts.length);
    // Prose has commas too: they must stand in nearly every line alike to make a table of it.
    return { delimiter, columns, share, steady: counts.length > 2 && share > 0.95 };
  });
  const preferred = ending === '.tsv' || ending === '.tab' ? '\t' : null;
  const several = candidates.filter(({ columns }) => columns > 1);
  several.sort((a, b) => b.share - a.share || b.columns - a.columns);
  const found =
    several.find(({ delimiter }) => delimiter === preferred) ?? several[0] ?? candidates[0];
  if (found === undefined) throw new Error('there are delimiters');
  return { ...found, quote: loneQuotes(text, found.delimiter) ? '' : '"' };
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1;
}

/** Tab-separated files often hold bare quotes: a cell that opens one which no line closes. */
function loneQuotes(text: string, delimiter: string): boolean {
  if (delimiter !== '\t') return false;
  return text
    .split('\n', sampledLines)
    .flatMap((line) => line.split(delimiter))
    .some((cell) => cell.startsWith('"') && !/^"(?:[^"]|"")*"$/.test(cell));
}

/** Names stand once, and are no numbers or dates over a column of them. */
function hasHeader(lines: readonly string[][]): boolean {
  const [first, ...rest] = lines;
  if (first === undefined) return false;
  const names = first.map((cell) => cell.trim());
  if (new Set(names).size < names.length) return false;
  if (names.some((name) => parseNumber(name) !== null || areTimes([name]))) return false;
  return names.every((name, column) => {
    const cells = rest.map((cells) => cells[column]?.trim());
    return name === '' ? column === 0 : name.length <= 60 && !cells.includes(name);
  });
}
