/** The code of three examples, read by people whenever it changes; `npx vitest run -u` writes it anew. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseDocument } from '../../graph/parse.js';
import { sampleFacts } from '../../graph/samples.js';
import { lower } from '../../ir/lower.js';
import { generatePyTorch } from './index.js';

test.each(['sentiment-bilstm', 'char-language-model', 'weather-forecast'])(
  '%s as pytorch is the code in tests/goldens',
  async (example) => {
    const source = `resources/examples/${example}.unroll.json`;
    const document = parseDocument(await readFile(source, 'utf8'), source);
    const facts = sampleFacts(document.data.task);
    const { files } = generatePyTorch({ document, facts, program: lower(document, facts) });
    for (const { path, text } of files)
      await expect(text).toMatchFileSnapshot(
        `../../../../tests/goldens/pytorch/${example}/${path}`,
      );
  },
);
