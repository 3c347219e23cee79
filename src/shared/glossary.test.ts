import { expect, test } from 'vitest';
import { allTerms, findTerms } from './glossary.js';

test('every term has a name of its own and an explanation that ends as a sentence', () => {
  expect(new Set(allTerms.map(({ name }) => name)).size).toBe(allTerms.length);
  for (const { meaning } of allTerms) expect(meaning).toMatch(/[.]$/);
});

test('a term is found by its name first, then by its meaning or source', () => {
  expect(findTerms('')).toEqual(allTerms);
  const names = findTerms(' PADDING ').map(({ name }) => name);
  expect(names[0]).toBe('Padding');
  expect(names).toContain('Packed sequences');
  expect(findTerms('hochreiter').map(({ name }) => name)).toEqual(['Cell state', 'Gate']);
  expect(findTerms('no such term')).toEqual([]);
});
