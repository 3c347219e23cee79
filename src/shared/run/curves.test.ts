import type { BatchRecord, EpochRecord, Scores } from './events.js';
import { describe, expect, it } from 'vitest';
import {
  curvesOf,
  formatMetric,
  lastValue,
  metricsOf,
  nearest,
  type CurveAxis,
  type Point,
} from './curves.js';
import { sampleScores as scores } from './samples.js';

const batch = (step: number, values: Partial<BatchRecord> = {}): BatchRecord => ({
  type: 'batch',
  step,
  epoch: Math.ceil(step / 4),
  batch: ((step - 1) % 4) + 1,
  batches: 4,
  loss: 1 / step,
  accuracy: 0.5,
  meanAbsoluteError: null,
  gradientNorm: 1,
  learningRate: 0.001,
  examplesPerSecond: 100,
  tokensPerSecond: 1000,
  elapsed: step,
  remaining: null,
  ...values,
});

const epoch = (number: number, validation: Scores | null, train = scores({})): EpochRecord => ({
  type: 'epoch',
  epoch: number,
  step: number * 4,
  train,
  validation,
  learningRate: 0.001,
  bestEpoch: number,
  epochsWithoutGain: 0,
  elapsed: number,
  memory: { tensors: 1, tensorBytes: 1, processBytes: 1 },
});

describe('curvesOf', () => {
  it('adds the points of new batches to those it made before', () => {
    const log = [batch(1), batch(2)];
    const before = curvesOf(log, [], 'accuracy');
    log.push(batch(3, { accuracy: 0.9 }));
    const after = curvesOf(log, [], 'accuracy');
    expect(after.trainLoss).toBe(before.trainLoss);
    expect(after).toEqual(curvesOf([...log], [], 'accuracy'));
  });

  it('puts batches at the share of their epoch and validation at whole epochs', () => {
    const curves = curvesOf([batch(2), batch(6)], [epoch(1, scores({ loss: 0.7 }))], null);
    expect(curves.trainLoss.map(([x]) => x)).toEqual([0.5, 1.5]);
    expect(curves.validationLoss).toEqual([[1, 0.7]]);
    expect(curves).toMatchObject({ batchesPerEpoch: 4, stepsAhead: 0 });
  });

  it('goes over steps or time as well', () => {
    const log = [batch(2, { elapsed: 30 }), batch(6, { elapsed: 90 })];
    const ends = [{ ...epoch(1, scores({ loss: 0.7 })), elapsed: 60 }];
    const xs = (axis: CurveAxis): number[][] => {
      const { trainLoss, validationLoss } = curvesOf(log, ends, null, axis);
      return [trainLoss, validationLoss].map((points) => points.map(([x]) => x));
    };
    expect(xs('step')).toEqual([[2, 6], [4]]);
    expect(xs('second')).toEqual([[30, 90], [60]]);
    expect(xs('minute')).toEqual([[0.5, 1.5], [1]]);
    expect(xs('epoch')).toEqual([[0.5, 1.5], [1]]);
  });

  it('knows the steps of a branch whose parent had smaller batches', () => {
    const [first] = curvesOf([batch(5)], [], null).trainLoss;
    const branched = curvesOf([{ ...batch(5), step: 9 }], [], null);
    expect(branched.trainLoss).toEqual([first]);
    expect(branched.stepsAhead).toBe(4);
  });

  it('keeps values that were not finite as gaps', () => {
    const curves = curvesOf([batch(1, { loss: null }), batch(2)], [], null);
    expect(curves.trainLoss).toEqual([
      [0.25, null],
      [0.5, 0.5],
    ]);
  });

  it('gives the perplexity of a batch as exp of its loss', () => {
    const curves = curvesOf([batch(1, { loss: 2 })], [], 'perplexity');
    expect(curves.trainMetric[0]?.[1]).toBeCloseTo(Math.exp(2), 12);
  });

  it('has no validation curve when the recipe has no validation part', () => {
    expect(curvesOf([batch(4)], [epoch(1, null)], 'accuracy').validationMetric).toEqual([]);
  });

  it('is empty for an empty log', () => {
    const curves = curvesOf([], [], null);
    expect(curves.trainLoss).toEqual([]);
    expect(curves.batchesPerEpoch).toBeNull();
  });
});

describe('metricsOf', () => {
  it('names what the run measures', () => {
    expect(metricsOf([], [])).toEqual([]);
    expect(metricsOf([batch(1)], [])).toEqual(['accuracy']);
    expect(metricsOf([batch(1, { accuracy: null, meanAbsoluteError: 2 })], [])).toEqual([
      'meanAbsoluteError',
    ]);
    const languageModel = epoch(1, null, scores({ perplexity: 3, accuracy: 0.4 }));
    expect(metricsOf([batch(4)], [languageModel])).toEqual(['accuracy', 'perplexity']);
  });

  it('formats accuracy as a percentage and errors as numbers', () => {
    expect(formatMetric('accuracy', 0.838)).toBe('83.8 %');
    expect(formatMetric('meanAbsoluteError', 2.25)).toBe('2.250');
    expect(formatMetric('perplexity', null)).toBe('–');
  });
});

describe('looking up points', () => {
  const points: Point[] = [
    [0, 1],
    [1, null],
    [2, 5],
  ];
  it('finds the nearest point, on both sides and past the ends', () => {
    expect(nearest(points, -3)).toEqual([0, 1]);
    expect(nearest(points, 0.4)).toEqual([0, 1]);
    expect(nearest(points, 1.6)).toEqual([2, 5]);
    expect(nearest(points, 99)).toEqual([2, 5]);
    expect(nearest([], 1)).toBeNull();
  });
  it('takes the last number, not a trailing gap', () => {
    expect(lastValue([...points, [3, null]])).toBe(5);
    expect(lastValue([])).toBeNull();
  });
});
