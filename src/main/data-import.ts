/** A user's data file, kept as a copy in the workspace so that the project stays whole. */
import { extname } from 'node:path';
import { StudioError } from '#shared/errors';
import { importLimitBytes } from '#shared/ipc/studio';
import { slug, writeNew } from './files.js';

/**
 * Writes the file under a safe name that is free and returns its path.
 * @param name as the window got it from the person; only its last part counts.
 */
export async function importData(folder: string, name: string, base64: string): Promise<string> {
  const hint = `Copy it into "${folder}" yourself and name its path in the data recipe.`;
  const content = decodeBase64(name, base64, hint);
  if (content.length === 0)
    throw new StudioError('empty-file', `"${name}" is empty.`, '', { file: name });
  return keepData(folder, name.split(/[/\\]/).pop() ?? '', content);
}

/**
 * A file as a window sends it.
 * @throws StudioError `file-too-large` with this hint, `invalid-message`.
 */
export function decodeBase64(name: string, base64: string, hint: string): Buffer {
  const bytes = Math.floor((base64.length * 3) / 4);
  if (bytes > importLimitBytes + 2) {
    throw new StudioError(
      'file-too-large',
      `"${name}" has ${Math.round(bytes / 1024 ** 2)} MB; at most ${importLimitBytes / 1024 ** 2} MB can be imported through the window.`,
      hint,
      { file: name },
    );
  }
  const content = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  if (content.length !== (base64.length / 4) * 3 - padding)
    throw new StudioError('invalid-message', `The content of "${name}" is not base64.`);
  return content;
}

/** Writes the content under a safe name like this one that is free, and returns its path. */
export function keepData(folder: string, file: string, content: Uint8Array): Promise<string> {
  const extension = /^\.[a-z0-9]{1,8}$/i.exec(extname(file))?.[0].toLowerCase() ?? '.txt';
  const stem = slug(file.slice(0, file.length - extname(file).length), 'data');
  return writeNew(folder, stem, extension, Buffer.from(content));
}
