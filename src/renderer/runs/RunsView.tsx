import { useEffect, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { formatCount, formatPlural } from '#shared/format';
import { useThrottled } from '../charts/throttled.js';
import { comparedAtMost, useCompare } from '../stores/compare.js';
import { useProject } from '../stores/project.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { startTraining } from '../train/startTraining.js';
import { Button, EmptyState, Icon, SegmentedControl } from '../ui/index.js';
import { useAnnotating } from './annotating.js';
import { TrainBothCells } from './BothCells.js';
import { ComparePage } from './ComparePage.js';
import { useRunList, type Scope } from './listState.js';
import { createRowMemory, matchesFilter, namesOf, sortRows, tagCounts } from '#shared/run/rows';
import { RunsOverlay } from './RunsOverlay.js';
import { RunsTable } from './RunsTable.js';
import { RunsToolbar } from './RunsToolbar.js';
import styles from './runs.module.css';

export default function RunsView() {
  const projectId = useProject((state) => state.document?.id ?? null);
  const projectName = useProject((state) => state.document?.name ?? '');
  const ready = useProject((state) =>
    state.problems.every((problem) => problem.severity !== 'error'),
  );
  const runs = useThrottled(useRuns, (state) => state.runs, 500);
  const [loaded, setLoaded] = useState(false);
  const [rowOf] = useState(createRowMemory);
  const { scope, sorting, columns, text, tags } = useRunList(
    useShallow(({ scope, sorting, columns, text, tags }) => ({
      scope,
      sorting,
      columns,
      text,
      tags,
    })),
  );
  const { setScope, setSorting, clearFilter } = useRunList.getState();
  const drafts = useAnnotating((state) => state.drafts);
  const picked = useCompare((state) => state.picked);
  const comparing = useCompare((state) => state.comparing);
  const { setComparing } = useCompare.getState();

  useEffect(() => {
    useRuns
      .getState()
      .refresh()
      .catch(reportError)
      .finally(() => setLoaded(true));
  }, []);

  const listed = useMemo(
    () => (scope === 'all' ? runs : runs.filter((run) => run.projectId === projectId)),
    [runs, scope, projectId],
  );
  const all = useMemo(
    () => listed.map((run) => rowOf(run, drafts[run.id])),
    [listed, drafts, rowOf],
  );
  const rows = useMemo(
    () =>
      sortRows(
        all.filter((row) => matchesFilter(row, text, tags)),
        sorting,
      ),
    [all, text, tags, sorting],
  );
  const usedTags = useMemo(() => tagCounts(all), [all]);
  const byId = useMemo(() => new Map(listed.map((run) => [run.id, run])), [listed]);
  const selectedRows = useMemo(() => {
    const shown = new Map(rows.map((row) => [row.id, row]));
    return picked.flatMap((id) => shown.get(id) ?? []);
  }, [picked, rows]);
  const selected = useMemo(() => selectedRows.map(({ id }) => id), [selectedRows]);
  const compared = selectedRows.slice(0, comparedAtMost);
  const overlaid = useMemo(() => selected.slice(0, comparedAtMost), [selected]);
  const names = namesOf(compared).join('\n');
  const overlaidNames = useMemo(() => names.split('\n'), [names]);
  const others = runs.filter((run) => run.projectId !== projectId).length;

  if (comparing && selected.length > 1)
    return <ComparePage rows={compared} runs={byId} onClose={() => setComparing(false)} />;
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <div className={styles.title}>
          <h2>Runs</h2>
          <p>
            {rows.length < listed.length && `${formatCount(rows.length)} of `}
            {formatPlural(listed.length, 'run')}
            {scope === 'project' ? ` of ${projectName}` : ' of all projects'}
          </p>
        </div>
        <span className={styles.space} />
        <TrainBothCells />
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
      <RunsToolbar rows={rows} selected={selectedRows} tags={usedTags} />
      {listed.length === 0 ? (
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
          {rows.length === 0 ? (
            <EmptyState action={<Button onClick={clearFilter}>Show all</Button>}>
              No run fits the filter.
            </EmptyState>
          ) : (
            <RunsTable
              rows={rows}
              runs={byId}
              selected={selected}
              sorting={sorting}
              shown={columns}
              withProject={scope === 'all'}
              onSort={setSorting}
            />
          )}
          {selected.length > 0 ? (
            <RunsOverlay runIds={overlaid} names={overlaidNames} />
          ) : (
            <p className={styles.hint}>
              Select runs to lay their curves over each other: tick them, or press Space on a row.
            </p>
          )}
        </>
      )}
    </div>
  );
}
