import { useEffect, useRef, useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import type { Generated, GenerationRequest, GenerationStep } from '#shared/run/prediction';
import { client } from '../transport.js';

export type Generation =
  | { phase: 'none' }
  /** `step` is null until the first tokens are there. */
  | { phase: 'writing'; step: GenerationStep | null }
  | { phase: 'written'; result: Generated }
  | { phase: 'failed'; error: WireError };

/** A text that grows as the network writes it; the last one that was asked for. */
export function useGeneration(runId: string): {
  generation: Generation;
  start: (request: GenerationRequest) => void;
  /** Ends the writing and keeps what there is. */
  stop: () => void;
  clear: () => void;
} {
  const [generation, setGeneration] = useState<Generation>({ phase: 'none' });
  const job = useRef<string | null>(null);

  const stop = (): void => {
    if (job.current !== null) client.request('jobs.cancel', { job: job.current }).catch(() => {});
  };
  useEffect(() => stop, []);
  useEffect(
    () =>
      client.listen('run.generated', ({ job: from, ...step }) => {
        if (from === job.current) setGeneration({ phase: 'writing', step });
      }),
    [],
  );

  return {
    generation,
    start(request) {
      const own = crypto.randomUUID();
      job.current = own;
      setGeneration({ phase: 'writing', step: null });
      const end = (next: Generation): void => {
        if (job.current !== own) return;
        job.current = null;
        setGeneration(next);
      };
      client.request('runs.generate', { job: own, runId, ...request }).then(
        (result) => end({ phase: 'written', result }),
        (thrown: unknown) => end({ phase: 'failed', error: toWireError(thrown) }),
      );
    },
    stop,
    clear() {
      stop();
      job.current = null;
      setGeneration({ phase: 'none' });
    },
  };
}
