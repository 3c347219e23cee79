import type { Schedule } from './schedule.ts';

/** The same rate at all steps. */
export const constant = (learningRate: number): Schedule => ({
  learningRate: () => learningRate,
});
