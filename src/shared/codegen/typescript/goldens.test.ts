/** The code of three examples, read by people whenever it changes; `npx vitest run -u` writes it anew. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseDocument } from '../../graph/parse.js';
import { sampleFacts } from '../../graph/samples.js';
import { lower } from '../../ir/lower.js';
import { generateTfjs } from '../tfjs/index.js';
import { generateTypeScript } from './index.js';

const examples = ['sentiment-bilstm', 'char-language-model', 'weather-forecast'];
const targets = [
  ['typescript', generateTypeScript, ['model.ts', 'recipe.ts', 'README.md']],
  ['tfjs', generateTfjs, ['model.json', 'README.md']],
] as const;

test.each(examples.flatMap((example) => targets.map((target) => [example, ...target] as const)))(
  '%s as %s is the code in tests/goldens',
  async (example, target, generate, golden) => {
    const path = `resources/examples/${example}.unroll.json`;
    const document = parseDocument(await readFile(path, 'utf8'), path);
    const facts = sampleFacts(document.data.task);
    const { files } = generate({ document, facts, program: lower(document, facts) });
    for (const name of golden) {
      const file = files.find((one) => one.path === name);
      await expect(file?.text).toMatchFileSnapshot(
        `../../../../tests/goldens/${target}/${example}/${name}`,
      );
    }
    // Everything that goes along, in the order of a listing.
    const paths = files.map((one) => one.path).sort();
    await expect(`${paths.join('\n')}\n`).toMatchFileSnapshot(
      `../../../../tests/goldens/${target}/${example}/files.txt`,
    );
  },
);
