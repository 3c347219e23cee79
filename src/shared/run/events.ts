/** What a run reports while it lives. The same records go over the wire and into the run's log. */
import { z } from 'zod';
import { wireErrorSchema } from '../errors.js';
import { deviceIdSchema } from '../ipc/devices.js';
import { classWeightsSchema } from '../training/class-weights.js';
import { fallbackSchema } from './fallbacks.js';

/** Mean loss and the task's metrics over one part of the data. NaN and infinities become null on the wire. */
export const scoresSchema = z.object({
  loss: z.number().nullable(),
  /** Share of correct predictions over real rows or steps; null for forecasts. */
  accuracy: z.number().nullable(),
  /** exp(loss) for next-token; null otherwise. */
  perplexity: z.number().nullable(),
  /** In the target's own units, after undoing the scaler; null except for forecasts. */
  meanAbsoluteError: z.number().nullable(),
  rootMeanSquaredError: z.number().nullable(),
  /** MAE of repeating the last seen value, on the same rows; null except for forecasts. */
  persistenceMeanAbsoluteError: z.number().nullable(),
});
export type Scores = z.infer<typeof scoresSchema>;

export const batchRecordSchema = z.object({
  type: z.literal('batch'),
  /** Optimizer steps since the run began, 1-based; survives resume. */
  step: z.number().int(),
  epoch: z.number().int(),
  /** 1-based, of `batches`. */
  batch: z.number().int(),
  batches: z.number().int(),
  loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  meanAbsoluteError: z.number().nullable(),
  /** Global norm before clipping. */
  gradientNorm: z.number().nullable(),
  learningRate: z.number(),
  examplesPerSecond: z.number(),
  /** Real (not padded) time steps a second. */
  tokensPerSecond: z.number(),
  /** Seconds of training so far, pauses not counted. */
  elapsed: z.number(),
  /** Seconds left at the present speed, if no early stop. */
  remaining: z.number().nullable(),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

export const epochRecordSchema = z.object({
  type: z.literal('epoch'),
  epoch: z.number().int(),
  step: z.number().int(),
  train: scoresSchema,
  validation: scoresSchema.nullable(),
  learningRate: z.number(),
  /** Best epoch so far by the monitored score. */
  bestEpoch: z.number().int(),
  epochsWithoutGain: z.number().int(),
  elapsed: z.number(),
  memory: z.object({ tensors: z.number(), tensorBytes: z.number(), processBytes: z.number() }),
});
export type EpochRecord = z.infer<typeof epochRecordSchema>;

export const runSummarySchema = z.object({
  reason: z.enum(['completed', 'early-stopping', 'stopped']),
  epochs: z.number().int(),
  bestEpoch: z.number().int().nullable(),
  step: z.number().int(),
  train: scoresSchema,
  validation: scoresSchema.nullable(),
  test: scoresSchema.nullable(),
  /** Seconds of training, pauses not counted. */
  seconds: z.number(),
  device: deviceIdSchema,
  parameters: z.number().int(),
  peakTensorBytes: z.number(),
  /** Of the last 20 or so training steps, without validation and saving. Older runs lack it. */
  secondsPerStep: z.number().optional(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('preparing'),
    step: z.enum(['data', 'device', 'model', 'checkpoint']),
  }),
  z.object({
    type: z.literal('started'),
    device: deviceIdSchema,
    deviceName: z.string(),
    deviceReason: z.string(),
    parameters: z.number().int(),
    seed: z.number().int(),
    epochs: z.number().int(),
    batchesPerEpoch: z.number().int(),
    /** 0, or the step of the checkpoint it resumed from. */
    fromStep: z.number().int(),
    /** Blocks that the device runs without a fused kernel. */
    fallbacks: z.array(fallbackSchema).default([]),
    /** What its rows count by their class; left out where all count the same. */
    classWeights: classWeightsSchema.optional(),
  }),
  batchRecordSchema,
  epochRecordSchema,
  z.object({ type: z.literal('paused'), step: z.number().int() }),
  z.object({ type: z.literal('continued'), step: z.number().int() }),
  z.object({ type: z.literal('checkpoint'), step: z.number().int(), epoch: z.number().int() }),
  z.object({ type: z.literal('done'), summary: runSummarySchema }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
