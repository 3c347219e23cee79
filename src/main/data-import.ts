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
  const file = name.split(/[/\\]/).pop() ?? '';
  const bytes = Math.floor((base64.length * 3) / 4);
  if (bytes > importLimitBytes + 2) {
    throw new StudioError(
      'file-too-large',
      `"${file}" has ${Math.round(bytes / 1024 ** 2)} MB; at most ${importLimitBytes / 1024 ** 2} MB can be imported through the window.`,
      `Copy it into "${folder}" yourself and name its path in the data recipe.`,
      { file: name },
    );
  }
  const content = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  if (content.length !== (base64.length / 4) * 3 - padding)
    throw new StudioError('invalid-message', `The content of "${file}" is not base64.`);
  if (content.length === 0)
    throw new StudioError('empty-file', `"${file}" is empty.`, '', { file: name });
  const extension = /^\.[a-z0-9]{1,8}$/i.exec(extname(file))?.[0].toLowerCase() ?? '.txt';
  const stem = slug(file.slice(0, file.length - extname(file).length), 'data');
  return writeNew(folder, stem, extension, content);
}
