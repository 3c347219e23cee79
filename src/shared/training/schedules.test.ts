import { describe, expect, test } from 'vitest';
import { optimizerSchema, scheduleSchema } from './recipe.js';
import { learningRateAt, plateauAfter } from './schedules.js';
import type { Plateau } from './schedules.js';

const optimizer = optimizerSchema.parse({ kind: 'adam', learningRate: 0.1 });
const at = (
  schedule: unknown,
  position: { step?: number; epoch?: number; reductions?: number },
): number =>
  learningRateAt(scheduleSchema.parse(schedule), optimizer, {
    step: 0,
    totalSteps: 101,
    epoch: 0,
    reductions: 0,
    ...position,
  });

describe('learning-rate schedules', () => {
  test('constant', () => {
    expect(at({ kind: 'constant' }, { step: 50, epoch: 5 })).toBe(0.1);
  });

  test('cosine: linear warm-up, full rate after it, half way down in the middle, the final factor last', () => {
    const cosine = { kind: 'cosine', warmUpSteps: 10, finalFactor: 0.2 };
    expect(at(cosine, { step: 0 })).toBeCloseTo(0.01, 12);
    expect(at(cosine, { step: 4 })).toBeCloseTo(0.05, 12);
    expect(at(cosine, { step: 10 })).toBeCloseTo(0.1, 12);
    expect(at(cosine, { step: 55 })).toBeCloseTo(0.06, 12);
    expect(at(cosine, { step: 100 })).toBeCloseTo(0.02, 12);
  });

  test('cosine over a single step is that step at the full rate', () => {
    const cosine = scheduleSchema.parse({ kind: 'cosine' });
    const position = { step: 0, totalSteps: 1, epoch: 0, reductions: 0 };
    expect(learningRateAt(cosine, optimizer, position)).toBe(0.1);
  });

  test('step: a factor every so many epochs', () => {
    const step = { kind: 'step', everyEpochs: 3, factor: 0.5 };
    expect([0, 2, 3, 6].map((epoch) => at(step, { epoch }))).toEqual([0.1, 0.1, 0.05, 0.025]);
  });

  test('plateau: a factor a reduction, down to the minimum and never above the base rate', () => {
    const plateau = { kind: 'plateau', factor: 0.5, minimumLearningRate: 0.03 };
    expect([0, 1, 2, 9].map((reductions) => at(plateau, { reductions }))).toEqual([
      0.1, 0.05, 0.03, 0.03,
    ]);
    expect(at({ ...plateau, minimumLearningRate: 1 }, { reductions: 1 })).toBe(0.1);
  });

  test('plateau: reduces after `patience` epochs in a row without a lower loss, then counts anew', () => {
    let state: Plateau = { best: null, epochsWithoutGain: 0, reductions: 0 };
    const reductions = [5, 4, 4, 4.5, 3, 3, null, 3, 3].map((loss) => {
      state = plateauAfter(state, 2, loss);
      return state.reductions;
    });
    expect(reductions).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 3]);
  });
});
