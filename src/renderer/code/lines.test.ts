import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodeFile } from '#shared/codegen/types';
import { changeBetween, linesOf, mainFile, nodeAtLine } from './lines.js';

const spans = [
  { node: 'encoder', from: 3, to: 9 },
  { node: 'dropout', from: 5, to: 6 },
  { node: 'encoder', from: 20, to: 20 },
];

describe('lines and blocks', () => {
  it('a line belongs to the innermost block around it', () => {
    expect(nodeAtLine(spans, 4)).toBe('encoder');
    expect(nodeAtLine(spans, 5)).toBe('dropout');
    expect(nodeAtLine(spans, 20)).toBe('encoder');
  });

  it('a line that no block wrote belongs to none', () => {
    expect(nodeAtLine(spans, 1)).toBeNull();
    expect(nodeAtLine(spans, 10)).toBeNull();
  });

  it('a block has the lines of all its spans, in order and once', () => {
    expect(linesOf(spans, ['dropout', 'encoder'])).toEqual([3, 4, 5, 6, 7, 8, 9, 20]);
    expect(linesOf(spans, [])).toEqual([]);
  });

  it('the file that blocks wrote most of is shown first, else the first one', () => {
    const file = (path: string, count: number): CodeFile => ({
      path,
      language: 'python',
      text: '',
      spans: spans.slice(0, count),
    });
    expect(mainFile([file('train.py', 0), file('model.py', 3), file('data.py', 1)])?.path).toBe(
      'model.py',
    );
    expect(mainFile([file('README.md', 0), file('model.py', 0)])?.path).toBe('README.md');
    expect(mainFile([])).toBeNull();
  });
});

describe('the change between two texts', () => {
  const apply = (old: string, next: string): string => {
    const change = changeBetween(old, next);
    return change === null ? old : old.slice(0, change.from) + change.insert + old.slice(change.to);
  };

  it('leaves equal texts alone and touches only what differs', () => {
    expect(changeBetween('units = 8\n', 'units = 8\n')).toBeNull();
    expect(changeBetween('units = 8\nrate\n', 'units = 16\nrate\n')).toEqual({
      from: 8,
      to: 9,
      insert: '16',
    });
  });

  it('turns any text into any other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
    fc.assert(fc.property(text, text, (old, next) => apply(old, next) === next));
  });
});
