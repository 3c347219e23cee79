import { describe, expect, it } from 'vitest';
import { sampleRun, sampleScores as scores } from './samples.js';
import { allColumns, descendsFirst, nameColumn } from './columns.js';
import {
  createRowMemory,
  matchesFilter,
  rowOf,
  scoreText,
  sortRows,
  tagCounts,
  type RunRow,
} from './rows.js';

const row = (id: string, values: Partial<RunRow>): RunRow => ({
  id,
  title: `Run ${id}`,
  project: 'p',
  phase: 'done',
  state: 'Completed',
  finished: true,
  device: 'WebGPU',
  created: `2026-01-0${id}`,
  epochs: 3,
  bestEpoch: 2,
  validation: null,
  test: null,
  seconds: 1,
  millisecondsPerStep: 1,
  parameters: 1,
  memory: 1,
  seed: 1,
  tags: [],
  note: '',
  parent: null,
  ...values,
});

const ids = (rows: RunRow[]): string => rows.map(({ id }) => id).join('');

describe('sortRows', () => {
  const rows = [
    row('1', { seconds: 30, test: scores({ accuracy: 0.8 }) }),
    row('2', { seconds: null }),
    row('3', { seconds: 4, test: scores({ accuracy: 0.9 }) }),
  ];
  it('sorts numbers as numbers, both ways', () => {
    expect(ids(sortRows(rows, { key: 'seconds', descending: false }))).toBe('312');
    expect(ids(sortRows(rows, { key: 'seconds', descending: true }))).toBe('132');
  });
  it('puts what is not known last in both directions', () => {
    expect(ids(sortRows(rows, { key: 'test', descending: true }))).toBe('312');
    expect(ids(sortRows(rows, { key: 'test', descending: false }))).toBe('132');
  });
  it('begins with the best: high accuracies, low perplexities and errors, new runs', () => {
    const [accuracy, perplexity] = [{ accuracy: 0.5 }, { accuracy: 0.5, perplexity: 4 }].map(
      (values) => [row('1', { test: scores(values) }), row('2', {})],
    );
    const first = (key: string, of: RunRow[] = []) =>
      descendsFirst(allColumns.find((column) => column.key === key) ?? nameColumn, of);
    expect(first('test', accuracy)).toBe(true);
    expect(first('test', perplexity)).toBe(false);
    expect(first('created', perplexity)).toBe(true);
    expect(first('loss', accuracy)).toBe(false);
  });
  it('shows the newest first among equals and leaves its input alone', () => {
    const before = ids(rows);
    expect(ids(sortRows(rows, { key: 'project', descending: false }))).toBe('321');
    expect(ids(rows)).toBe(before);
  });
});

describe('rowOf', () => {
  const entry = sampleRun({
    state: {
      phase: 'failed',
      error: { code: 'engine-died', message: 'gone', hint: '', place: {} },
      checkpointStep: null,
    },
  });
  it('leaves empty what a failed run never told', () => {
    expect(rowOf(entry)).toMatchObject({
      title: 'Run a1b2',
      state: 'Failed',
      epochs: null,
      test: null,
      seed: null,
    });
  });
});

describe('scoreText', () => {
  it('names the score unless it is an accuracy', () => {
    expect(scoreText(scores({ accuracy: 0.838 }))).toBe('83.8 %');
    expect(scoreText(scores({ accuracy: 0.5, perplexity: 4.2 }))).toBe('perplexity 4.200');
    expect(scoreText(scores({ meanAbsoluteError: 2 }))).toBe('MAE 2.000');
    expect(scoreText(null)).toBe('–');
  });
});

describe('the filter', () => {
  const rows = [
    row('1', { tags: ['baseline', 'seed 2'], note: 'Slow', device: 'WebAssembly' }),
    row('2', { tags: ['baseline'], project: 'Spam' }),
  ];
  const found = (text: string, tags: string[] = []) =>
    ids(rows.filter((one) => matchesFilter(one, text, tags)));
  it('finds runs by words anywhere in them, all of them, in any case', () => {
    expect(found('')).toBe('12');
    expect(found('slow  webass')).toBe('1');
    expect(found('SPAM baseline')).toBe('2');
    expect(found('spam seed')).toBe('');
  });
  it('by tags takes those that have all of them, and counts them', () => {
    expect(found('', ['baseline', 'seed 2'])).toBe('1');
    expect(found('', ['seed'])).toBe('');
    expect(tagCounts(rows)).toEqual([
      ['baseline', 2],
      ['seed 2', 1],
    ]);
  });
});

it('a row stays the same object until something of its run changes', () => {
  const of = createRowMemory();
  const run = sampleRun();
  const before = of(run);
  expect(of(run)).toBe(before);
  expect(of(run, { tags: ['new'] })).toMatchObject({ tags: ['new'] });
});
