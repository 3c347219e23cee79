import type { Results } from '#shared/run/results';
import { AskedError } from '../AskedError.js';
import { client } from '../transport.js';
import { EmptyState } from '../ui/index.js';
import { useAsked } from '../useAsked.js';
import { ClassResultsPanel } from './ClassResultsPanel.js';
import { ForecastResultsPanel } from './ForecastResultsPanel.js';
import { TextResultsPanel } from './TextResultsPanel.js';
import styles from './results.module.css';

const ask = ({ runId }: { runId: string }): Promise<Results | null> =>
  client.request('runs.results', { runId });

/** What the trained network says of the test part. */
export function RunResults({ runId }: { runId: string }) {
  const asked = useAsked({ runId }, ask, 0);
  const { answer, error, busy } = asked;
  return (
    <section className={styles.results} aria-label="Results on the test part" aria-busy={busy}>
      {busy && (
        <p className={styles.note} role="status">
          The network reads the test part…
        </p>
      )}
      <AskedError asked={asked} />
      {!busy && error === null && <Shown runId={runId} results={answer} />}
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
