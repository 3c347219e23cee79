/** What preparing learns beside `PreparedData`: numbers for the preview and warnings that teach. */
import type { DataPreview } from '#shared/data/facts';
import type { Source } from './source.js';
import type { Vocabulary } from './tokenizer.js';
import type { PreparedData } from './types.js';

export type Warning = DataPreview['warnings'][number];

export interface Report {
  source: Source;
  /** Rows of the table or tokens of the text. */
  size: number;
  unit: 'rows' | 'tokens';
  table: DataPreview['table'];
  vocabulary: DataPreview['vocabulary'];
  classes: DataPreview['classes'];
  /** Length of each row of all parts before truncation. */
  rawLengths: Int32Array;
  warnings: Warning[];
}

export interface Prepared {
  data: PreparedData;
  report: Report;
}

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
/** `1 row`, `1,200 rows`. */
export const plural = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** At most `limit` UTF-16 units, with an ellipsis where something was cut; no pair is torn. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The first rows, each text cut to what a table cell can show. */
export function previewTable(columns: string[], rows: readonly string[][]): DataPreview['table'] {
  return { columns, rows: rows.slice(0, 50).map((row) => row.map((cell) => shorten(cell, 300))) };
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

/** Results on a handful of examples are mostly chance. */
const tinyPart = 30;

export function tinyPartWarnings(data: Pick<PreparedData, 'validation' | 'test'>): Warning[] {
  return (['validation', 'test'] as const)
    .filter((name) => data[name].size > 0 && data[name].size < tinyPart)
    .map((name) => ({
      code: 'tiny-part',
      message: `The ${name} part has only ${plural(data[name].size, 'example')}.`,
      hint: `One example more or less moves its score by up to ${percent(1 / data[name].size)}: read it with care, or give the part a larger share.`,
    }));
}

export function unknownWarnings(unknownRate: number): Warning[] {
  if (unknownRate <= 0.1) return [];
  return [
    {
      code: 'unknown-tokens',
      message: `${percent(unknownRate)} of the validation and test tokens are not in the vocabulary and become <unk>.`,
      hint: 'Raise the vocabulary limit, lower the minimum count, or use characters as tokens.',
    },
  ];
}
