/** The questions of the playground. Each answers within milliseconds, so it is asked while one types. */
import {
  greedy,
  type Prediction,
  type PredictionInput,
  type PredictionRequest,
  type Prefixes,
  type RollOut,
} from '#shared/run/prediction';
import { client } from '../transport.js';
import { useAsked, type Asked } from './useAsked.js';

/** Milliseconds after the last key: enough for a fast typist not to queue up questions. */
const answerDelay = 60;
/** What takes many forward passes waits for a pause in typing. */
const pauseDelay = 200;

const predict = (question: { runId: string; request: PredictionRequest }): Promise<Prediction> =>
  client.request('runs.predict', question);
const prefixes = (
  question: { runId: string; input: PredictionInput },
  job: string,
): Promise<Prefixes> => client.request('runs.prefixes', { ...question, job });

export const usePrediction = (
  runId: string,
  request: PredictionRequest | null,
): Asked<Prediction> =>
  useAsked(request === null ? null : { runId, request }, predict, answerDelay);

/** How the answer changes with every further token. */
export const usePrefixes = (runId: string, input: PredictionInput | null): Asked<Prefixes> =>
  useAsked(input === null ? null : { runId, input }, prefixes, pauseDelay);

const rollOut = (question: { runId: string; horizon: number }, job: string): Promise<RollOut> =>
  client.request('runs.rollOut', { ...question, job });

/** How the error of a forecast grows with every step ahead. */
export const useRollOut = (runId: string, horizon: number): Asked<RollOut> =>
  useAsked({ runId, horizon }, rollOut, pauseDelay);

/** A question that is not to write on. */
export const asRequest = (input: PredictionInput): PredictionRequest => ({
  input,
  length: 0,
  horizon: null,
  ...greedy,
});
