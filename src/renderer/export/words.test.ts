import { describe, expect, it } from 'vitest';
import type { Verification } from '#shared/run/exported';
import { formatDifference, frameworkName, verdictOf } from './words.js';

const passed: Verification = {
  state: 'passed',
  rows: 32,
  largestDifference: 3.1e-7,
  tolerance: 1e-5,
  preprocessing: true,
  generated: null,
  framework: 'torch 2.3.0',
};

describe('differences', () => {
  it.each([
    [3.1e-7, '3·10⁻⁷'],
    [1e-5, '10⁻⁵'],
    [9.6e-8, '10⁻⁷'],
    [0, '0'],
    [12, '10¹'],
  ])('%d reads %s', (value, text) => {
    expect(formatDifference(value)).toBe(text);
  });
});

it.each([
  ['torch 2.3.0', 'PyTorch 2.3.0'],
  ['keras 3.15.0 on tensorflow', 'Keras 3.15.0 on tensorflow'],
  ['onnxruntime 1.20.0', 'ONNX Runtime 1.20.0'],
  ['tfjs 4.22.0', 'TensorFlow.js 4.22.0'],
  ['something 1.0', 'something 1.0'],
])('the framework %s is called %s', (framework, name) => {
  expect(frameworkName(framework)).toBe(name);
});

describe('what verification found', () => {
  it('says that the numbers are the same, in which framework, how close and over how many rows', () => {
    const verdict = verdictOf(passed);
    expect(verdict.tone).toBe('passed');
    expect(verdict.title).toBe(
      'The same numbers in PyTorch 2.3.0: largest difference 3·10⁻⁷ over 32 rows.',
    );
  });

  it('says of a language model that its text is the same', () => {
    expect(verdictOf({ ...passed, generated: true }).details.join(' ')).toMatch(/same text/);
  });

  it('says what differs, and only that', () => {
    const verdict = verdictOf({
      ...passed,
      state: 'failed',
      largestDifference: 0.02,
      preprocessing: false,
    });
    expect(verdict.tone).toBe('failed');
    expect(verdict.title).toMatch(/^Not the same in PyTorch 2\.3\.0: largest difference 2·10⁻²/);
    expect(verdict.details).toHaveLength(2);
    expect(verdict.details.join(' ')).toMatch(/preprocessing/);
  });

  it('says that outputs are not numbers', () => {
    const verdict = verdictOf({ ...passed, state: 'failed', largestDifference: null, rows: 1 });
    expect(verdict.title).toMatch(/outputs that are not numbers over 1 row\./);
  });

  it('a check that broke is a failure, a missing framework is not', () => {
    const notRun = { state: 'not-run', message: 'No torch.', install: null, verify: null };
    expect(verdictOf({ ...notRun, state: 'not-run', reason: 'broke' }).tone).toBe('failed');
    const missing = verdictOf({ ...notRun, state: 'not-run', reason: 'framework-missing' });
    expect(missing.tone).toBe('not-run');
    expect(missing.details).toEqual(['No torch.']);
  });
});
