/**
 * How long a training step takes: a linear model of what the step consists of. Its rates are fitted to a few
 * small networks that were timed on the device; see src/main/engine/calibrate.
 */
import { z } from 'zod';
import type { Analysis } from '../graph/analyze.js';
import { trainingFactor } from '../graph/costs.js';
import type { ValueType } from '../graph/values.js';
import type { DataFacts } from '../data/facts.js';
import { deviceIdSchema } from '../ipc/devices.js';

/** What a step consists of, as far as its time goes; each term has a rate in seconds a unit. */
export const workTerms = [
  /** 1: what every step costs, whatever the network. */
  'step',
  /** Blocks and their parameter arrays: a few dispatches each, forward and backward. */
  'parts',
  /** Operations outside recurrences, forward and backward, of the whole batch. */
  'flops',
  /** Operations inside recurrences, the same. */
  'recurrentFlops',
  /** Time steps that wait for each other. */
  'sequentialSteps',
  /** Parameters that the optimizer updates. */
  'parameters',
  /** Numbers read and written by blocks without products, of the whole batch: their work is to move memory. */
  'values',
] as const;
export const workSchema = z.object({
  step: z.number(),
  parts: z.number(),
  flops: z.number(),
  recurrentFlops: z.number(),
  sequentialSteps: z.number(),
  parameters: z.number(),
  values: z.number(),
});
export type Work = z.infer<typeof workSchema>;

export const timedSchema = z.object({ work: workSchema, seconds: z.number() });
export type Timed = z.infer<typeof timedSchema>;

/** What the engine measured. */
export const measurementSchema = z.object({
  device: deviceIdSchema,
  deviceName: z.string(),
  probes: z.array(timedSchema),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const calibrationSchema = measurementSchema.extend({
  /** Processor and cores: a workspace can be opened on another machine. */
  machine: z.string(),
  /** ISO 8601. */
  date: z.string(),
  /** Seconds a unit of each term. */
  rates: workSchema,
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** Of one example with rows of the mean length. */
function valuesOf(type: ValueType | null, steps: number): number {
  switch (type?.kind) {
    case 'tokens':
      return steps;
    case 'sequence':
      return steps * (type.features ?? 0);
    case 'vector':
      return type.features ?? 0;
    default:
      return 0;
  }
}

/** Operations for each number read or written: more than element-wise work ever has. */
const productsPerValue = 12;

/** One training step with a batch of rows of the mean length. */
export function workOf(
  { nodes }: Pick<Analysis, 'nodes'>,
  { meanTimeSteps }: Pick<DataFacts, 'meanTimeSteps'>,
  batchSize: number,
): Work {
  const work: Work = {
    step: 1,
    parts: 0,
    flops: 0,
    recurrentFlops: 0,
    sequentialSteps: 0,
    parameters: 0,
    values: 0,
  };
  for (const { cost, parameterCount, parameters, inputs, outputs } of Object.values(nodes)) {
    const flops = trainingFactor * batchSize * cost.flops;
    if (cost.sequentialSteps > 0) work.recurrentFlops += flops;
    else work.flops += flops;
    work.parts += 1 + parameters.length;
    work.sequentialSteps += cost.sequentialSteps;
    work.parameters += parameterCount;
    const values = [...Object.values(inputs).flat(), ...Object.values(outputs)].reduce(
      (sum, type) => sum + valuesOf(type, meanTimeSteps),
      0,
    );
    // Where products are many, they are what takes the time.
    if (cost.flops < productsPerValue * values) work.values += batchSize * values;
  }
  return work;
}

/** Seconds. */
export const predictStep = (rates: Work, work: Work): number =>
  workTerms.reduce((sum, term) => sum + rates[term] * work[term], 0);

/**
 * Rates, none below zero, that reproduce the timings with the least squared relative error: cyclic
 * coordinate descent for non-negative least squares (Lawson & Hanson 1974, chapter 23, states the problem).
 */
export function fitRates(timings: readonly Timed[]): Work {
  const rows = timings.filter(({ seconds }) => seconds > 0);
  const columns = workTerms.map((term) => rows.map(({ work, seconds }) => work[term] / seconds));
  const squares = columns.map((column) => column.reduce((sum, value) => sum + value * value, 0));
  const rates = workTerms.map(() => 0);
  /** 1 − prediction / measured, for each row. */
  const residuals = rows.map(() => 1);
  for (let sweep = 0; sweep < 20_000; sweep++) {
    let change = 0;
    columns.forEach((column, term) => {
      const square = squares[term] ?? 0;
      if (square === 0) return;
      const old = rates[term] ?? 0;
      const slope = column.reduce((sum, value, row) => sum + value * (residuals[row] ?? 0), 0);
      const rate = Math.max(0, old + slope / square);
      if (rate === old) return;
      rates[term] = rate;
      column.forEach((value, row) => {
        residuals[row] = (residuals[row] ?? 0) - value * (rate - old);
      });
      change = Math.max(change, Math.abs(rate - old) * Math.sqrt(square));
    });
    if (change < 1e-9) break;
  }
  const [step = 0, parts = 0, flops = 0, recurrentFlops = 0, ...rest] = rates;
  const [sequentialSteps = 0, parameters = 0, values = 0] = rest;
  return { step, parts, flops, recurrentFlops, sequentialSteps, parameters, values };
}
