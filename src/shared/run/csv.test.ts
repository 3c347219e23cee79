import { expect, it } from 'vitest';
import { sampleRun, sampleScores, sampleSummary } from './samples.js';
import { runsCsv } from './csv.js';
import { rowOf } from './rows.js';

/** As RFC 4180 says it. */
function parse(text: string): string[][] {
  const cells = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g;
  const lines: string[][] = [[]];
  for (const [, cell = '', end] of text.matchAll(cells)) {
    lines.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') lines.push([]);
  }
  return lines.slice(0, -1);
}

it('runs as CSV keep text with commas, quotes and lines, and numbers in full precision', () => {
  const note = 'He said "0,5",\nthen 1';
  const summary = sampleSummary({
    test: sampleScores({ loss: 0.1 + 0.2, accuracy: 1 / 3 }),
    seconds: 12.345678901234,
  });
  const run = sampleRun({
    tags: ['a', 'b, c'],
    note,
    seed: 7,
    state: { phase: 'done', summary, checkpointStep: null },
  });
  const [header = [], ...lines] = parse(runsCsv([rowOf(run), rowOf(sampleRun())]));
  expect(lines).toHaveLength(2);
  const [first, waiting] = lines.map((line) => new Map(header.map((name, i) => [name, line[i]])));
  expect(new Set(header).size).toBe(header.length);
  expect(first?.get('note')).toBe(note);
  expect(first?.get('tags')).toBe('a; b, c');
  expect(Number(first?.get('test loss'))).toBe(0.1 + 0.2);
  expect(Number(first?.get('test accuracy (share)'))).toBe(1 / 3);
  expect(first?.get('training time (s)')).toBe('12.345678901234');
  expect(waiting?.get('test loss')).toBe('');
  expect(waiting?.get('state')).toBe('Waiting');
});
