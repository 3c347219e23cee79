/** What preparing learns beside `PreparedData`: numbers for the preview and for what they teach. */
import type { DataFacts, DataPreview } from '#shared/data/facts';
import type { Source } from './source.js';
import { lookUp, unknownId, type Vocabulary } from './tokenizer.js';
import type { PreparedData } from './types.js';

export interface Report {
  source: Source;
  /** Rows of the table or tokens of the text. */
  size: number;
  unit: 'rows' | 'tokens';
  periods: DataPreview['periods'];
  table: DataPreview['table'];
  tokenized: DataPreview['tokenized'];
  vocabulary: DataPreview['vocabulary'];
  classes: DataPreview['classes'];
  /** Length of each row of all parts before truncation. */
  rawLengths: Int32Array;
  /** The same of the training part. */
  trainingLengths: Int32Array;
  evidence: DataPreview['evidence'];
}

export interface Prepared {
  data: PreparedData;
  report: Report;
}

/** `1 row`, `1,200 rows`. */
export const plural = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** At most `limit` UTF-16 units, with an ellipsis where something was cut; no pair is torn. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

const shownRows = 50;
/** More would not be read. */
const shownTokens = 80;

/** The first rows, each text cut to what a table cell can show. */
export function previewTable(columns: string[], rows: readonly string[][]): DataPreview['table'] {
  return {
    columns,
    rows: rows.slice(0, shownRows).map((row) => row.map((cell) => shorten(cell, 300))),
  };
}

/**
 * The first texts as the tokenizer cuts them.
 * @param cut what is left of a row that is too long.
 */
export function previewTokens(
  texts: readonly string[],
  vocabulary: Vocabulary,
  tokenizeText: (text: string) => string[],
  cut: { maximum: number; end: 'end' | 'start' } | null,
): NonNullable<DataPreview['tokenized']>['rows'] {
  return texts.slice(0, shownRows).map((text) => {
    const all = tokenizeText(text);
    const kept = Math.min(all.length, cut?.maximum ?? Infinity);
    const from = cut?.end === 'start' ? all.length - kept : 0;
    const shown = all.slice(0, shownTokens);
    const ids = lookUp(vocabulary.tokens, shown);
    return {
      tokens: shown.map((token) => shorten(token, 60)),
      unknown: Array.from(ids.keys()).filter((at) => ids[at] === unknownId),
      total: all.length,
      from,
      to: from + kept,
    };
  });
}

export function vocabularyReport(
  vocabulary: Vocabulary,
  unknownRate: number,
): NonNullable<DataPreview['vocabulary']> {
  const { tokens, counts } = vocabulary;
  const ranked = tokens.map((token, id) => ({ token, count: counts[id] ?? 0 }));
  const mostFrequent = ranked.filter(({ count }) => count > 0);
  mostFrequent.sort((a, b) => b.count - a.count);
  return { size: tokens.length, unknownRate, mostFrequent: mostFrequent.slice(0, 100) };
}

/** Windows are all of one length. */
export function windowLengths(
  { train, validation, test }: DataFacts['examples'],
  window: number,
): Pick<Report, 'rawLengths' | 'trainingLengths'> {
  return {
    rawLengths: new Int32Array(train + validation + test).fill(window),
    trainingLengths: new Int32Array(train).fill(window),
  };
}
