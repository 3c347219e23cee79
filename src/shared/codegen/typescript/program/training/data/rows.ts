/** Rows of JSON lines files: one example a line. */
import type { Read } from '../load.ts';

export async function readLines<Row>(read: Read, name: string): Promise<Row[]> {
  const text = new TextDecoder().decode(await read(name));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));
}
