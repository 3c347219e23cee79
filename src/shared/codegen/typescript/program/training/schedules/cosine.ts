import type { Schedule } from './schedule.ts';

/** A linear warm-up, then half a cosine down to `finalFactor` at the last step (Loshchilov & Hutter 2017). */
export const cosine = (
  learningRate: number,
  { warmUpSteps, finalFactor }: { warmUpSteps: number; finalFactor: number },
): Schedule => ({
  learningRate({ step, totalSteps }) {
    // The first step is not 0: it would teach nothing.
    if (step < warmUpSteps) return (learningRate * (step + 1)) / warmUpSteps;
    const progress = (step - warmUpSteps) / Math.max(1, totalSteps - 1 - warmUpSteps);
    const height = (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2;
    return learningRate * (finalFactor + (1 - finalFactor) * height);
  },
});
