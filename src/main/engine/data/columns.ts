/** What the cells of a column are, from one pass over them. */
import type { FileDescription } from '#shared/data/facts';
import type { FileLook } from '#shared/data/look';
import { isMissing, parseNumber } from './numbers.js';
import { shorten } from './report.js';
import { areTimes, TimeOrder } from './times.js';

type ColumnKind = FileDescription['columns'][number]['kind'];

/** Beyond this many, distinct texts are not counted: no decision depends on their number. */
const countedTexts = 5000;
const namedLines = 5;

/** Few odd cells do not turn a column of numbers into text. */
const numberShare = 0.95;

export class ColumnStatistics {
  private readonly distinct = new Set<string>();
  private rows = 0;
  private numbers = 0;
  private readonly empty = new Gaps();
  private readonly missing = new Gaps();
  private readonly notNumbers = new Gaps();

  private readonly order = new TimeOrder();

  constructor(private readonly name: string) {}

  add(text: string, line: number): void {
    const cell = text.trim();
    this.rows++;
    this.order.add(cell, line);
    if (this.distinct.size < countedTexts) this.distinct.add(cell);
    if (cell === '') this.empty.add(line);
    if (isMissing(cell)) this.missing.add(line);
    if (parseNumber(cell) === null) this.notNumbers.add(line);
    else this.numbers++;
  }

  /** @param tolerant takes a column with a few odd cells for numbers. */
  describe(tolerant: boolean): FileLook['columns'][number] {
    const kind = this.kind(tolerant);
    const order = this.order.best();
    const gaps = kind === 'number' ? this.notNumbers : this.empty;
    return {
      name: this.name,
      kind,
      samples: [...this.distinct].slice(0, 5).map((text) => shorten(text, 300)),
      distinct: this.distinct.size,
      gaps: gaps.count,
      gapLines: gaps.lines,
      backInTime: { rows: order?.back ?? 0, lines: order?.lines ?? [] },
    };
  }

  /**
   * Gaps count for nothing. A category is a column of few distinct short texts: at most 20, or at most one
   * in twenty rows up to 200.
   */
  private kind(tolerant: boolean): ColumnKind {
    const present = this.rows - this.missing.count;
    if (present > 0 && this.numbers >= (tolerant ? numberShare : 1) * present) return 'number';
    const texts = [...this.distinct].filter((cell) => !isMissing(cell));
    if (texts.length > 0 && areTimes(texts)) return 'time';
    const limit = Math.min(200, Math.max(20, this.rows / 20));
    const repeats = this.distinct.size < this.rows && this.distinct.size <= limit;
    return repeats && texts.every((cell) => cell.length <= 60) ? 'category' : 'text';
  }
}

class Gaps {
  count = 0;
  readonly lines: number[] = [];
  add(line: number): void {
    this.count++;
    if (this.lines.length < namedLines) this.lines.push(line);
  }
}
