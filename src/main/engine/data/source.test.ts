import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSource, readSource } from './source.js';
import { errorOf, testFolder, type TestFolder } from './test-files.js';

let folder: TestFolder;
beforeAll(() => {
  folder = testFolder();
});
afterAll(() => folder.remove());

describe('reading a file', () => {
  it('takes off a UTF-8 byte-order mark and turns all line ends into \\n', async () => {
    const path = folder.write('bom.txt', '\ufeffa\r\nb\rc\nd');
    expect((await readSource(path)).text).toBe('a\nb\nc\nd');
  });

  it('reads UTF-16 of either byte order where a byte-order mark says so', async () => {
    const little = Buffer.from('\ufeffnaïve 🙂', 'utf16le');
    const big = Buffer.from(little).swap16();
    expect((await readSource(folder.write('le.txt', little))).text).toBe('naïve 🙂');
    expect((await readSource(folder.write('be.txt', big))).text).toBe('naïve 🙂');
  });

  it('keeps a U+FFFD that the file itself holds', async () => {
    expect((await readSource(folder.write('fffd.txt', 'a\ufffdb'))).text).toBe('a\ufffdb');
  });

  it.each([
    ['Latin-1 text', Buffer.from('eins\nzwei ä\n', 'latin1'), 2, 11, 'E4'],
    ['a sequence cut off at the end', Buffer.from([0x61, 0xe2, 0x82]), 1, 2, 'E2'],
    ['an encoded surrogate', Buffer.from([0x0a, 0x0a, 0xed, 0xa0, 0x80]), 3, 3, 'ED'],
    [
      'a wrong byte after a genuine U+FFFD',
      Buffer.concat([Buffer.from('\ufffd\r\né'), Buffer.from([0xff])]),
      2,
      8,
      'FF',
    ],
  ])('names line and byte of %s', async (_, bytes, line, byte, value) => {
    const path = folder.write('wrong.txt', bytes);
    const error = await errorOf(() => readSource(path));
    expect(error).toMatchObject({ code: 'invalid-utf8', place: { file: path, line } });
    expect(error.message).toBe(`Byte ${byte} of the file (0x${value}) is not valid UTF-8.`);
    expect(error.hint).toContain('UTF-8');
  });

  it('refuses half a UTF-16 character', async () => {
    const path = folder.write('half.txt', Uint8Array.of(0xff, 0xfe, 0x61, 0x00, 0x62));
    expect((await errorOf(() => readSource(path))).code).toBe('invalid-utf16');
  });

  it('refuses a binary file and names the line of its first zero byte', async () => {
    const path = folder.write('data.txt', 'one\ntwo\0');
    expect(await errorOf(() => readSource(path))).toMatchObject({
      code: 'binary-file',
      place: { file: path, line: 2 },
    });
  });

  it('refuses a file of 0 bytes', async () => {
    const path = folder.write('empty.csv', '');
    expect(await errorOf(() => readSource(path))).toMatchObject({
      code: 'empty-file',
      message: 'The file is empty (0 bytes).',
      place: { file: path },
    });
  });

  it('says that a file does not exist, or is a folder', async () => {
    const missing = join(folder.path, 'missing.csv');
    expect(await errorOf(() => readSource(missing))).toMatchObject({
      code: 'file-not-found',
      place: { file: missing },
    });
    const sub = join(folder.path, 'folder.csv');
    mkdirSync(sub);
    expect(await errorOf(() => readSource(sub))).toMatchObject({
      code: 'not-a-file',
      message: 'This is a folder, not a file.',
    });
  });

  it.skipIf(process.platform === 'win32')('says that a file may not be read', async () => {
    const path = folder.write('secret.txt', 'text');
    chmodSync(path, 0);
    // The superuser may read everything: be nobody for a moment.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    const error = await errorOf(() => readSource(path)).finally(() => {
      if (root) process.seteuid?.(0);
    });
    expect(error).toMatchObject({ code: 'file-not-readable', place: { file: path } });
    expect(error.hint).toContain('permission');
  });
});

describe('opening a source', () => {
  it("finds a relative path beside the project's file", async () => {
    folder.write('near.txt', 'near');
    const source = await openSource({ kind: 'file', path: 'near.txt' }, folder.path);
    expect(source).toMatchObject({ text: 'near', title: 'near.txt', bytes: 4, format: 'text' });
  });

  it('refuses a relative path where there is no folder to start from', async () => {
    const error = await errorOf(() => openSource({ kind: 'file', path: 'near.txt' }, null));
    expect(error).toMatchObject({ code: 'relative-path', place: { file: 'near.txt' } });
  });

  it('lists the built-in datasets where an id is unknown', async () => {
    const error = await errorOf(() => openSource({ kind: 'builtin', id: 'imdb' }, null));
    expect(error.code).toBe('unknown-dataset');
    expect(error.hint).toContain('review-sentences');
  });
});
