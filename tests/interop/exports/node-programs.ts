/** Exported JavaScript and TypeScript in Node: a folder that finds the repository's packages, and runs. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import type { GeneratedExport } from '#shared/codegen/types';
import type { Fixture } from './fixtures.js';

/** Names that would do something if they stood in code as they are, and names that can't be identifiers. */
export const hostileNames: readonly string[] = [
  '"; import os',
  "'); process.exit(7); ('",
  '*/ process.exit(7); /*',
  '`${process.exit(7)}`',
  'a\nprocess.exit(7)\u2028b \u{1f600}',
  '</script><script>process.exit(7)</script>',
  'constructor',
  'Ein sehr langer Name, der in keine Zeile passt, weil er nicht aufhört',
  '',
];

/** The same network under hostile names. */
export function hostile({ document, ...fixture }: Fixture): Fixture {
  const nodes = document.graph.nodes.map((node, i) => ({
    ...node,
    name: hostileNames[i % hostileNames.length] ?? '',
  }));
  const graph = { ...document.graph, nodes };
  return {
    ...fixture,
    name: `${fixture.name}-hostile`,
    document: { ...document, name: hostileNames.join(' '), graph },
  };
}

/** Programs below it import the repository's packages. */
export async function programFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unroll-tfjs-'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** The objects that a Node program prints, one a line, whatever its exit status is. */
export function nodeJson<T>(script: string, args: readonly string[]): T[] {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`${script} printed nothing:\n${stderr}`);
  return lines.map((line): T => JSON.parse(line));
}

const emitted = new Map<string, string>();

/** `dist/` as `tsc` writes it, without its checks: most files are the same in all exports. */
export async function compileTypeScript(folder: string, { files }: GeneratedExport): Promise<void> {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
  };
  for (const { path, text } of files) {
    if (!path.endsWith('.ts')) continue;
    const output = emitted.get(text) ?? ts.transpileModule(text, { compilerOptions }).outputText;
    emitted.set(text, output);
    const target = join(folder, 'dist', path.replace(/ts$/, 'js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, output);
  }
}
