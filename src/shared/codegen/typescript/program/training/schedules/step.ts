import type { Schedule } from './schedule.ts';

/** Multiplied by `factor` after every `everyEpochs` epochs. */
export const stepwise = (
  learningRate: number,
  { everyEpochs, factor }: { everyEpochs: number; factor: number },
): Schedule => ({
  learningRate: ({ epoch }) => learningRate * factor ** Math.floor(epoch / everyEpochs),
});
