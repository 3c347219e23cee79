/** Learning-rate schedules as pure functions of where training stands. */
import type { OptimizerRecipe, ScheduleRecipe } from './recipe.js';

export interface SchedulePosition {
  /** 0-based optimizer step, of `totalSteps`. */
  step: number;
  totalSteps: number;
  /** 0-based. */
  epoch: number;
  /** How often the plateau schedule has reduced the rate so far. */
  reductions: number;
}

export function learningRateAt(
  schedule: ScheduleRecipe,
  optimizer: OptimizerRecipe,
  position: SchedulePosition,
): number {
  const base = optimizer.learningRate;
  const { step, totalSteps, epoch, reductions } = position;
  switch (schedule.kind) {
    case 'constant':
      return base;
    case 'cosine': {
      // Loshchilov & Hutter 2017, one half period. The first step is not 0: it would teach nothing.
      const { warmUpSteps, finalFactor } = schedule;
      if (step < warmUpSteps) return (base * (step + 1)) / warmUpSteps;
      const progress = Math.min(
        1,
        (step - warmUpSteps) / Math.max(1, totalSteps - 1 - warmUpSteps),
      );
      return base * (finalFactor + ((1 - finalFactor) * (1 + Math.cos(Math.PI * progress))) / 2);
    }
    case 'step':
      return base * schedule.factor ** Math.floor(epoch / schedule.everyEpochs);
    case 'plateau':
      return Math.max(
        Math.min(base, schedule.minimumLearningRate),
        base * schedule.factor ** reductions,
      );
  }
}

export interface Plateau {
  /** Lowest loss so far; null before the first epoch. */
  best: number | null;
  epochsWithoutGain: number;
  reductions: number;
}

/** After an epoch: a reduction when the loss has not improved for `patience` epochs in a row. */
export function plateauAfter(state: Plateau, patience: number, loss: number | null): Plateau {
  if (loss !== null && (state.best === null || loss < state.best))
    return { best: loss, epochsWithoutGain: 0, reductions: state.reductions };
  const epochsWithoutGain = state.epochsWithoutGain + 1;
  return epochsWithoutGain >= Math.max(1, patience)
    ? { best: state.best, epochsWithoutGain: 0, reductions: state.reductions + 1 }
    : { ...state, epochsWithoutGain };
}
