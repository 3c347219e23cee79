import { useEffect } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { formatMoment } from '#shared/format';
import { isActive } from '#shared/run/state';
import { useThrottled } from '../charts/throttled.js';
import { scoreText } from '#shared/run/rows';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { runTitle, stateText } from '#shared/run/names';
import { client } from '../transport.js';
import { Button, EmptyState, Select } from '../ui/index.js';
import { AskedError } from '../AskedError.js';
import { ForecastPlayground } from './ForecastPlayground.js';
import { NextTokenPlayground } from './NextTokenPlayground.js';
import styles from './playground.module.css';
import { playable, whyNot } from './playable.js';
import { TextPlayground } from './TextPlayground.js';
import { useAsked } from '../useAsked.js';

function describe(run: RunEntry): string {
  const test = run.state.phase === 'done' ? run.state.summary.test : null;
  const score = test === null ? '' : `, test ${scoreText(test)}`;
  const state = isActive(run.state) ? `, ${stateText(run.state).toLowerCase()}` : '';
  return `${runTitle(run.id)}, ${formatMoment(run.created)}${score}${state}`;
}

export default function PlaygroundView() {
  const projectId = useProject((state) => state.document?.id ?? null);
  const runs = useThrottled(useRuns, (state) => state.runs, 500);
  const selectedRunId = useRuns((state) => state.selectedRunId);
  useEffect(() => {
    useRuns.getState().refresh().catch(reportError);
  }, []);
  const usable = runs.filter(playable);
  const own = usable.filter((run) => run.projectId === projectId);
  const selected = runs.find((run) => run.id === selectedRunId) ?? null;
  const chosen = usable.find((run) => run.id === selectedRunId) ?? own[0] ?? null;

  if (chosen === null)
    return <NothingToTry run={selected ?? runs.find((run) => run.projectId === projectId)} />;
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
        <p className={styles.note}>{aside(chosen, selected)}</p>
      </header>
      <Playground key={chosen.id} run={chosen} />
    </div>
  );
}

/** What one has to know of the weights that answer. */
function aside(chosen: RunEntry, selected: RunEntry | null): string {
  if (selected !== null && selected !== chosen && !playable(selected))
    return `${runTitle(selected.id)} has no weights yet.`;
  if (isActive(chosen.state)) return 'Still training: the answers follow its checkpoints.';
  return chosen.state.phase === 'failed' ? 'Not finished: the weights of its last checkpoint.' : '';
}

function NothingToTry({ run }: { run: RunEntry | undefined }) {
  const training = run !== undefined && isActive(run.state);
  return (
    <EmptyState
      action={
        <Button onClick={() => useStudio.getState().setView('train')}>
          {training ? 'Watch the training' : 'Go to training'}
        </Button>
      }
    >
      <span role="status">
        {run === undefined
          ? 'Train the network first: then you can try it here on your own input.'
          : whyNot(run)}
      </span>
    </EmptyState>
  );
}

const read = ({ runId }: { runId: string }): Promise<ProjectDocument> =>
  client.request('runs.document', { runId });

function Playground({ run }: { run: RunEntry }) {
  const asked = useAsked({ runId: run.id }, read, 0);
  if (asked.answer !== null) return <TaskPlayground run={run} document={asked.answer} />;
  return (
    <div className={styles.input}>
      <AskedError asked={asked} />
      {asked.error === null && (
        <p className={styles.note} role="status">
          Opening the run…
        </p>
      )}
    </div>
  );
}

function TaskPlayground({ run, document }: { run: RunEntry; document: ProjectDocument }) {
  const { data } = document;
  const { id: runId, projectId } = run;
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
      return (
        <NextTokenPlayground runId={runId} projectId={projectId} recipe={data} nameOf={nameOf} />
      );
    case 'forecast':
      return <ForecastPlayground runId={runId} recipe={data} testRows={testRows} nameOf={nameOf} />;
    case 'classification':
    case 'tagging':
      return (
        <TextPlayground
          runId={runId}
          projectId={projectId}
          task={data.task}
          testRows={testRows}
          nameOf={nameOf}
        />
      );
  }
}
