import { Popover } from '@mantine/core';
import { useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { formatPlural } from '#shared/format';
import { parseTags, tagLimit } from '#shared/run/annotations';
import { useRuns } from '../stores/runs.js';
import { Button, Icon, TagsInput, TextField, popupClasses } from '../ui/index.js';
import { annotate, offerUndo, useAnnotating, writeDraft, writtenOn } from './annotating.js';
import { tagCounts, type RunRow } from '#shared/run/rows';
import styles from './runs.module.css';

interface CellProps {
  row: RunRow;
  /** Whether its editor is open. */
  open: boolean;
  failed: boolean;
  tabIndex: number;
  onOpen: () => void;
  onClose: () => void;
}

/** Chips; as many as have room, the others are counted. */
export function TagsCell({ row, open, failed, tabIndex, onOpen, onClose }: CellProps) {
  const shown = row.tags.slice(0, 2);
  const button = (
    <CellButton
      name={`Tags of ${row.title}`}
      value={row.tags.join(', ')}
      adding="Add tags"
      failed={failed}
      tabIndex={tabIndex}
      onClick={onOpen}
    >
      {shown.map((tag) => (
        <span key={tag} className={styles.chip}>
          {tag}
        </span>
      ))}
      {row.tags.length > shown.length && (
        <span className={styles.more}>+{row.tags.length - shown.length}</span>
      )}
    </CellButton>
  );
  if (!open) return button;
  return (
    <Editor target={button} runIds={[row.id]} onClose={onClose}>
      <TagsEditor label={`Tags of ${row.title}`} rows={[row]} />
    </Editor>
  );
}

export function NoteCell({ row, open, failed, tabIndex, onOpen, onClose }: CellProps) {
  const button = (
    <CellButton
      name={`Note of ${row.title}`}
      value={row.note}
      adding="Add a note"
      failed={failed}
      tabIndex={tabIndex}
      onClick={onOpen}
    >
      <span>{row.note}</span>
    </CellButton>
  );
  if (!open) return button;
  return (
    <Editor target={button} runIds={[row.id]} onClose={onClose}>
      <TextField
        label={`Note of ${row.title}`}
        bare
        rows={6}
        maxLength={10_000}
        placeholder="What you tried, and what came of it"
        value={row.note}
        onChange={(note) => annotate(row.id, { note }, 800)}
      />
    </Editor>
  );
}

function CellButton({
  name,
  value,
  adding,
  failed,
  children,
  ...rest
}: {
  name: string;
  value: string;
  adding: string;
  failed: boolean;
  tabIndex: number;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={value}
      {...rest}
      className={styles.cell}
      aria-label={`${name}: ${value === '' ? 'none' : value}${failed ? ', not saved' : ''}`}
    >
      {failed && (
        <span className={styles.unsaved}>
          <Icon name="warn" size={12} />
        </span>
      )}
      {value === '' ? <span className={styles.adding}>{adding}</span> : children}
    </button>
  );
}

/** Under the cell; what is in it when it closes is written. */
function Editor({
  target,
  runIds,
  onClose,
  children,
}: {
  /** Names it, too. */
  target: ReactElement;
  /** What it writes on. */
  runIds: readonly string[];
  onClose: () => void;
  children: ReactNode;
}) {
  const failed = useAnnotating((state) => runIds.some((id) => state.failed.includes(id)));
  const [before] = useState(() => new Map(runIds.map((id) => [id, writtenOn(id)])));
  const close = (): void => {
    for (const id of runIds) void writeDraft(id);
    onClose();
    // The field that loses the focus may just have added a last tag.
    setTimeout(() => offerUndo(before));
  };
  return (
    <Popover
      opened
      onChange={(opened) => {
        if (!opened) close();
      }}
      position="bottom-start"
      offset={2}
      width={320}
      closeOnEscape={false}
      trapFocus
      transitionProps={{ duration: 0 }}
      classNames={popupClasses}
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown
        onKeyDown={(event) => {
          const done = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
          if (event.key !== 'Escape' && !done) return;
          event.preventDefault();
          event.stopPropagation();
          close();
        }}
      >
        <FocusedField>{children}</FocusedField>
        {failed && (
          <p className={styles.failed} role="alert">
            Not saved. What you wrote stays here.
            <Button size="small" onClick={() => runIds.forEach((id) => void writeDraft(id))}>
              Try again
            </Button>
          </p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Takes the focus in the moment in which it opens: what is typed next is meant for it. */
function FocusedField({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const field = box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>(
      'textarea, input:not([type="hidden"])',
    );
    // Where it lies is not known yet.
    field?.focus({ preventScroll: true });
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  return <div ref={box}>{children}</div>;
}

/** Tags that all of the runs have; what is added or taken away is so for each. */
function TagsEditor({ label, rows }: { label: string; rows: readonly RunRow[] }) {
  const runs = useRuns((state) => state.runs);
  const suggestions = tagCounts(runs).map(([tag]) => tag);
  const [first, ...others] = rows;
  const common = (first?.tags ?? []).filter((tag) =>
    others.every(({ tags }) => tags.includes(tag)),
  );
  const change = (value: readonly string[]): void => {
    const wanted = parseTags(value.join('\n'));
    for (const { id, tags } of rows) {
      const kept = tags.filter((tag) => wanted.includes(tag) || !common.includes(tag));
      annotate(id, { tags: parseTags([...kept, ...wanted].join('\n')) });
    }
  };
  return (
    <TagsInput
      label={label}
      value={common}
      suggestions={suggestions}
      atMost={tagLimit}
      placeholder={common.length === 0 ? 'baseline, seed 2, …' : ''}
      onChange={change}
    />
  );
}

/** Tags of several runs at once. */
export function TagButton({ rows }: { rows: readonly RunRow[] }) {
  const [open, setOpen] = useState(false);
  const label = `Tags of ${formatPlural(rows.length, 'run')}`;
  const button = (
    <Button size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
      Tag
    </Button>
  );
  if (!open) return button;
  return (
    <Editor target={button} runIds={rows.map(({ id }) => id)} onClose={() => setOpen(false)}>
      <TagsEditor label={label} rows={rows} />
    </Editor>
  );
}
