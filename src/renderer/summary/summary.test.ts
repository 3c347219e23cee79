import { describe, expect, it } from 'vitest';
import { analyze } from '#shared/graph/analyze';
import { chain, sampleFacts } from '#shared/graph/samples';
import { predictStep, type Work } from '#shared/run/timing';
import { growthText } from './growth.js';
import { predictTime, timeParts, probeErrors } from './prediction.js';

const facts = sampleFacts('classification');
const document = chain('classification', [
  ['embedding', { units: 64 }],
  ['lstm', { units: 128 }],
  'dense',
]);
const analysis = analyze(document, facts);

describe('how a recurrence grows', () => {
  it('is told with the network’s own numbers', () => {
    const text = growthText(document, analysis, facts) ?? '';
    expect(text).toContain('LSTM takes 100 % of it');
    expect(text).toContain('T = 20 steps (mean of a row), I = 64 inputs and H = 128 units');
    // 2·4·256·(64+256) + 17·256 against 2·4·128·(64+128) + 17·128.
    expect(text).toContain('twice the units 3.3 times');
  });
  it('of a stack names the units of every layer', () => {
    const stack = chain('classification', [
      'embedding',
      ['stacked-rnn', { units: [32, 16] }],
      'dense',
    ]);
    expect(growthText(stack, analyze(stack, facts), facts)).toContain('H = 32, 16 units');
  });
  it('is not told where nothing recurs, or the data is not known', () => {
    const flat = chain('classification', ['embedding', 'pool-over-time', 'dense']);
    expect(growthText(flat, analyze(flat, facts), facts)).toBeNull();
    expect(growthText(document, analyze(document, null), null)).toBeNull();
  });
});

describe('the predicted time', () => {
  const rates: Work = {
    step: 1e-3,
    parts: 1e-4,
    flops: 0,
    recurrentFlops: 1e-11,
    sequentialSteps: 0,
    parameters: 0,
    values: 0,
  };
  it('of an epoch counts its steps, the last one not full, and a third for validation', () => {
    const time = predictTime({ rates }, analysis, facts, 32);
    expect(time.step).toBeCloseTo(1e-3 + 11e-4 + 1e-11 * time.work.recurrentFlops, 12);
    // 100 rows to train on, 10 to validate.
    expect(time.steps).toBe(4);
    expect(time.epoch).toBeCloseTo(time.step * (4 + 1 / 3), 12);
  });
  it('names its parts, the longest first, without those that cost nothing', () => {
    const { work, step } = predictTime({ rates }, analysis, facts, 32);
    const parts = timeParts(rates, work);
    expect(parts.map(({ name }) => name)).toEqual([
      'Products inside recurrences',
      'Overhead of blocks and parameters',
      'Overhead of a step',
    ]);
    expect(parts.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(step, 12);
  });
  it('says how well the rates reproduce the probes', () => {
    const { work } = predictTime({ rates }, analysis, facts, 32);
    const seconds = predictStep(rates, work);
    const probes = [
      { work, seconds },
      { work, seconds: seconds / 1.5 },
    ];
    const { mean, worst } = probeErrors({ rates, probes });
    expect(mean).toBeCloseTo(0.25, 9);
    expect(worst).toBeCloseTo(0.5, 9);
    expect(probeErrors({ rates, probes: [] })).toEqual({ mean: 0, worst: 0 });
  });
});
