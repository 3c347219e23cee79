import { StudioError } from '#shared/errors';
import type { FileDescription } from '#shared/data/facts';
import { importLimitBytes } from '#shared/ipc/studio';
import { client } from '../transport.js';

const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);

function toBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      // An empty file may have no comma at all.
      resolve(url.split(',')[1] ?? '');
    };
    reader.onerror = () =>
      reject(
        new StudioError(
          'file-not-read',
          `The browser could not read "${file.name}": ${reader.error?.message ?? 'unknown reason'}.`,
          'Check that it still exists and that you may read it.',
          { file: file.name },
        ),
      );
    reader.readAsDataURL(file);
  });
}

/** A file of the person's as a message carries it. */
export async function readForUpload(file: File): Promise<{ name: string; base64: string }> {
  // Main refuses it too, but the connection would not survive so large a message.
  if (file.size > importLimitBytes)
    throw new StudioError(
      'file-too-large',
      `"${file.name}" has ${megabytes(file.size)} MB; at most ${megabytes(importLimitBytes)} MB can be imported through the window.`,
      'Put it beside the project file and name its path instead.',
      { file: file.name },
    );
  return { name: file.name, base64: await toBase64(file) };
}

/** Copies the file into the workspace and looks at it. */
export const importFile = async (file: File): Promise<FileDescription> =>
  client.request('data.import', await readForUpload(file));
