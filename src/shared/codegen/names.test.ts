import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  camelCase,
  Identifiers,
  pascalCase,
  plainText,
  pythonKeywords,
  pythonString,
  snakeCase,
  typescriptString,
} from './names.js';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });

test('names become words of an identifier', () => {
  expect(snakeCase('Bidirectional LSTM 2')).toBe('bidirectional_lstm_2');
  expect(camelCase('Größe (neu)')).toBe('grosseNeu');
  expect(pascalCase('myEncoder')).toBe('MyEncoder');
  expect(snakeCase('"; import os')).toBe('import_os');
  expect(snakeCase('日本')).toBe('');
});

test('identifiers are valid, unique and stay the same for a key', () => {
  const names = new Identifiers(snakeCase, [...pythonKeywords, 'lstm']);
  expect(names.for('a', 'LSTM', 'layer')).toBe('lstm_2');
  expect(names.for('b', 'lstm', 'layer')).toBe('lstm_3');
  expect(names.for('a', 'something else', 'layer')).toBe('lstm_2');
  expect(names.for('c', '2 heads', 'layer')).toBe('layer_2_heads');
  expect(names.for('d', '日本', 'dense')).toBe('dense');
  expect(names.for('e', 'import', 'layer')).toBe('import_2');
});

test('any text gives a valid identifier that nobody else has', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 8 }), (texts) => {
      const names = new Identifiers(snakeCase, pythonKeywords);
      const made = texts.map((text, i) => names.for(String(i), text, 'layer'));
      expect(new Set(made).size).toBe(texts.length);
      for (const name of made) {
        expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
        expect(pythonKeywords).not.toContain(name);
      }
    }),
  );
});

test('a TypeScript literal evaluates to the text, on one line, in printable characters', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const literal = typescriptString(text);
      expect(literal).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      const evaluate: unknown = new Function(`return ${literal}`)();
      expect(evaluate).toBe(text);
    }),
  );
});

test('a Python literal escapes its quotes, backslashes and line breaks', () => {
  expect(pythonString('say "hi"')).toBe(`'say "hi"'`);
  expect(pythonString(`"'\\\n`)).toBe(`"\\"'\\\\\\n"`);
  expect(pythonString('é\u0000\u2028😀')).toBe('"é\\x00\\u2028😀"');
});

test('text for a comment stays on its line and cannot end it', () => {
  expect(plainText('a """ b\n*/ c\\"')).toBe(`a ''' b * / c/'`);
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = plainText(text);
      expect(plain).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\\]|"""|\*\/|"$/u);
    }),
  );
});
