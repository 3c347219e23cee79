import { useEffect, useRef, useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import type { Prediction, PredictionRequest } from '#shared/run/prediction';
import { client } from '../transport.js';

export interface PredictionState {
  /** The newest answer; it may belong to an earlier question while `busy`. */
  prediction: Prediction | null;
  error: WireError | null;
  busy: boolean;
}

const debounce = 200;

interface Answer {
  runId: string;
  key: string;
  prediction: Prediction | null;
  error: WireError | null;
}

/**
 * Asks a run as the question changes: debounced, one request at a time, and only the newest question
 * that is still open when the engine is free.
 */
export function usePrediction(runId: string, request: PredictionRequest | null): PredictionState {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const inFlight = useRef<Promise<void>>(Promise.resolve());
  const key = request === null ? null : JSON.stringify(request);
  useEffect(() => {
    if (key === null) return;
    const question: PredictionRequest = JSON.parse(key);
    let open = true;
    const ask = async (): Promise<void> => {
      if (!open) return;
      const next = await client.request('runs.predict', { runId, request: question }).then(
        (prediction): Answer => ({ runId, key, prediction, error: null }),
        (thrown: unknown): Answer => ({ runId, key, prediction: null, error: toWireError(thrown) }),
      );
      if (open) setAnswer(next);
    };
    const timer = setTimeout(() => {
      inFlight.current = inFlight.current.then(ask);
    }, debounce);
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [runId, key]);
  const own = key !== null && answer?.runId === runId ? answer : null;
  return {
    prediction: own?.prediction ?? null,
    error: own?.error ?? null,
    busy: key !== null && own?.key !== key,
  };
}
