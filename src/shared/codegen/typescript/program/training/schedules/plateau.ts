import type { Schedule } from './schedule.ts';

export interface PlateauOptions {
  patience: number;
  factor: number;
  minimumLearningRate: number;
}

/** Multiplied by `factor` when the loss has not improved for `patience` epochs. */
export function plateau(learningRate: number, options: PlateauOptions): Schedule {
  const { patience, factor, minimumLearningRate } = options;
  let best = Infinity;
  let epochsWithoutGain = 0;
  let reductions = 0;
  return {
    learningRate: () =>
      Math.max(Math.min(learningRate, minimumLearningRate), learningRate * factor ** reductions),
    afterEpoch(loss) {
      epochsWithoutGain = loss < best ? 0 : epochsWithoutGain + 1;
      best = Math.min(best, loss);
      if (epochsWithoutGain < Math.max(1, patience)) return;
      epochsWithoutGain = 0;
      reductions += 1;
    },
  };
}
