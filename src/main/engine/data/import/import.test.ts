import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileLook, GapPolicy } from '#shared/data/look';
import { errorOf, testFolder, type TestFolder } from '../test-files.js';
import { convertFile } from './convert.js';
import { lookAtFile } from './look.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

const look = (
  name: string,
  content: string | Uint8Array,
  reading: FileLook['reading'] | null = null,
) => lookAtFile({ path: folder.write(name, content), name, reading, whole: true });

async function convert(
  name: string,
  found: FileLook,
  gaps: GapPolicy = { columns: [], policy: 'leave out' },
  numbers: string[] = [],
): Promise<string> {
  const out = join(folder.path, `${name}.out`);
  await convertFile({ path: join(folder.path, name), reading: found.reading, gaps, numbers, out });
  return readFileSync(out, 'utf8');
}

describe('rows that go back in time', () => {
  it('are counted in the way of writing dates that fits best, empty cells aside', async () => {
    const rows = ['03/01/2024,1', '04/01/2024,2', ',3', '02/02/2024,4', '13/01/2024,5'];
    const { columns } = await look('back.csv', `day,value\n${rows.join('\n')}\n`);
    expect(columns[0]).toMatchObject({ name: 'day', backInTime: { rows: 1, lines: [6] } });
    expect(columns[1]?.backInTime).toEqual({ rows: 0, lines: [] });
  });
});

describe('guessing how a file is read', () => {
  it.each([
    [
      'a.csv',
      'text,label\ngood,pos\nbad,neg\nfine,pos\n',
      { format: 'table', delimiter: ',', header: true },
    ],
    ['b.csv', 'date;high\n2020-01-01;1.5\n2020-01-02;2.5\n', { delimiter: ';', header: true }],
    [
      'c.txt',
      'ham\tGo now, please\nspam\t"Win free\nham\tOk\nham\tSure\n',
      { format: 'table', delimiter: '\t', quote: '', header: false },
    ],
    [
      'd.data',
      '5.1|3.5|a\n4.9|3.0|a\n6.2|3.1|b\n',
      { format: 'table', delimiter: '|', header: false },
    ],
    ['e.txt', 'It was the best of times, it was the worst.\nNo table, then.\n', { format: 'text' }],
    ['f.jsonl', '{"text":"a","label":1}\n', { format: 'jsonl' }],
    ['g.log', '{"a": 1}\n{"a": 2}\n', { format: 'jsonl' }],
  ])('%s', async (name, content, reading) => {
    expect((await look(name, content)).reading).toMatchObject(reading);
  });

  it('knows encodings by their marks and by what fits', async () => {
    const text = 'text,label\ncafé,pos\nnaïve,neg\n';
    const encodingOf = async (bytes: Uint8Array) => (await look('enc.csv', bytes)).reading.encoding;
    expect(await encodingOf(Buffer.from(`\ufeff${text}`))).toBe('utf-8');
    expect(await encodingOf(Buffer.from(text, 'latin1'))).toBe('windows-1252');
    expect(await encodingOf(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe('utf-16le');
  });

  it('leaves alone what the studio reads anyway', async () => {
    expect((await look('plain.csv', 'a,b\n1,2\n')).asIs).toBe(true);
    expect((await look('plain.txt', 'Some prose.\n')).asIs).toBe(true);
    expect((await look('bare.csv', '1,2\n3,4\n')).asIs).toBe(false);
    expect((await look('odd.csv', 'a;b\n1;2\n')).asIs).toBe(false);
  });

  it.each([
    ['empty.csv', '', 'empty-file'],
    ['sheet.xlsx', 'PK\x03\x04 and so on', 'binary-file'],
    ['zeros.csv', 'a,b\n\0,2\n', 'binary-file'],
    ['all.json', '[{"a": 1}]', 'json-array'],
    ['broken.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0, 1]), 'damaged-gzip'],
  ])('refuses %s', async (name, content, code) => {
    const error = await errorOf(() => look(name, content));
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
  });
});

describe('columns', () => {
  it('have a kind, and gaps with their lines', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `2020-01-${String((i % 28) + 1).padStart(2, '0')},${i},${i % 3 ? 'a' : 'b'}`,
    );
    rows[9] = '2020-01-10,n/a,a';
    rows[20] = '2020-01-21,,b';
    const { columns } = await look('kinds.csv', `day,high,kind\n${rows.join('\n')}\n`);
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['day', 'time'],
      ['high', 'number'],
      ['kind', 'category'],
    ]);
    expect(columns[1]).toMatchObject({ gaps: 2, gapLines: [11, 22] });
  });
});

describe('problems', () => {
  it('ragged rows are left out, or kept on request', async () => {
    const content = 'a,b\n1,2\n3\n4,5,6\n"x\ny",8\n9\n';
    const found = await look('ragged.csv', content);
    expect(found).toMatchObject({ rows: 2, asIs: false });
    expect(found.problems).toMatchObject([{ code: 'ragged-row', lines: [3, 4, 7] }]);
    expect(await convert('ragged.csv', found)).toBe('a,b\n1,2\n"x\ny",8\n');
    const kept = await look('ragged.csv', content, found.problems[0]?.fix?.reading ?? null);
    expect(kept.rows).toBe(5);
    expect(await convert('ragged.csv', kept)).toBe('a,b\n1,2\n3,\n4,5\n"x\ny",8\n9,\n');
  });

  it('bytes that do not fit have a line and another encoding', async () => {
    const utf8 = await look('mixed.csv', Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'));
    const found = await look('mixed.csv', Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'), {
      ...utf8.reading,
      encoding: 'utf-8',
    });
    expect(found.problems).toMatchObject([
      { code: 'unreadable-characters', lines: [2], fix: { reading: { encoding: 'windows-1252' } } },
    ]);
    expect(await convert('mixed.csv', utf8)).toBe('a,b\ncafé,1\n');
  });

  it('an unclosed quote can be an ordinary character', async () => {
    const found = await look('quote.csv', 'text,label\n"5 inch,a\nbad,b\n');
    expect(found.problems).toMatchObject([{ code: 'unclosed-quote' }]);
    const fixed = await look(
      'quote.csv',
      'text,label\n"5 inch,a\nbad,b\n',
      found.problems[0]?.fix?.reading ?? null,
    );
    expect(fixed).toMatchObject({ rows: 2, problems: [] });
    expect(await convert('quote.csv', fixed)).toBe('text,label\n"""5 inch",a\nbad,b\n');
  });

  it('names that stand twice get a number', async () => {
    const found = await look('twice.csv', 'a,a,b\n1,2,x\n3,4,y\n5,6,z\n', {
      ...(await look('twice.csv', 'a,a,b\n1,2,x\n')).reading,
      header: true,
    });
    expect(found.columns.map(({ name }) => name)).toEqual(['a', 'a 2', 'b']);
    expect(found.problems).toMatchObject([{ code: 'repeated-name' }]);
  });
});

describe('the copy that is kept', () => {
  it('fills gaps with the value before, or leaves their rows out', async () => {
    const content = 'day,high\n1,?\n2,10\n3,\n4,12\n';
    const found = await look('gaps.csv', content);
    const columns = ['high'];
    expect(await convert('gaps.csv', found, { columns, policy: 'value before' }, columns)).toBe(
      'day,high\n2,10\n3,10\n4,12\n',
    );
    expect(await convert('gaps.csv', found, { columns, policy: 'leave out' }, columns)).toBe(
      'day,high\n2,10\n4,12\n',
    );
  });

  it('makes a table of JSON Lines and leaves out what is none', async () => {
    const found = await look('mixed.jsonl', '{"text":"a, b"}\nno\n{"text":"c","label":2}\n');
    expect(found).toMatchObject({ rows: 2, problems: [{ code: 'not-json', lines: [2] }] });
    expect(await convert('mixed.jsonl', found)).toBe('text,label\n"a, b",\nc,2\n');
  });

  it('unpacks gzip', async () => {
    const found = await look('packed.csv.gz', gzipSync('a,b\r\n1,2\r\n'));
    expect(found).toMatchObject({ rows: 1, asIs: false, reading: { format: 'table' } });
    expect(await convert('packed.csv.gz', found)).toBe('a,b\n1,2\n');
  });
});
