import { useState } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { isActive } from '#shared/run/state';
import { formatClock, formatMoment, formatScore, missing } from '#shared/format';
import { useExports } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { reportError, useStudio } from '../stores/studio.js';
import { hasWeights, resumableStep } from '../train/runFacts.js';
import { Button, formatBytes, formatCount, Icon, IconButton } from '../ui/index.js';
import { comparedAtMost } from '../stores/compare.js';
import { lineLooks } from './comparison.js';
import { LineMark } from './LineMark.js';
import { scoreText, type RunRow, type Sorting, type SortKey } from './rows.js';
import styles from './runs.module.css';

interface Column {
  key: SortKey;
  title: string;
  text: (row: RunRow) => string;
  number?: boolean;
  /** Higher is usually what one looks for first. */
  descendingFirst?: boolean;
}

const count = (value: number | null): string => (value === null ? missing : formatCount(value));

const columns: readonly Column[] = [
  { key: 'project', title: 'Project', text: (row) => row.project },
  { key: 'state', title: 'State', text: (row) => row.state },
  { key: 'device', title: 'Device', text: (row) => row.device ?? missing },
  {
    key: 'created',
    title: 'Created',
    text: (row) => formatMoment(row.created),
    number: true,
    descendingFirst: true,
  },
  { key: 'epochs', title: 'Epochs', text: (row) => count(row.epochs), number: true },
  {
    key: 'loss',
    title: 'Validation loss',
    text: (row) => formatScore(row.validation?.loss ?? null),
    number: true,
  },
  {
    key: 'validation',
    title: 'Validation score',
    text: (row) => scoreText(row.validation),
    number: true,
    descendingFirst: true,
  },
  {
    key: 'test',
    title: 'Test score',
    text: (row) => scoreText(row.test),
    number: true,
    descendingFirst: true,
  },
  { key: 'seconds', title: 'Time', text: (row) => formatClock(row.seconds), number: true },
  { key: 'parameters', title: 'Parameters', text: (row) => count(row.parameters), number: true },
  {
    key: 'memory',
    title: 'Memory',
    text: (row) => (row.memory === null ? missing : formatBytes(row.memory)),
    number: true,
  },
  {
    key: 'seed',
    title: 'Seed',
    text: (row) => (row.seed === null ? missing : String(row.seed)),
    number: true,
  },
];

export function RunsTable({
  rows,
  runs,
  selected,
  sorting,
  withProject,
  onSort,
  onToggle,
}: {
  rows: readonly RunRow[];
  runs: ReadonlyMap<string, RunEntry>;
  /** In the order in which they were picked: it gives them their colours. */
  selected: readonly string[];
  sorting: Sorting;
  withProject: boolean;
  onSort: (sorting: Sorting) => void;
  onToggle: (runId: string) => void;
}) {
  const shown = columns.filter(({ key }) => withProject || key !== 'project');
  const headings: Column[] = [{ key: 'title', title: 'Run', text: (row) => row.title }, ...shown];
  const full = selected.length >= comparedAtMost;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.check}>
            <span className="visually-hidden">Compare</span>
          </th>
          {headings.map((column) => (
            <SortHeading key={column.key} column={column} sorting={sorting} onSort={onSort} />
          ))}
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const index = selected.indexOf(row.id);
          const look = lineLooks[index];
          const run = runs.get(row.id);
          return (
            <tr key={row.id} aria-selected={index >= 0}>
              <td className={styles.check}>
                <input
                  type="checkbox"
                  checked={index >= 0}
                  disabled={index < 0 && full}
                  aria-label={`Show the curves of ${row.title}`}
                  onChange={() => onToggle(row.id)}
                />
              </td>
              <th scope="row">
                <button type="button" className={styles.open} onClick={() => openRun(row.id)}>
                  {look !== undefined && <LineMark look={look} />}
                  {row.title}
                </button>
              </th>
              {shown.map((column) => (
                <td
                  key={column.key}
                  data-number={column.number || undefined}
                  data-phase={column.key === 'state' ? row.phase : undefined}
                  title={column.key === 'device' ? (row.device ?? undefined) : undefined}
                >
                  {column.key === 'state' && <StateMark row={row} />}
                  {column.text(row)}
                </td>
              ))}
              <td className={styles.actions}>{run !== undefined && <RowActions run={run} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function SortHeading({
  column,
  sorting,
  onSort,
}: {
  column: Column;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}) {
  const { key, title, number, descendingFirst = false } = column;
  const active = sorting.key === key;
  return (
    <th
      scope="col"
      data-number={number || undefined}
      aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => onSort({ key, descending: active ? !sorting.descending : descendingFirst })}
      >
        {title}
        <span className={styles.arrow} data-active={active || undefined}>
          <Icon name={active && !sorting.descending ? 'up' : 'down'} size={12} />
        </span>
      </button>
    </th>
  );
}

/** A shape for each state, beside its word. */
function StateMark({ row: { phase, finished } }: { row: RunRow }) {
  if (phase === 'failed') return <Icon name="warn" size={12} />;
  if (phase === 'done') return <Icon name={finished ? 'check' : 'stop'} size={12} />;
  if (phase === 'paused') return <Icon name="pause" size={12} />;
  return <Icon name="run" size={12} />;
}

function openRun(runId: string): void {
  useRuns.getState().select(runId);
  useStudio.getState().setView('train');
}

function RowActions({ run }: { run: RunEntry }) {
  const [asking, setAsking] = useState(false);
  const busy = useRuns((state) => state.activeRunId !== null);
  const step = resumableStep(run.state);
  const name = run.id;
  if (asking)
    return (
      <span
        className={styles.confirm}
        role="group"
        aria-label="Delete this run?"
        onKeyDown={(event) => {
          if (event.key === 'Escape') setAsking(false);
        }}
      >
        <Button
          size="small"
          variant="danger"
          autoFocus
          tooltip="Moves its folder to the workspace’s trash"
          onClick={() => useRuns.getState().remove(run.id).catch(reportError)}
        >
          Delete
        </Button>
        <Button size="small" onClick={() => setAsking(false)}>
          Keep
        </Button>
      </span>
    );
  return (
    <>
      {run.state.phase === 'idle' && (
        <IconButton
          label={busy ? 'Starts when the present run has ended' : 'Start'}
          icon={<Icon name="run" size={14} />}
          disabled={busy}
          onClick={() => void useRuns.getState().begin(run.id).catch(reportError)}
        />
      )}
      {step !== null && (
        <IconButton
          label={busy ? 'Resume: another run is training' : `Resume from step ${step}`}
          icon={<Icon name="run" size={14} />}
          disabled={busy}
          onClick={() => {
            useRuns
              .getState()
              .resume(run.id)
              .then(() => useStudio.getState().setView('train'))
              .catch(reportError);
          }}
        />
      )}
      <IconButton
        label="Open in Train"
        icon={<Icon name="train" size={14} />}
        aria-description={name}
        onClick={() => openRun(run.id)}
      />
      {run.state.phase === 'done' && (
        <IconButton
          label="Try it in the playground"
          icon={<Icon name="playground" size={14} />}
          onClick={() => {
            useRuns.getState().select(run.id);
            useStudio.getState().setView('playground');
          }}
        />
      )}
      {hasWeights(run) && (
        <IconButton
          label="Export code and weights"
          icon={<Icon name="export" size={14} />}
          onClick={() => useExports.getState().open(run.id)}
        />
      )}
      <IconButton
        label={isActive(run.state) ? 'Delete: stop the run first' : 'Delete'}
        icon={<Icon name="trash" size={14} />}
        disabled={isActive(run.state)}
        onClick={() => setAsking(true)}
      />
    </>
  );
}
