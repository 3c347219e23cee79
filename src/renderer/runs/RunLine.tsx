import { memo } from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import type { RunParent } from '#shared/run/branch';
import { useRuns } from '../stores/runs.js';
import { Icon, IconButton } from '../ui/index.js';
import { NoteCell, TagsCell } from './AnnotationCells.js';
import type { Column } from '#shared/run/columns';
import { lineLooks } from './comparison.js';
import { LineMark } from './LineMark.js';
import { openRun, RunActions } from './RunMenu.js';
import { branchText, type RunRow } from '#shared/run/rows';
import styles from './runs.module.css';

/** What is open over a row. */
export type OpenPart = 'tags' | 'note' | 'menu';

/** One run; its controls are in the tab order only where the row has the focus. */
export const RunLine = memo(function RunLine({
  row,
  run,
  number,
  columns,
  place,
  active,
  open,
  failed,
  onTick,
  onOpen,
}: {
  row: RunRow;
  run: RunEntry;
  /** Of all rows, from 1; most of them may not be drawn. */
  number: number;
  columns: readonly Column[];
  /** Among the ticked ones, which gives it its colour; -1 where it is not. */
  place: number;
  active: boolean;
  open: OpenPart | null;
  /** Tags or note could not be written. */
  failed: boolean;
  onTick: (runId: string, extend: boolean) => void;
  onOpen: (runId: string, part: OpenPart | null) => void;
}) {
  const look = lineLooks[place];
  const tabIndex = active ? 0 : -1;
  const editing = (part: OpenPart) => ({
    row,
    failed,
    tabIndex,
    open: open === part,
    onOpen: () => onOpen(row.id, part),
    onClose: () => onOpen(row.id, null),
  });
  return (
    <tr data-run={row.id} aria-rowindex={number + 1} aria-selected={place >= 0} tabIndex={tabIndex}>
      <td className={styles.check}>
        <input
          type="checkbox"
          checked={place >= 0}
          readOnly
          tabIndex={tabIndex}
          aria-label={`Select ${row.title}`}
          onClick={(event) => onTick(row.id, event.shiftKey)}
        />
      </td>
      <th scope="row">
        <button
          type="button"
          className={styles.open}
          tabIndex={tabIndex}
          onClick={() => openRun(row.id)}
        >
          {look !== undefined && <LineMark look={look} />}
          {row.title}
        </button>
        {row.parent !== null && <BranchMark row={row} parent={row.parent} tabIndex={tabIndex} />}
      </th>
      {columns.map((column) => (
        <td
          key={column.key}
          data-column={column.key}
          data-number={column.number || undefined}
          data-phase={column.key === 'state' ? row.phase : undefined}
          title={column.key === 'device' || column.key === 'project' ? column.text(row) : undefined}
        >
          {column.key === 'state' && <StateMark row={row} />}
          {column.key === 'tags' ? (
            <TagsCell {...editing('tags')} />
          ) : column.key === 'note' ? (
            <NoteCell {...editing('note')} />
          ) : (
            column.text(row)
          )}
        </td>
      ))}
      <td className={styles.last}>
        <RunActions
          run={run}
          open={open === 'menu'}
          tabIndex={tabIndex}
          onOpen={(part) => onOpen(row.id, part)}
          onClose={() => onOpen(row.id, null)}
        />
      </td>
    </tr>
  );
});

/** Leads to the run that this one branched off. */
function BranchMark({
  row,
  parent,
  tabIndex,
}: {
  row: RunRow;
  parent: RunParent;
  tabIndex: number;
}) {
  const there = useRuns((state) => state.runs.some(({ id }) => id === parent.runId));
  const label = `${row.title}: ${branchText(row)}`;
  return (
    <span className={styles.branch}>
      <IconButton
        label={there ? label : `${label}, which is deleted`}
        icon={<Icon name="branch" size={14} />}
        aria-disabled={!there}
        tabIndex={tabIndex}
        onClick={() => {
          if (there) openRun(parent.runId);
        }}
      />
    </span>
  );
}

/** A shape for each state, beside its word. */
function StateMark({ row: { phase, finished } }: { row: RunRow }) {
  if (phase === 'failed') return <Icon name="warn" size={12} />;
  if (phase === 'done') return <Icon name={finished ? 'check' : 'stop'} size={12} />;
  if (phase === 'paused') return <Icon name="pause" size={12} />;
  return <Icon name="run" size={12} />;
}
