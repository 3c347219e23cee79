import { useEffect, useRef, useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import { client } from './transport.js';

export interface Asked<A> {
  /** The newest answer; it may belong to an earlier question while `busy`. */
  answer: A | null;
  error: WireError | null;
  busy: boolean;
  /** Asks the same again, after an error. */
  retry: () => void;
}

interface Reply<A> {
  key: string;
  answer: A | null;
  error: WireError | null;
}

/**
 * Asks as the question changes: debounced, one request at a time, and only the newest question that is
 * still open when the engine is free. A question that is no longer open is called off.
 *
 * @param ask must stay the same function; `job` is the id under which the work can be called off.
 */
export function useAsked<Q, A>(
  question: Q | null,
  ask: (question: Q, job: string) => Promise<A>,
  delay: number,
): Asked<A> {
  const [reply, setReply] = useState<Reply<A> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const inFlight = useRef<Promise<void>>(Promise.resolve());
  const key = question === null ? null : JSON.stringify(question);
  useEffect(() => {
    if (key === null) return;
    const asked: Q = JSON.parse(key);
    let open = true;
    let job: string | null = null;
    const send = async (): Promise<void> => {
      if (!open) return;
      job = crypto.randomUUID();
      const next = await ask(asked, job).then(
        (answer): Reply<A> => ({ key, answer, error: null }),
        (thrown: unknown): Reply<A> => ({ key, answer: null, error: toWireError(thrown) }),
      );
      job = null;
      if (open) setReply(next);
    };
    const timer = setTimeout(() => {
      inFlight.current = inFlight.current.then(send);
    }, delay);
    return () => {
      open = false;
      clearTimeout(timer);
      // What can't be called off ends by itself, and nobody listens.
      if (job !== null) client.request('jobs.cancel', { job }).catch(() => {});
    };
  }, [key, ask, delay, attempt]);
  const own = key === null ? null : reply;
  return {
    answer: own?.answer ?? null,
    error: own?.error ?? null,
    busy: key !== null && own?.key !== key,
    retry: () => {
      setReply(null);
      setAttempt((count) => count + 1);
    },
  };
}
