/** Files of this folder under Node. */
import { readFile } from 'node:fs/promises';

/** This folder; compiled programs lie one below it. */
const root = new URL(import.meta.url.endsWith('.ts') ? '.' : '..', import.meta.url);

export const fileUrl = (name: string): URL => new URL(name, root);

export const read = (name: string): Promise<Uint8Array> => readFile(fileUrl(name));
