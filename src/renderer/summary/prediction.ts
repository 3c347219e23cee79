/** The predicted time of training: of a step, and of an epoch. */
import type { DataFacts } from '#shared/data/facts';
import type { Analysis } from '#shared/graph/analyze';
import { trainingFactor } from '#shared/graph/costs';
import { predictStep, workOf, workTerms, type Calibration, type Work } from '#shared/run/timing';

export interface TimePrediction {
  /** Seconds of one training step. */
  step: number;
  steps: number;
  /** Seconds of an epoch: its steps, and a forward pass over the validation rows. */
  epoch: number;
  work: Work;
}

export function predictTime(
  { rates }: Pick<Calibration, 'rates'>,
  analysis: Analysis,
  facts: DataFacts,
  batchSize: number,
): TimePrediction {
  const work = workOf(analysis, facts, batchSize);
  const step = predictStep(rates, work);
  const { train, validation } = facts.examples;
  const steps = Math.ceil(train / batchSize);
  return {
    step,
    steps,
    epoch: step * (steps + Math.ceil(validation / batchSize) / trainingFactor),
    work,
  };
}

/** Relative differences between the timed probes and what the rates say of them. */
export function probeErrors({ probes, rates }: Pick<Calibration, 'probes' | 'rates'>): {
  mean: number;
  worst: number;
} {
  const errors = probes.map(({ work, seconds }) =>
    Math.abs(predictStep(rates, work) / seconds - 1),
  );
  return {
    mean: errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length),
    worst: Math.max(0, ...errors),
  };
}

const termNames: Record<keyof Work, string> = {
  step: 'Overhead of a step',
  parts: 'Overhead of blocks and parameters',
  flops: 'Matrix products',
  recurrentFlops: 'Products inside recurrences',
  sequentialSteps: 'Time steps, one after the other',
  parameters: 'Optimizer',
  values: 'Element-wise work',
};

/** Where the time of a step goes, the longest part first. */
export function timeParts(rates: Work, work: Work): { name: string; seconds: number }[] {
  return workTerms
    .map((term) => ({ name: termNames[term], seconds: rates[term] * work[term] }))
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => b.seconds - a.seconds);
}
