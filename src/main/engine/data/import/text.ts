/** Text of a file piece by piece, so that its size does not matter. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { StudioError } from '#shared/errors';
import type { Encoding } from '#shared/data/look';

const headBytes = 1024 * 1024;

/** The bytes, unpacked where the file is gzip. @throws StudioError `damaged-gzip`. */
async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: headBytes });
  if (!(await isGzip(path))) {
    yield* file;
    return;
  }
  const unpacked = createGunzip({ chunkSize: headBytes });
  file.on('error', (error) => unpacked.destroy(error));
  try {
    yield* file.pipe(unpacked);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_'))
      throw error;
    throw new StudioError(
      'damaged-gzip',
      'This gzip file is damaged or cut short.',
      'Download or compress it again.',
    );
  } finally {
    file.destroy();
  }
}

export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** The first bytes, a megabyte at most. */
export async function headOf(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bytesOf(path)) {
    pieces.push(piece);
    size += piece.length;
    if (size >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}

/** By its byte-order mark, else UTF-8 where that fits, else the Latin-1 of Windows, in which every byte fits. */
export function guessEncoding(head: Buffer): Encoding {
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  try {
    // A character that the end of the head cuts through is no mistake.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** The beginning as text, in whole lines where it has any. */
export function headText(head: Buffer, encoding: Encoding): string {
  const text = new TextDecoder(encoding)
    .decode(head, { stream: head.length >= headBytes })
    .replace(/\r\n?/g, '\n');
  const end = head.length < headBytes ? -1 : text.lastIndexOf('\n');
  return end < 0 ? text : text.slice(0, end + 1);
}

/** Without a byte-order mark; line ends are `\n`; bytes that do not fit become U+FFFD. */
export async function* textOf(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let rest = '';
  for await (const bytes of bytesOf(path)) {
    const text = rest + decoder.decode(bytes, { stream: true });
    // The next piece may begin with the line feed of this carriage return.
    rest = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - rest.length).replace(/\r\n?/g, '\n');
  }
  yield (rest + decoder.decode()).replace(/\r\n?/g, '\n');
}
