import { expect, it } from 'vitest';
import { runTitle, stateText } from './names.js';

it('tells an interrupted run from a failed one', () => {
  const error = { code: 'interrupted', message: '', hint: '', place: {} };
  expect(stateText({ phase: 'failed', error, checkpointStep: 4 })).toBe('Interrupted');
  expect(
    stateText({ phase: 'failed', error: { ...error, code: 'out-of-memory' }, checkpointStep: 4 }),
  ).toBe('Failed');
});

it('names a run by the part of its id that tells it from others', () => {
  expect(runTitle('20260131-235959-a1b2')).toBe('Run a1b2');
  expect(runTitle('plain')).toBe('Run plain');
});
