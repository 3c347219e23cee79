/**
 * Files that a target copies into its exports as they are. They stand in the target's `program/` folder,
 * where editors, Prettier and ESLint treat them as the programs that they are.
 */
import type { CodeFile } from './types.js';

/** Texts by path within the export. */
export type ProgramFiles = ReadonlyMap<string, string>;

/**
 * @param texts of `import.meta.glob('./program/…')`.
 * @param renamed variants that take the place of one name: `preprocessing/text.ts` → `preprocessing.ts`.
 */
export function programFiles(
  texts: Readonly<Record<string, string>>,
  renamed: Readonly<Record<string, string>>,
): ProgramFiles {
  const files = new Map<string, string>();
  for (const [path, text] of Object.entries(texts)) {
    const name = path.slice('./program/'.length);
    files.set(renamed[name] ?? name, text);
  }
  return files;
}

/** These files, and all that they import from the program, directly or not, in the order of paths. */
export function withImports(files: readonly CodeFile[], program: ProgramFiles): CodeFile[] {
  const found = new Map(files.map((file) => [file.path, file]));
  // A Map's iterator also visits what is added meanwhile.
  for (const { path, text } of found.values())
    for (const [, specifier = ''] of text.matchAll(/\b(?:from|import) ?\(?'(\.[^']+)'/g)) {
      const target = resolve(path, specifier);
      if (!found.has(target)) found.set(target, programFile(target, program));
    }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const languages: Readonly<Record<string, CodeFile['language']>> = {
  ts: 'typescript',
  js: 'javascript',
  mjs: 'javascript',
  json: 'json',
  html: 'html',
};

export function programFile(path: string, program: ProgramFiles): CodeFile {
  const text = program.get(path);
  if (text === undefined) throw new Error(`the exported program has no file ${path}`);
  const language = languages[path.split('.').at(-1) ?? ''] ?? 'text';
  return { path, language, text, spans: [] };
}

/** `training/fit.ts`, `../load.ts` → `load.ts`. */
function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
