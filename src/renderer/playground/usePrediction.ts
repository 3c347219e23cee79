/** The questions of the playground. Each answers within milliseconds, so it is asked while one types. */
import {
  greedy,
  type Prediction,
  type PredictionInput,
  type PredictionRequest,
  type Prefixes,
  type RollOut,
} from '#shared/run/prediction';
import { useThrottled } from '../charts/throttled.js';
import { useRuns } from '../stores/runs.js';
import { client } from '../transport.js';
import { weightsStep } from './playable.js';
import { useAsked, type Asked } from '../useAsked.js';

/** Milliseconds after the last key: enough for a fast typist not to queue up questions. */
const answerDelay = 60;
/** What takes many forward passes waits for a pause in typing. */
const pauseDelay = 120;

/** Answers hold for the weights of this step: a run that trains is asked again at each checkpoint. */
interface Question {
  runId: string;
  step: number | null;
}

const predict = ({
  runId,
  request,
}: Question & { request: PredictionRequest }): Promise<Prediction> =>
  client.request('runs.predict', { runId, request });
const prefixes = (
  { runId, input }: Question & { input: PredictionInput },
  job: string,
): Promise<Prefixes> => client.request('runs.prefixes', { job, runId, input });
const rollOut = (
  { runId, horizon }: Question & { horizon: number },
  job: string,
): Promise<RollOut> => client.request('runs.rollOut', { job, runId, horizon });

const useStep = (runId: string): number | null =>
  useThrottled(
    useRuns,
    ({ runs }) => {
      const run = runs.find(({ id }) => id === runId);
      return run === undefined ? null : weightsStep(run);
    },
    500,
  );

export function usePrediction(runId: string, request: PredictionRequest | null): Asked<Prediction> {
  const step = useStep(runId);
  return useAsked(request === null ? null : { runId, step, request }, predict, answerDelay);
}

/** How the answer changes with every further token. */
export function usePrefixes(runId: string, input: PredictionInput | null): Asked<Prefixes> {
  const step = useStep(runId);
  return useAsked(input === null ? null : { runId, step, input }, prefixes, pauseDelay);
}

/** How the error of a forecast grows with every step ahead. */
export function useRollOut(runId: string, horizon: number): Asked<RollOut> {
  const step = useStep(runId);
  return useAsked({ runId, step, horizon }, rollOut, pauseDelay);
}

/** A question that is not to write on. */
export const asRequest = (input: PredictionInput): PredictionRequest => ({
  input,
  length: 0,
  horizon: null,
  ...greedy,
});
