/** A first look at a file: its head at once, then all of it, a piece at a time. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FileLook, Reading } from '#shared/data/look';
import { ColumnStatistics } from '../columns.js';
import { shorten } from '../report.js';
import { cellText } from '../table.js';
import { guessReading, refuseBinary } from './guess.js';
import { findProblems, Spots, type Findings } from './problems.js';
import { isUnclosedQuote, linesOf, tableRecords } from './records.js';
import { guessEncoding, headOf, headText, isGzip, textOf } from './text.js';

const shownRows = 50;
const shownCharacters = 200;

export interface LookRequest {
  path: string;
  /** What the person calls it: its ending counts. */
  name: string;
  /** null guesses. */
  reading: Reading | null;
  /** Reads all of it; otherwise the first megabyte. */
  whole: boolean;
}

/** @throws StudioError `empty-file`, `binary-file`, `json-array`, `damaged-gzip`. */
export async function lookAtFile({ path, name, reading, whole }: LookRequest): Promise<FileLook> {
  const head = await headOf(path);
  const encoding = reading?.encoding ?? guessEncoding(head);
  refuseBinary(name, head, encoding);
  const beginning = headText(head, encoding);
  const used = reading ?? guessReading(name, beginning, encoding);
  const text = whole ? textOf(path, encoding) : [beginning];
  const findings: Findings = {
    ragged: new Spots(),
    unreadable: new Spots(),
    notJson: new Spots(),
    unclosedQuote: false,
    columns: [],
    repeatedNames: [],
  };
  const watched = watchUnreadable(text, findings.unreadable);
  const { rows, shown, columns } = await readRows(watched, used, findings, whole);
  return {
    reading: used,
    bytes: (await stat(path)).size,
    whole,
    rows,
    columns,
    head: shown,
    problems: findProblems(findings, used),
    asIs:
      !(await isGzip(path)) &&
      !findings.unclosedQuote &&
      findings.unreadable.count === 0 &&
      findings.ragged.count === 0 &&
      findings.notJson.count === 0 &&
      findings.repeatedNames.length === 0 &&
      readByStudio(name, used),
  };
}

/** True where `readTable` and `readSource` would read it in the same way without being told. */
function readByStudio(
  name: string,
  { format, encoding, delimiter, quote, header }: Reading,
): boolean {
  if (encoding === 'windows-1252') return false;
  const ending = extname(name).toLowerCase();
  if (format === 'jsonl') return ending === '.jsonl' || ending === '.ndjson';
  if (format === 'text') return !['.csv', '.tsv', '.tab', '.jsonl', '.ndjson'].includes(ending);
  if (!header || quote !== '"') return false;
  return ending === '.csv' ? delimiter === ',' : /^\.(tsv|tab)$/.test(ending) && delimiter === '\t';
}

async function* watchUnreadable(
  text: AsyncIterable<string> | Iterable<string>,
  spots: Spots,
): AsyncGenerator<string> {
  let line = 1;
  for await (const piece of text) {
    if (!piece.includes('\ufffd')) line += piece.split('\n').length - 1;
    else
      for (const character of piece) {
        if (character === '\n') line++;
        else if (character === '\ufffd') spots.add(line);
      }
    yield piece;
  }
}

interface Rows {
  rows: number;
  shown: string[][];
  columns: FileLook['columns'];
}

async function readRows(
  text: AsyncIterable<string>,
  reading: Reading,
  findings: Findings,
  whole: boolean,
): Promise<Rows> {
  switch (reading.format) {
    case 'text':
      return readText(text);
    case 'jsonl':
      return readObjects(text, findings);
    case 'table':
      return readTable(text, reading, findings, whole);
  }
}

const cellOf = (text: string): string => shorten(text, shownCharacters);

async function readText(text: AsyncIterable<string>): Promise<Rows> {
  const shown: string[][] = [];
  let rows = 0;
  for await (const line of linesOf(text)) {
    rows++;
    if (shown.length < shownRows) shown.push([cellOf(line.text)]);
  }
  return { rows, shown, columns: [] };
}

async function readObjects(text: AsyncIterable<string>, findings: Findings): Promise<Rows> {
  const columns = new Map<string, ColumnStatistics>();
  const objects: Map<string, string>[] = [];
  let rows = 0;
  for await (const { text: json, line } of linesOf(text)) {
    if (json.trim() === '') continue;
    const object = objectOf(json);
    if (object === null) {
      findings.notJson.add(line);
      continue;
    }
    rows++;
    const cells = new Map(Object.entries(object).map(([key, value]) => [key, cellText(value)]));
    for (const key of cells.keys())
      if (!columns.has(key)) columns.set(key, new ColumnStatistics(key));
    for (const [key, column] of columns) column.add(cells.get(key) ?? '', line);
    if (objects.length < shownRows) objects.push(cells);
  }
  findings.columns = [...columns.values()].map((column) => column.describe(true));
  const names = [...columns.keys()];
  return {
    rows,
    shown: objects.map((cells) => names.map((name) => cellOf(cells.get(name) ?? ''))),
    columns: findings.columns,
  };
}

/** The object of a line of JSON Lines; null for anything else. */
export function objectOf(json: string): object | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

async function readTable(
  text: AsyncIterable<string>,
  reading: Reading,
  findings: Findings,
  whole: boolean,
): Promise<Rows> {
  let columns: ColumnStatistics[] | null = null;
  const shown: string[][] = [];
  let rows = 0;
  const start = (cells: readonly string[]): ColumnStatistics[] => {
    const names = columnNames(cells, reading.header);
    findings.repeatedNames = names.repeated;
    return names.unique.map((name) => new ColumnStatistics(name));
  };
  try {
    for await (const { cells, line } of tableRecords(text, reading)) {
      if (columns === null) {
        columns = start(cells);
        if (reading.header) continue;
      }
      if (cells.length !== columns.length) {
        findings.ragged.add(line);
        if (reading.ragged === 'leave out') continue;
      }
      rows++;
      columns.forEach((column, index) => column.add(cells[index] ?? '', line));
      if (shown.length < shownRows) shown.push(columns.map((_, at) => cellOf(cells[at] ?? '')));
    }
  } catch (error) {
    if (!isUnclosedQuote(error)) throw error;
    // The head may end inside a cell.
    findings.unclosedQuote = whole;
  }
  findings.columns = (columns ?? []).map((column) => column.describe(true));
  return { rows, shown, columns: findings.columns };
}

/** Names that are empty get a number, and so do those that stand twice. */
export function columnNames(
  cells: readonly string[],
  header: boolean,
): { unique: string[]; repeated: string[] } {
  const unique: string[] = [];
  const repeated: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const name = (header ? cell.trim() : '') || `column ${index + 1}`;
    if (!unique.includes(name)) {
      unique.push(name);
      continue;
    }
    repeated.push(name);
    let count = 2;
    while (unique.includes(`${name} ${count}`) || cells.includes(`${name} ${count}`)) count++;
    unique.push(`${name} ${count}`);
  }
  return { unique, repeated };
}
