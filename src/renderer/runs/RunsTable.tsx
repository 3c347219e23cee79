import {
  Fragment,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import type { RunEntry } from '#shared/ipc/studio';
import { isTyping } from '../commands/keys.js';
import { useCompare } from '../stores/compare.js';
import { Icon, Tooltip } from '../ui/index.js';
import { useAnnotating } from './annotating.js';
import { columnsOf, descendsFirst, nameColumn, type Column } from '#shared/run/columns';
import { saveCsv } from './saveCsv.js';
import { deleteRuns } from './deleting.js';
import { openRun } from './RunMenu.js';
import { RunLine, type OpenPart } from './RunLine.js';
import { drawnRows, useRowWindow } from './rowWindow.js';
import { useRunCommands } from './runCommands.js';
import type { ColumnKey, RunRow, Sorting } from '#shared/run/rows';
import { WidthRow } from './WidthRow.js';
import styles from './runs.module.css';

/** Rows that PageUp and PageDown pass. */
const page = 10;

export function RunsTable({
  rows,
  runs,
  selected,
  sorting,
  shown,
  withProject,
  onSort,
}: {
  rows: readonly RunRow[];
  runs: ReadonlyMap<string, RunEntry>;
  /** In the order in which they were picked: it gives them their colours. */
  selected: readonly string[];
  sorting: Sorting;
  shown: readonly ColumnKey[];
  withProject: boolean;
  onSort: (sorting: Sorting) => void;
}) {
  const columns = useMemo(() => columnsOf(shown, withProject), [shown, withProject]);
  const failed = useAnnotating((state) => state.failed);
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  /** The row that gets the focus as soon as it is drawn. */
  const wanted = useRef<string | null>(null);
  const [focused, setFocused] = useState({ id: rows[0]?.id ?? '', index: 0 });
  const [open, setOpen] = useState<{ id: string; part: OpenPart } | null>(null);
  /** Where Shift extends from, and what was selected before. */
  const anchor = useRef<{ id: string; base: readonly string[] } | null>(null);

  // The row in the place of one that went away.
  const place = rows.findIndex(({ id }) => id === focused.id);
  const index = place >= 0 ? place : Math.min(focused.index, rows.length - 1);
  const activeId = rows[index]?.id;

  const rowWindow = useRowWindow(scroller);
  const drawn = drawnRows(rowWindow, rows.length, index);
  const places = useMemo(() => new Map(selected.map((id, at) => [id, at])), [selected]);

  const focusRow = useCallback((id: string): void => {
    wanted.current = id;
    setFocused((old) => ({ ...old, id }));
  }, []);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const row = body.current?.querySelector<HTMLElement>(
      `tr[data-run="${CSS.escape(wanted.current)}"]`,
    );
    wanted.current = null;
    row?.focus();
  });
  const onOpen = useCallback(
    (id: string, part: OpenPart | null): void => {
      setOpen(part === null ? null : { id, part });
      if (part === null) focusRow(id);
    },
    [focusRow],
  );

  /** Selects from the anchor to the row, beside what was selected before. */
  const extendTo = (id: string): void => {
    anchor.current ??= { id: activeId ?? id, base: selected };
    const { base } = anchor.current;
    const from = rows.findIndex((row) => row.id === anchor.current?.id);
    const to = rows.findIndex((row) => row.id === id);
    const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
    if (from > to) range.reverse();
    useCompare.getState().pick([...new Set([...base, ...range])]);
  };
  const tick = (id: string, extend: boolean): void => {
    if (extend) return extendTo(id);
    useCompare.getState().toggle(id);
    anchor.current = { id, base: useCompare.getState().picked };
  };
  const latestTick = useRef(tick);
  useEffect(() => {
    latestTick.current = tick;
  });
  const onTick = useCallback((id: string, extend: boolean) => latestTick.current(id, extend), []);

  const moveTo = (wanted: number, extend: boolean): void => {
    const row = rows[Math.max(0, Math.min(wanted, rows.length - 1))];
    if (row === undefined) return;
    if (extend) extendTo(row.id);
    else anchor.current = null;
    focusRow(row.id);
  };

  /** The ticked runs, or the one that has the focus where it is not one of them. */
  const meant = (): readonly string[] => {
    const at = document.activeElement?.closest('tr')?.dataset['run'];
    return at !== undefined && !places.has(at) ? [at] : selected;
  };
  useRunCommands({
    meant,
    selected: () => selected,
    selectAll: () => useCompare.getState().pick(rows.map(({ id }) => id)),
    compare: () => useCompare.getState().setComparing(true),
    save: () => {
      const ticked = rows.filter(({ id }) => places.has(id));
      saveCsv(ticked.length > 0 ? ticked : rows);
    },
    remove: async () => {
      const ids = meant();
      const hadFocus = body.current?.contains(document.activeElement) === true;
      const next = rows.slice(index).find(({ id }) => !ids.includes(id)) ?? rows.at(0);
      await deleteRuns(ids);
      if (hadFocus && next !== undefined) focusRow(next.id);
    },
  });

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>): void => {
    // What is open over a row has its own keys.
    const { target, shiftKey } = event;
    if (!(target instanceof HTMLElement) || !event.currentTarget.contains(target)) return;
    if (isTyping(target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const onRow = target.tagName === 'TR';
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) moveTo(index + step, shiftKey);
    else if (event.key === 'Escape') useCompare.getState().pick([]);
    else if (activeId === undefined || !onRow) return;
    else if (event.key === 'Enter') openRun(activeId);
    else if (event.key === ' ') tick(activeId, shiftKey);
    else if (event.key.toLowerCase() === 't') onOpen(activeId, 'tags');
    else if (event.key.toLowerCase() === 'n') onOpen(activeId, 'note');
    else return;
    event.preventDefault();
  };

  const all = rows.length > 0 && rows.every(({ id }) => places.has(id));
  return (
    <div className={styles.list} ref={scroller}>
      <table
        className={styles.table}
        role="grid"
        aria-label="Runs"
        aria-multiselectable
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={styles.check}>
              <input
                type="checkbox"
                aria-label="Select all runs"
                checked={all}
                ref={(box) => {
                  if (box !== null) box.indeterminate = !all && selected.length > 0;
                }}
                onChange={() => useCompare.getState().pick(all ? [] : rows.map(({ id }) => id))}
              />
            </th>
            {[nameColumn, ...columns].map((column) => (
              <SortHeading
                key={column.key}
                column={column}
                sorting={sorting}
                onSort={(descending) =>
                  onSort({
                    key: column.key,
                    descending: descending ?? descendsFirst(column, rows),
                  })
                }
              />
            ))}
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody
          ref={body}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => {
            const id = target.closest('tr')?.dataset['run'];
            if (id === undefined) return;
            const at = rows.findIndex((row) => row.id === id);
            if (at >= 0) setFocused({ id, index: at });
          }}
          onClick={({ target, shiftKey, ctrlKey, metaKey }) => {
            if (!(target instanceof Element) || target.closest('button, input') !== null) return;
            const id = target.closest('tr')?.dataset['run'];
            if (id === undefined) return;
            if (shiftKey || ctrlKey || metaKey) tick(id, shiftKey);
            else anchor.current = null;
          }}
          onDoubleClick={({ target, currentTarget }) => {
            if (!(target instanceof Element) || !currentTarget.contains(target)) return;
            const id = target.closest('tr')?.dataset['run'];
            if (id !== undefined && target.closest('button, input') === null) openRun(id);
          }}
        >
          <WidthRow rows={rows} columns={columns} marked={selected.length > 0} />
          {drawn.rows.map(({ index: at, gap }) => {
            const row = rows[at];
            const run = row === undefined ? undefined : runs.get(row.id);
            if (row === undefined || run === undefined) return null;
            return (
              <Fragment key={row.id}>
                <Gap height={gap * rowWindow.height} />
                <RunLine
                  row={row}
                  run={run}
                  number={at + 1}
                  columns={columns}
                  place={places.get(row.id) ?? -1}
                  active={row.id === activeId}
                  open={open?.id === row.id ? open.part : null}
                  failed={failed.includes(row.id)}
                  onTick={onTick}
                  onOpen={onOpen}
                />
              </Fragment>
            );
          })}
          <Gap height={drawn.after * rowWindow.height} />
        </tbody>
      </table>
    </div>
  );
}

/** The room of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  if (height === 0) return null;
  return (
    <tr className={styles.gap} aria-hidden="true">
      <td style={{ height }} />
    </tr>
  );
}

function SortHeading({
  column,
  sorting,
  onSort,
}: {
  column: Column;
  sorting: Sorting;
  /** Null is the direction that a column begins with. */
  onSort: (descending: boolean | null) => void;
}) {
  const { key, title, explained, number } = column;
  const active = sorting.key === key;
  return (
    <th
      scope="col"
      data-column={key}
      data-number={number || undefined}
      aria-sort={active ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
    >
      <Tooltip label={explained}>
        <button type="button" onClick={() => onSort(active ? !sorting.descending : null)}>
          {title}
          <span className={styles.arrow} data-active={active || undefined}>
            <Icon name={active && !sorting.descending ? 'up' : 'down'} size={12} />
          </span>
        </button>
      </Tooltip>
    </th>
  );
}
