/** What the window asks of a run's weights: each question goes to the engine with the run's place. */
import type { GradientFlow } from '#shared/run/gradients';
import type {
  Generated,
  GenerationRequest,
  Prediction,
  PredictionInput,
  PredictionRequest,
  Prefixes,
  RollOut,
} from '#shared/run/prediction';
import type { EngineSupervisor } from './engine-supervisor.js';
import { readRecord } from './run-record.js';

export interface Predictions {
  predict(runId: string, request: PredictionRequest): Promise<Prediction>;
  prefixes(runId: string, job: string, input: PredictionInput): Promise<Prefixes>;
  rollOut(runId: string, job: string, horizon: number): Promise<RollOut>;
  generate(runId: string, job: string, request: GenerationRequest): Promise<Generated>;
  /** Of the weights that were saved last, also while the run trains. */
  gradients(runId: string): Promise<GradientFlow>;
  cancel(job: string): Promise<Record<string, never>>;
}

/** @param folderOf throws `run-not-found`. */
export function createPredictions(
  engine: EngineSupervisor,
  folderOf: (runId: string) => string,
): Predictions {
  const trained = async (runId: string) => {
    const folder = folderOf(runId);
    const { baseFolder } = await readRecord(folder);
    return { folder, baseFolder, device: 'auto' as const };
  };
  return {
    predict: async (runId, request) =>
      engine.request('run.predict', { ...(await trained(runId)), request }),
    prefixes: async (runId, job, input) =>
      engine.request('run.prefixes', { ...(await trained(runId)), job, input }),
    rollOut: async (runId, job, horizon) =>
      engine.request('run.rollOut', { ...(await trained(runId)), job, horizon }),
    generate: async (runId, job, request) =>
      engine.request('run.generate', { ...(await trained(runId)), job, ...request }),
    gradients: async (runId) => engine.request('run.gradients', await trained(runId)),
    cancel: (job) => engine.request('job.cancel', { job }),
  };
}
