/** From a data source to text: finding the file, reading it, and decoding it strictly. */
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FileDescription } from '#shared/data/facts';
import type { DataSource } from '#shared/data/recipe';
import { StudioError } from '#shared/errors';
import { builtinFiles } from './builtin.js';
import { dataFolder } from './resources.js';

export type Format = FileDescription['format'];

export interface Source {
  title: string;
  /** What messages call the file. */
  file: string;
  format: Format;
  bytes: number;
  /** Without a byte-order mark; line ends are `\n`. */
  text: string;
  licence: string | null;
  origin: string | null;
}

/** The whole text is held in memory, several times over while it is prepared. */
const maximumBytes = 256 * 1024 * 1024;

/**
 * @param baseFolder where relative paths start; null refuses them.
 * @throws StudioError `unknown-dataset`, `relative-path`, or as `readSource`.
 */
export async function openSource(source: DataSource, baseFolder: string | null): Promise<Source> {
  if (source.kind === 'builtin') return openBuiltin(source.id);
  if (!isAbsolute(source.path) && baseFolder === null) {
    throw new StudioError(
      'relative-path',
      `"${source.path}" is a relative path, but the project has no folder yet.`,
      'Save the project first, or give the whole path.',
      { file: source.path },
    );
  }
  return readSource(resolve(baseFolder ?? '', source.path));
}

async function openBuiltin(id: string): Promise<Source> {
  const entry = builtinFiles.find((candidate) => candidate.id === id);
  if (entry === undefined) {
    throw new StudioError(
      'unknown-dataset',
      `There is no built-in dataset "${id}".`,
      `Choose one of ${builtinFiles.map((known) => known.id).join(', ')}.`,
      { field: 'data.source.id' },
    );
  }
  const { file, title, format, licence, origin } = entry;
  const packed = await readBytes(join(dataFolder(), file));
  const bytes = file.endsWith('.gz') ? await promisify(gunzip)(packed) : packed;
  const text = decode(bytes, file);
  return { title, file, format, bytes: bytes.length, text, licence, origin };
}

/**
 * @throws StudioError `file-not-found`, `file-not-readable`, `not-a-file`, `file-too-large`, `empty-file`,
 * `invalid-utf8`, `invalid-utf16`, `binary-file`.
 */
export async function readSource(path: string): Promise<Source> {
  const bytes = await readBytes(path);
  const text = decode(bytes, path);
  return {
    title: basename(path),
    file: path,
    format: formatOf(path),
    bytes: bytes.length,
    text,
    licence: null,
    origin: null,
  };
}

const formats: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

const formatOf = (path: string): Format => formats[extname(path).toLowerCase()] ?? 'text';

async function readBytes(path: string): Promise<Buffer> {
  const place = { file: path };
  try {
    const info = await stat(path);
    if (!info.isFile()) {
      throw new StudioError(
        'not-a-file',
        info.isDirectory() ? 'This is a folder, not a file.' : 'This is not a regular file.',
        'Choose a text, CSV, TSV or JSONL file.',
        place,
      );
    }
    if (info.size > maximumBytes) {
      const size = Math.round(info.size / 1024 / 1024);
      throw new StudioError(
        'file-too-large',
        `The file has ${size} MB; files up to ${maximumBytes / 1024 / 1024} MB can be read.`,
        'Train on a part of it.',
        place,
      );
    }
    const bytes = await readFile(path);
    if (bytes.length === 0) {
      throw new StudioError(
        'empty-file',
        'The file is empty (0 bytes).',
        'Choose a file with content.',
        place,
      );
    }
    return bytes;
  } catch (error) {
    if (error instanceof StudioError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StudioError(
        'file-not-found',
        'There is no such file.',
        'Was it moved or renamed? Choose it again in the data settings.',
        place,
      );
    }
    throw new StudioError(
      'file-not-readable',
      `The file cannot be read (${code}).`,
      code === 'EACCES' || code === 'EPERM'
        ? 'Give yourself permission to read it.'
        : 'Check the disk or the network drive that it is on.',
      place,
    );
  }
}

/** UTF-8, or UTF-16 where a byte-order mark says so. Nothing is replaced silently. */
export function decode(bytes: Buffer, file: string): string {
  const text = decodeBytes(bytes, file);
  if (text.includes('\0')) {
    throw new StudioError(
      'binary-file',
      'The file has zero bytes, so it is not plain text.',
      'Save it as UTF-8 text. Office documents must be exported first.',
      { file, line: lineAt(text, text.indexOf('\0')) },
    );
  }
  return text.replace(/\r\n?/g, '\n');
}

function decodeBytes(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  const bigEndian = first === 0xfe && second === 0xff;
  if (bigEndian || (first === 0xff && second === 0xfe)) {
    try {
      return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le', { fatal: true }).decode(bytes);
    } catch {
      throw new StudioError(
        'invalid-utf16',
        'The file begins as UTF-16, but is not valid UTF-16.',
        'Save it as UTF-8.',
        { file },
      );
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const offset = invalidUtf8Offset(bytes);
    const value = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    throw new StudioError(
      'invalid-utf8',
      `Byte ${offset + 1} of the file (0x${value}) is not valid UTF-8.`,
      'Save the file as UTF-8 in your editor or spreadsheet.',
      { file, line: lineAt(bytes.toString('latin1', 0, offset), offset) },
    );
  }
}

/** The decoder puts U+FFFD where bytes are wrong: the first one that the file does not hold itself. */
function invalidUtf8Offset(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes.toString('latin1', offset, offset + 3) !== '\u00ef\u00bf\u00bd') return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

/** 1-based line of a position in a text with any kind of line ends. */
function lineAt(text: string, position: number): number {
  return (text.slice(0, position).match(/\r\n?|\n/g)?.length ?? 0) + 1;
}
