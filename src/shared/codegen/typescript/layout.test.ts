import { format } from 'prettier';
import { expect, test } from 'vitest';
import { numbers } from './layout.js';

test.each([1, 2, 5, 6, 7, 40])(
  '%i numbers are laid out as Prettier lays them out',
  async (count) => {
    const values = Array.from({ length: count }, (_, i) => String((i + 1) / (7 + (i % 5))));
    const text = `const options = {\n  ${numbers('weights: f(', values, '),', 2).replaceAll('\n', '\n  ')}\n};\n`;
    const options = { parser: 'typescript', printWidth: 100, singleQuote: true };
    expect(await format(text, options)).toBe(text);
  },
);
