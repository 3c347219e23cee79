import { useEffect, useMemo, useState } from 'react';
import { formatPlural } from '#shared/format';
import { useThrottled } from '../charts/throttled.js';
import { useCompare } from '../stores/compare.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { startTraining } from '../train/startTraining.js';
import { Button, EmptyState, Icon, SegmentedControl } from '../ui/index.js';
import { TrainBothCells } from './BothCells.js';
import { ComparePage } from './ComparePage.js';
import { useRunDocuments } from './documents.js';
import { namesOf, rowOf, sortRows, type Sorting } from './rows.js';
import { RunsOverlay } from './RunsOverlay.js';
import { RunsTable } from './RunsTable.js';
import styles from './runs.module.css';

type Scope = 'project' | 'all';

export default function RunsView() {
  const projectId = useProject((state) => state.document?.id ?? null);
  const projectName = useProject((state) => state.document?.name ?? '');
  const ready = useProject((state) =>
    state.problems.every((problem) => problem.severity !== 'error'),
  );
  const all = useThrottled(useRuns, (state) => state.runs, 500);
  const [loaded, setLoaded] = useState(false);
  const [scope, setScope] = useState<Scope>('project');
  const [sorting, setSorting] = useState<Sorting>({ key: 'created', descending: true });
  const picked = useCompare((state) => state.picked);
  const comparing = useCompare((state) => state.comparing);
  const { toggle, pick, setComparing } = useCompare.getState();

  useEffect(() => {
    useRuns
      .getState()
      .refresh()
      .catch(reportError)
      .finally(() => setLoaded(true));
  }, []);

  const listed = useMemo(
    () => (scope === 'all' ? all : all.filter((run) => run.projectId === projectId)),
    [all, scope, projectId],
  );
  const documents = useRunDocuments(listed.map((run) => run.id));
  const rows = useMemo(
    () =>
      sortRows(
        listed.map((run) => rowOf(run, documents[run.id] ?? null)),
        sorting,
      ),
    [listed, documents, sorting],
  );
  const byId = useMemo(() => new Map(listed.map((run) => [run.id, run])), [listed]);
  const selected = useMemo(() => picked.filter((id) => byId.has(id)), [picked, byId]);

  const selectedRows = selected.flatMap((id) => rows.find((row) => row.id === id) ?? []);
  const names = namesOf(selectedRows).join('\n');
  const selectedNames = useMemo(() => names.split('\n'), [names]);
  const others = all.length - all.filter((run) => run.projectId === projectId).length;

  if (comparing && selected.length > 1)
    return (
      <ComparePage
        rows={selectedRows}
        runs={byId}
        documents={documents}
        onClose={() => setComparing(false)}
      />
    );
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <div className={styles.title}>
          <h2>Runs</h2>
          <p>
            {formatPlural(listed.length, 'run')}
            {scope === 'project' ? ` of ${projectName}` : ' of all projects'}
          </p>
        </div>
        <span className={styles.space} />
        <TrainBothCells />
        {selected.length > 1 && (
          <Button variant="primary" onClick={() => setComparing(true)}>
            Compare {selected.length} runs
          </Button>
        )}
        {selected.length > 0 && (
          <Button onClick={() => pick([])}>Clear selection of {selected.length}</Button>
        )}
        <div className={styles.scope}>
          <SegmentedControl<Scope>
            label="Which runs"
            value={scope}
            choices={[
              { value: 'project', label: 'This project' },
              { value: 'all', label: 'All projects' },
            ]}
            onChange={setScope}
          />
        </div>
      </header>
      {rows.length === 0 ? (
        loaded && (
          <EmptyState
            action={
              scope === 'project' && others > 0 ? (
                <Button onClick={() => setScope('all')}>
                  Show {formatPlural(others, 'run')} of other projects
                </Button>
              ) : (
                <Button
                  variant="primary"
                  icon={<Icon name="run" />}
                  disabled={!ready}
                  onClick={() => void startTraining()}
                >
                  Train
                </Button>
              )
            }
          >
            No runs yet. Each training keeps its curves, scores and weights here.
          </EmptyState>
        )
      ) : (
        <>
          <div className={styles.list}>
            <RunsTable
              rows={rows}
              runs={byId}
              selected={selected}
              sorting={sorting}
              withProject={scope === 'all'}
              onSort={setSorting}
              onToggle={toggle}
            />
          </div>
          {selected.length > 0 ? (
            <RunsOverlay runIds={selected} names={selectedNames} />
          ) : (
            <p className={styles.hint}>Tick runs to lay their curves over each other.</p>
          )}
        </>
      )}
    </div>
  );
}
