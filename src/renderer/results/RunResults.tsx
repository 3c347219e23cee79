import { useEffect, useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import type { Results } from '#shared/run/results';
import { client } from '../transport.js';
import { Button, EmptyState, ErrorNotice } from '../ui/index.js';
import { ClassResultsPanel } from './ClassResultsPanel.js';
import { ForecastResultsPanel } from './ForecastResultsPanel.js';
import { TextResultsPanel } from './TextResultsPanel.js';
import styles from './results.module.css';

type Answer =
  | { phase: 'asking' }
  | { phase: 'here'; results: Results | null }
  | { phase: 'failed'; error: WireError };

/** What the trained network says of the test part. Keyed by the run: asks once, when it is shown. */
export function RunResults({ runId }: { runId: string }) {
  const [answer, setAnswer] = useState<Answer>({ phase: 'asking' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let open = true;
    client.request('runs.results', { runId }).then(
      (results) => open && setAnswer({ phase: 'here', results }),
      (thrown: unknown) => open && setAnswer({ phase: 'failed', error: toWireError(thrown) }),
    );
    return () => {
      open = false;
    };
  }, [runId, attempt]);
  return (
    <section
      className={styles.results}
      aria-label="Results on the test part"
      aria-busy={answer.phase === 'asking'}
    >
      {answer.phase === 'asking' && (
        <p className={styles.note} role="status">
          The network reads the test part…
        </p>
      )}
      {answer.phase === 'failed' && (
        <ErrorNotice
          error={answer.error}
          actions={
            <Button
              onClick={() => {
                setAnswer({ phase: 'asking' });
                setAttempt((count) => count + 1);
              }}
            >
              Try again
            </Button>
          }
        />
      )}
      {answer.phase === 'here' && <Shown runId={runId} results={answer.results} />}
    </section>
  );
}

function Shown({ runId, results }: { runId: string; results: Results | null }) {
  switch (results?.kind) {
    case 'classes':
      return <ClassResultsPanel runId={runId} results={results} />;
    case 'forecast':
      return <ForecastResultsPanel results={results} />;
    case 'text':
      return <TextResultsPanel runId={runId} results={results} />;
    case undefined:
      return (
        <EmptyState>
          There is no test part: give the project a test share above 0 and train again.
        </EmptyState>
      );
  }
}
