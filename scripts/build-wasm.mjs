/**
 * `npm run build:wasm`: compiles the AssemblyScript kernels and writes them, as base64, into
 * src/main/engine/kernels/wasm/binaries.ts. That file is committed: tests from the source and the
 * bundled engine alike find it, and an install needs no compiler.
 */
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = 'src/main/engine/kernels/wasm';
export const target = join(root, folder, 'binaries.ts');

const shared = ['--sharedMemory', '--maximumMemory', '32768', '--enable', 'threads'];
const variants = {
  /** Fused multiply-add. */
  relaxed: [...shared, '--enable', 'relaxed-simd'],
  portable: shared,
  /** Where there is no SharedArrayBuffer. */
  unshared: [],
};

async function compile(flags) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      `${folder}/assembly/index.ts`,
      ...['--runtime', 'stub', '--importMemory', '--initialMemory', '1', '--enable', 'simd'],
      ...['--noAssert', '-O3', '--converge', '--outFile', 'kernels.wasm', ...flags],
    ],
    {
      baseDir: root,
      writeFile: (_, contents) => {
        binary = contents;
      },
    },
  );
  if (error || binary === undefined) throw new Error(`asc failed:\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

/** The text of binaries.ts. */
export async function build() {
  const lines = [
    '/** Made by `npm run build:wasm` from assembly/; not to be edited. */',
    'export const binaries = {',
  ];
  for (const [name, flags] of Object.entries(variants)) {
    lines.push(`  ${name}:`, `    '${await compile(flags)}',`);
  }
  return [...lines, '} as const;', ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(target, await build());
  console.log(`wrote ${relative(root, target)}`);
}
