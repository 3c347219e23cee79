import { describe, expect, it } from 'vitest';
import { numberColumn } from './numbers.js';
import type { Format, Source } from './source.js';
import { columnIndex, readTable, type Table } from './table.js';
import { errorOf } from './test-files.js';
import { areTimes, timeColumn } from './times.js';

const source = (text: string, format: Format = 'csv'): Source => ({
  title: 'data',
  file: `data.${format}`,
  format,
  bytes: text.length,
  text,
  licence: null,
  origin: null,
});
const read = (text: string, format: Format = 'csv'): Table =>
  readTable(source(text, format), 'auto');
const errorIn = (text: string, format: Format = 'csv') => errorOf(() => read(text, format));

describe('CSV', () => {
  it('reads quotes, doubled quotes, commas and line breaks in cells, with the line of each row', () => {
    const table = read('text,label\n"a, ""b""\nc",x\n\n\nplain,y\n"",z');
    expect(table.columns).toEqual(['text', 'label']);
    expect(table.rows).toEqual([
      ['a, "b"\nc', 'x'],
      ['plain', 'y'],
      ['', 'z'],
    ]);
    expect([...table.lines]).toEqual([2, 6, 7]);
  });

  it('counts lines from the top of the file, empty lines before the header included', () => {
    expect([...read('\n\na,b\n1,2\n\n2,3\n').lines]).toEqual([4, 6]);
  });

  it('takes semicolons where the header has them and no comma', () => {
    expect(read('a;b\n1;"x;y"\n').rows).toEqual([['1', 'x;y']]);
  });

  it('takes tabs where the header of any other file has them and no comma', () => {
    expect(readTable(source('a\tb\n1\t2,5\n', 'text'), 'auto').rows).toEqual([['1', '2,5']]);
  });

  it('takes a blank line for an empty cell in a table of one column, but not at its end', () => {
    const table = read('x\n1\n\n3\n\n\n');
    expect(table.rows).toEqual([['1'], [''], ['3']]);
    expect([...table.lines]).toEqual([2, 3, 4]);
  });

  it('trims header names and names a column without one by its number', () => {
    expect(read(',value \n0,5\n').columns).toEqual(['column 1', 'value']);
  });

  it.each([
    ['nothing but white space', ' \n\n', 'empty-table', 'The table is empty.'],
    ['a header only', 'a,b\n', 'empty-table', 'The table has a header (a, b) but no rows.'],
    [
      'two columns of one name',
      'a,b,a\n1,2,3\n',
      'duplicate-column',
      'Two columns are called "a".',
    ],
  ])('refuses %s', async (_, text, code, message) => {
    expect(await errorIn(text)).toMatchObject({ code, message, place: { file: 'data.csv' } });
  });

  it('names the line of a ragged row with both counts, after a quoted line break', async () => {
    const few = await errorIn('a,b\n"1\n2",3\n4\n');
    expect(few).toMatchObject({ code: 'ragged-row', place: { file: 'data.csv', line: 4 } });
    expect(few.message).toBe('This row has 1 cell, but the header has 2.');
    const many = await errorIn('a,b\n1,2,3\n');
    expect(many).toMatchObject({ code: 'ragged-row', place: { line: 2 } });
    expect(many.hint).toContain('quotes');
  });

  it.each([
    ['inside a cell', 'a,b\n1,2\n3,x"y\n', 3],
    ['after a closed quote', 'a,b\n1,"x"y\n', 2],
    ['that is never closed', 'a,b\n1,2\n3,"x\n4,5\n6,7\n', 3],
    ['that is never closed, in the first cell', 'a,b\n1,2\n\n"x\n4,5\n', 4],
  ])('names the line of a lone quote %s', async (_, text, line) => {
    expect(await errorIn(text)).toMatchObject({
      code: 'csv-syntax',
      place: { file: 'data.csv', line },
    });
  });

  it('lists the columns there are where one is missing', async () => {
    const error = await errorOf(() => columnIndex(read('a,b\n1,2\n'), 'c', 'data.textColumn'));
    expect(error).toMatchObject({
      code: 'missing-column',
      message: 'There is no column "c". The columns are "a", "b".',
      place: { file: 'data.csv', column: 'c', field: 'data.textColumn' },
    });
  });
});

describe('TSV', () => {
  it('reads quoted cells, and takes bare quotes as text', () => {
    expect(read('a\tb\n"x\ty"\t1\n', 'tsv').rows).toEqual([['x\ty', '1']]);
    expect(read('a\tb\nhe said "no"\t1\n"No" again\t2\n', 'tsv').rows).toEqual([
      ['he said "no"', '1'],
      ['"No" again', '2'],
    ]);
  });
});

describe('JSONL', () => {
  it('makes columns of all keys; a missing key and null are empty cells', () => {
    const table = read('{"t":"x","n":1}\n\n{"t":null,"b":true}\n', 'jsonl');
    expect(table.columns).toEqual(['t', 'n', 'b']);
    expect(table.rows).toEqual([
      ['x', '1', ''],
      ['', '', 'true'],
    ]);
    expect([...table.lines]).toEqual([1, 3]);
  });

  it.each([
    ['{"a":1}\n{"a":\n', 2],
    ['{"a":1}\n\n[1]\n', 3],
    ['7\n', 1],
  ])('names the line that is not an object: %j', async (text, line) => {
    expect(await errorIn(text, 'jsonl')).toMatchObject({ code: 'not-jsonl', place: { line } });
  });
});

describe('numbers', () => {
  it('takes decimal numbers with a point, signs and exponents', () => {
    const table = read('x\n1\n -2.5 \n+.5\n1e-3\n7.\n');
    expect([...numberColumn(table, 'x', 'f')]).toEqual([1, -2.5, 0.5, 0.001, 7]);
  });

  it.each([
    ['abc', '"abc" is not a number.', 'numeric columns'],
    ['1,5', '"1,5" is not a number.', 'decimal point'],
    ['0x10', '"0x10" is not a number.', 'numeric columns'],
    ['Infinity', '"Infinity" is not a number.', 'numeric columns'],
    ['1e999', '"1e999" is not a number.', 'numeric columns'],
    ['NaN', '"NaN" stands for a missing value.', 'Fill the gap'],
    ['n/a', '"n/a" stands for a missing value.', 'Fill the gap'],
    [' ', 'This cell is empty.', 'Fill the gap'],
  ])('refuses %j with line and column', async (cell, message, hint) => {
    const table = read(`day;x\n1;1\n2;${cell}\n`);
    const error = await errorOf(() => numberColumn(table, 'x', 'f'));
    expect(error).toMatchObject({
      code: 'non-numeric-cell',
      message,
      place: { file: 'data.csv', line: 3, column: 'x' },
    });
    expect(error.hint).toContain(hint);
  });
});

describe('times', () => {
  const column = (texts: string[]): string[] =>
    timeColumn(read(['t', ...texts.map((text) => `"${text}"`)].join('\n')), 't', 'f');

  it.each([
    [['1', '2.5', '10']],
    [['2024-02-28', '2024-02-29', '2024-03-01']],
    [['2024-01', '2024-02', '2025-01']],
    [['2024-03-31 01:30', '2024-03-31 02:30', '2024-03-31 03:30:00.5']],
    [['2024-01-01T23:00:00-05:00', '2024-01-02T05:00:00Z']],
    [['Jan 1 2000', 'Feb 1 2000', 'Dec 31, 2000']],
    [['1 January 2000', '2 March 2000']],
    [['01/31/2024', '02/01/2024']],
    [['31/01/2024', '01/02/2024']],
    [['31.12.2023', '1.1.2024']],
  ])('reads %j as increasing', (texts) => {
    expect(column(texts)).toEqual(texts);
    expect(areTimes(texts)).toBe(texts[0] !== '1');
  });

  it.each([
    [['2024-01-01', '2024-01-03', '2024-01-02'], 4, 'time-not-increasing'],
    [['2024-01-01', '2024-01-01'], 3, 'time-repeated'],
    [['1', '2', '2'], 4, 'time-repeated'],
  ])('names the line where time does not increase: %j', async (texts, line, code) => {
    expect(await errorOf(() => column(texts))).toMatchObject({
      code,
      place: { file: 'data.csv', line, column: 't' },
    });
  });

  it.each([
    [['2024-01-01', 'tomorrow'], 3],
    [['2024-02-29', '2023-02-29'], 3],
    [['store 1', 'store 2'], 2],
    [['2024-01-01', ''], 3],
  ])('names the line of what is no date: %j', async (texts, line) => {
    expect(await errorOf(() => column(texts))).toMatchObject({
      code: 'unknown-time',
      place: { line, column: 't' },
    });
  });
});
