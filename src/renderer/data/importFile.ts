import { StudioError } from '#shared/errors';
import { importLimitBytes } from '#shared/ipc/studio';
import { client } from '../transport.js';

const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);

function toBase64(name: string, content: Blob): Promise<string> {
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
          `The browser could not read "${name}": ${reader.error?.message ?? 'unknown reason'}.`,
          'Check that it still exists and that you may read it.',
          { file: name },
        ),
      );
    reader.readAsDataURL(content);
  });
}

function refuseLarge(file: File): void {
  // Main refuses it too, but the connection would not survive so large a message.
  if (file.size > importLimitBytes)
    throw new StudioError(
      'file-too-large',
      `"${file.name}" has ${megabytes(file.size)} MB; at most ${megabytes(importLimitBytes)} MB can be imported through the window.`,
      'Put it beside the project file and name its path instead.',
      { file: file.name },
    );
}

/** A file of the person's as a message carries it. */
export async function readForUpload(file: File): Promise<{ name: string; base64: string }> {
  refuseLarge(file);
  return { name: file.name, base64: await toBase64(file.name, file) };
}

/** Small enough that a window stays fluid while one is encoded and sent. */
const pieceBytes = 3 * 1024 * 1024;

/**
 * Sends the file to be looked at, a piece at a time.
 * @param onProgress is told the share that has arrived; false stops.
 * @returns what the studio calls it; null after a stop.
 */
export async function stageFile(
  file: File,
  onProgress: (share: number) => boolean,
): Promise<string | null> {
  refuseLarge(file);
  let id: string | null = null;
  for (let at = 0; at === 0 || at < file.size; at += pieceBytes) {
    const base64 = await toBase64(file.name, file.slice(at, at + pieceBytes));
    const staged: { id: string } = await client.request('data.stage', {
      id,
      name: file.name,
      base64,
    });
    id = staged.id;
    if (!onProgress(Math.min(1, (at + pieceBytes) / file.size))) {
      await client.request('data.discard', { id });
      return null;
    }
  }
  return id;
}
