/** The state of a run: one union, moved by a pure function. Main keeps it, the renderer shows it. */
import { z } from 'zod';
import { wireErrorSchema } from '../errors.js';
import { batchRecordSchema, epochRecordSchema, runSummarySchema, type RunEvent } from './events.js';
import { fallbackSchema } from './fallbacks.js';

const progress = {
  device: z.string(),
  deviceName: z.string(),
  deviceReason: z.string(),
  /** Blocks that the device runs without a fused kernel, as it found when it was opened. */
  fallbacks: z.array(fallbackSchema).default([]),
  parameters: z.number(),
  seed: z.number(),
  epochs: z.number(),
  batchesPerEpoch: z.number(),
  lastBatch: batchRecordSchema.nullable(),
  lastEpoch: epochRecordSchema.nullable(),
  /** Step of the newest checkpoint on disk. */
  checkpointStep: z.number().nullable(),
};

export const runStateSchema = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('idle') }),
  z.object({
    phase: z.literal('preparing'),
    step: z.enum(['data', 'device', 'model', 'checkpoint']),
    checkpointStep: z.number().nullable(),
  }),
  z.object({ phase: z.literal('training'), ...progress }),
  z.object({ phase: z.literal('paused'), ...progress }),
  z.object({
    phase: z.literal('failed'),
    error: wireErrorSchema,
    /** A checkpoint exists: the run can go on from it. */
    checkpointStep: z.number().nullable(),
  }),
  z.object({
    phase: z.literal('done'),
    summary: runSummarySchema,
    checkpointStep: z.number().nullable(),
  }),
]);
export type RunState = z.infer<typeof runStateSchema>;

export const checkpointOf = (state: RunState): number | null =>
  state.phase === 'idle' ? null : state.checkpointStep;

/** The next state. An event that makes no sense in a state leaves it as it is. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'preparing':
      return { phase: 'preparing', step: event.step, checkpointStep: checkpointOf(state) };
    case 'started': {
      const { device, deviceName, deviceReason, fallbacks, parameters } = event;
      const { seed, epochs, batchesPerEpoch } = event;
      return {
        phase: 'training',
        device,
        deviceName,
        deviceReason,
        fallbacks,
        parameters,
        seed,
        epochs,
        batchesPerEpoch,
        lastBatch: null,
        lastEpoch: null,
        checkpointStep: checkpointOf(state),
      };
    }
    case 'batch':
      return state.phase === 'training' || state.phase === 'paused'
        ? { ...state, lastBatch: event }
        : state;
    case 'epoch':
      return state.phase === 'training' || state.phase === 'paused'
        ? { ...state, lastEpoch: event }
        : state;
    case 'paused':
      return state.phase === 'training' ? { ...state, phase: 'paused' } : state;
    case 'continued':
      return state.phase === 'paused' ? { ...state, phase: 'training' } : state;
    case 'checkpoint':
      return state.phase === 'idle' ? state : { ...state, checkpointStep: event.step };
    case 'done':
      return { phase: 'done', summary: event.summary, checkpointStep: checkpointOf(state) };
    case 'failed':
      return { phase: 'failed', error: event.error, checkpointStep: checkpointOf(state) };
  }
}

/** True while the engine works on it. */
export const isActive = (state: RunState): boolean =>
  state.phase === 'preparing' || state.phase === 'training' || state.phase === 'paused';
