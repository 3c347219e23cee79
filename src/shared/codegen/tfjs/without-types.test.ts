/**
 * The programs of the export to TF.js that the TypeScript program has too are its files without types. Not
 * edited: `npx vitest run -u src/shared/codegen/tfjs/without-types.test.ts` makes them.
 */
import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import ts from 'typescript';
import { expect, test } from 'vitest';

const folder = 'src/shared/codegen';

/** By the name in the TypeScript program. */
const files: readonly (readonly [typescript: string, javascript: string])[] = [
  ...[
    'backend',
    'logits',
    'page',
    'safetensors',
    'verification',
    'preprocessing/series',
    'preprocessing/text',
    'predictions/classification',
    'predictions/forecast',
    'predictions/next-token',
    'predictions/tagging',
  ].map((name) => [`${name}.ts`, `${name}.js`] as const),
  ['predict.ts', 'predict.mjs'],
  ['verify.ts', 'verify.mjs'],
];

test.each(files)(
  '%s without its types is %s of the export to TF.js',
  async (typescript, javascript) => {
    const text = await readFile(`${folder}/typescript/program/${typescript}`, 'utf8');
    await expect(await withoutTypes(text)).toMatchFileSnapshot(
      `../../../../${folder}/tfjs/program/${javascript}`,
    );
  },
);

/** TypeScript drops empty lines, so they pass through it as comments. */
async function withoutTypes(text: string): Promise<string> {
  const marked = text.replace(/\n\n/g, '\n//@blank\n');
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
  };
  const { outputText } = ts.transpileModule(marked, { compilerOptions });
  const plain = outputText
    .replace(/ *\/\/@blank/g, '')
    .replace('export {};', '')
    .replaceAll("'./load.ts'", "'./model.js'")
    .replace(/('\.[^']*)\.ts'/g, "$1.js'");
  // It goes with the import of a type that it stands before.
  const [header = ''] = /^\/\*\*.*?\*\/\n/s.exec(text) ?? [];
  const whole = plain.startsWith(header) ? plain : header + plain;
  return format(whole, { printWidth: 100, singleQuote: true, parser: 'babel' });
}
