/** Files of this folder under Node. */
import { readFile } from 'node:fs/promises';

export const read = (name) => readFile(new URL(name, import.meta.url));
