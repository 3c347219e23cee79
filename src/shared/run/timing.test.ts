import { describe, expect, it } from 'vitest';
import { analyze } from '../graph/analyze.js';
import { chain, sampleFacts } from '../graph/samples.js';
import { fitRates, predictStep, workOf, workTerms, type Work } from './timing.js';

const nothing: Work = {
  step: 1,
  parts: 0,
  flops: 0,
  recurrentFlops: 0,
  sequentialSteps: 0,
  parameters: 0,
  values: 0,
};

describe('the work of a training step', () => {
  it('is three forward passes of the batch, apart inside and outside recurrences', () => {
    const analysis = analyze(
      chain('classification', ['embedding', ['lstm', { units: 128 }], 'dense']),
      sampleFacts('classification'),
    );
    expect(workOf(analysis, sampleFacts('classification'), 32)).toEqual({
      step: 1,
      // Five blocks with 1 + 3 + 2 arrays of parameters.
      parts: 11,
      recurrentFlops: 3 * 32 * 20 * (2 * 4 * 128 * (64 + 128) + 17 * 128),
      flops: 3 * 32 * (2 * 128 * 2 + 2 + 5 * 2),
      sequentialSteps: 20,
      parameters: 5000 * 64 + 4 * 128 * (64 + 128 + 1) + 2 * 129,
      // Ids, written and read; vectors; the last state, two scores, and those again. The LSTM is all products.
      values: 32 * (20 + 20 + 20 * 64 + 128 + 2 + 2),
    });
  });
});

describe('fitting rates', () => {
  const truth: Work = {
    step: 2e-4,
    parts: 1e-4,
    flops: 2e-11,
    recurrentFlops: 5e-11,
    sequentialSteps: 4e-6,
    parameters: 6e-10,
    values: 1e-9,
  };
  const works: Work[] = [
    { ...nothing, parts: 3 },
    { ...nothing, parts: 12 },
    { ...nothing, parts: 4, flops: 1e8 },
    { ...nothing, parts: 4, recurrentFlops: 1e8, sequentialSteps: 32 },
    { ...nothing, parts: 4, recurrentFlops: 1e6, sequentialSteps: 64 },
    { ...nothing, parts: 5, parameters: 1e6 },
    { ...nothing, parts: 5, values: 2e6 },
  ];
  const timings = works.map((work) => ({ work, seconds: predictStep(truth, work) }));

  it('finds the rates that made the timings', () => {
    const rates = fitRates(timings);
    for (const { work, seconds } of timings)
      expect(predictStep(rates, work) / seconds).toBeCloseTo(1, 3);
    const other = { ...nothing, parts: 8, flops: 5e7, recurrentFlops: 3e7, sequentialSteps: 40 };
    expect(predictStep(rates, other) / predictStep(truth, other)).toBeCloseTo(1, 2);
  });
  it('never gives a rate below zero, whatever the noise', () => {
    const noisy = timings.map(({ work, seconds }, row) => ({
      work,
      seconds: seconds * (row % 2 === 0 ? 0.3 : 2),
    }));
    const rates = fitRates(noisy);
    for (const term of workTerms) expect(rates[term]).toBeGreaterThanOrEqual(0);
  });
  it('takes few timings, and none', () => {
    expect(predictStep(fitRates([]), nothing)).toBe(0);
    const one = timings[0]!;
    expect(predictStep(fitRates([one]), one.work)).toBeCloseTo(one.seconds, 9);
  });
});
