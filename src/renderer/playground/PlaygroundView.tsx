import { useEffect } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { formatMoment } from '#shared/format';
import { useThrottled } from '../charts/throttled.js';
import { useRunDocuments } from '../runs/documents.js';
import { scoreText } from '../runs/rows.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { hasWeights, runTitle } from '../train/runFacts.js';
import { Button, EmptyState, Select } from '../ui/index.js';
import { ForecastPlayground } from './ForecastPlayground.js';
import { NextTokenPlayground } from './NextTokenPlayground.js';
import styles from './playground.module.css';
import { TextPlayground } from './TextPlayground.js';

function describe(run: RunEntry): string {
  const test = run.state.phase === 'done' ? run.state.summary.test : null;
  const score = test === null ? '' : `, test ${scoreText(test)}`;
  return `${runTitle(run.id)}, ${formatMoment(run.created)}${score}`;
}

export default function PlaygroundView() {
  const projectId = useProject((state) => state.document?.id ?? null);
  const runs = useThrottled(useRuns, (state) => state.runs, 500);
  const selectedRunId = useRuns((state) => state.selectedRunId);
  useEffect(() => {
    useRuns.getState().refresh().catch(reportError);
  }, []);
  const usable = runs.filter(hasWeights);
  const own = usable.filter((run) => run.projectId === projectId);
  const chosen = usable.find((run) => run.id === selectedRunId) ?? own[0] ?? null;
  const document = useRunDocuments(chosen === null ? [] : [chosen.id])[chosen?.id ?? ''] ?? null;

  if (chosen === null)
    return (
      <EmptyState
        action={
          <Button onClick={() => useStudio.getState().setView('train')}>Go to training</Button>
        }
      >
        Train the network first: then you can try it here on your own input.
      </EmptyState>
    );
  const listed = own.includes(chosen) ? own : [chosen, ...own];
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <div className={styles.title}>
          <h2>Playground</h2>
          <p>{chosen.projectName}</p>
        </div>
        <div className={styles.run}>
          <Select
            bare
            label="Run to predict with"
            value={chosen.id}
            choices={listed.map((run) => ({ value: run.id, label: describe(run) }))}
            onChange={(runId) => useRuns.getState().select(runId)}
          />
        </div>
        {chosen.state.phase === 'failed' && (
          <span className={styles.note}>Not finished: the weights of its last checkpoint.</span>
        )}
      </header>
      {document !== null && (
        <TaskPlayground key={chosen.id} runId={chosen.id} document={document} />
      )}
    </div>
  );
}

function TaskPlayground({ runId, document }: { runId: string; document: ProjectDocument }) {
  const { data } = document;
  // The open project's facts hold for the run as long as it was trained on the same recipe.
  const testRows = useProject((state) =>
    state.facts !== null && JSON.stringify(state.document?.data) === JSON.stringify(data)
      ? state.facts.examples.test
      : null,
  );
  const nameOf = (node: string): string =>
    document.graph.nodes.find(({ id }) => id === node)?.name ?? node;
  switch (data.task) {
    case 'next-token':
      return <NextTokenPlayground runId={runId} recipe={data} nameOf={nameOf} />;
    case 'forecast':
      return <ForecastPlayground runId={runId} recipe={data} testRows={testRows} nameOf={nameOf} />;
    case 'classification':
    case 'tagging':
      return <TextPlayground runId={runId} task={data.task} testRows={testRows} nameOf={nameOf} />;
  }
}
