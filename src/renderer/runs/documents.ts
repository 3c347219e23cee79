import { useEffect, useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import type { Results } from '#shared/run/results';
import { client } from '../transport.js';

/** What main answers about a run never changes, so each question is asked once. */
function answersOf<T>(
  ask: (key: string) => Promise<T>,
): (keys: readonly string[]) => Readonly<Record<string, T>> {
  const known = new Map<string, Promise<T>>();
  const load = (key: string): Promise<T> => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    // A failed answer is not kept: the next look asks again.
    answer.catch(() => known.delete(key));
    return answer;
  };
  return function useAnswers(keys) {
    const [answers, setAnswers] = useState<Readonly<Record<string, T>>>({});
    const wanted = keys.join(' ');
    useEffect(() => {
      let open = true;
      for (const key of wanted === '' ? [] : wanted.split(' ')) {
        load(key).then(
          (answer) => {
            if (!open) return;
            setAnswers((old) => (old[key] === answer ? old : { ...old, [key]: answer }));
          },
          // The list shows the run without what the answer would add.
          () => {},
        );
      }
      return () => {
        open = false;
      };
    }, [wanted]);
    return answers;
  };
}

/** The documents of runs, as they arrive; those that can't be read are left out. */
export const useRunDocuments: (
  runIds: readonly string[],
) => Readonly<Record<string, ProjectDocument>> = answersOf((runId) =>
  client.request('runs.document', { runId }),
);

/** A run that went on has other results. */
export const resultsKey = ({ id, state }: RunEntry): string | null =>
  state.phase === 'done' && state.summary.test !== null ? `${id}@${state.summary.step}` : null;

/** What runs say of their test part, by `resultsKey`. */
export const useResultsOfRuns: (
  keys: readonly string[],
) => Readonly<Record<string, Results | null>> = answersOf((key) =>
  client.request('runs.results', { runId: key.slice(0, key.indexOf('@')) }),
);
