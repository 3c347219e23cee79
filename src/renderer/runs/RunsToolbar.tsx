import { Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import { formatPlural } from '#shared/format';
import { comparedAtMost, useCompare } from '../stores/compare.js';
import { Button, formatCount, Icon, IconButton, menuClasses, TextField } from '../ui/index.js';
import { columns, defaultColumns } from '#shared/run/columns';
import { columnKeys, type ColumnKey, type RunRow } from '#shared/run/rows';
import { TagButton } from './AnnotationCells.js';
import { saveCsv } from './saveCsv.js';
import { deleteRuns } from './deleting.js';
import { useRunList } from './listState.js';
import styles from './runs.module.css';
import { TrashButton } from './Trash.js';

/** Above the list: what it shows, and what is done with the runs that are ticked. */
export function RunsToolbar({
  rows,
  selected,
  tags,
}: {
  /** What the list shows, in its order. */
  rows: readonly RunRow[];
  /** The ticked ones, in their order. */
  selected: readonly RunRow[];
  /** With how many runs have them. */
  tags: readonly [string, number][];
}) {
  const text = useRunList((state) => state.text);
  const setText = useRunList((state) => state.setText);
  const ids = selected.map(({ id }) => id);
  const ticked = new Set(ids);
  const exported = selected.length > 0 ? rows.filter(({ id }) => ticked.has(id)) : rows;
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Runs">
      <div className={styles.search}>
        <Icon name="search" size={14} />
        <TextField
          label="Filter runs"
          bare
          placeholder="Filter runs"
          value={text}
          onChange={setText}
        />
      </div>
      {tags.length > 0 && <TagFilter tags={tags} />}
      <span className={styles.space} />
      {selected.length > 0 && (
        <>
          <span className={styles.dim} role="status">
            {formatCount(selected.length)} selected
          </span>
          {selected.length > 1 && (
            <Button
              variant="primary"
              size="small"
              onClick={() => useCompare.getState().setComparing(true)}
            >
              {selected.length > comparedAtMost
                ? `Compare the first ${comparedAtMost}`
                : `Compare ${selected.length} runs`}
            </Button>
          )}
          <TagButton rows={selected} />
          <Button size="small" onClick={() => void deleteRuns(ids)}>
            Delete
          </Button>
          <Button size="small" onClick={() => useCompare.getState().pick([])}>
            Clear
          </Button>
          <span className={styles.line} />
        </>
      )}
      <ColumnChooser />
      <IconButton
        label={`Save ${selected.length > 0 ? 'the selected' : 'these'} ${formatPlural(exported.length, 'run')} as CSV`}
        icon={<Icon name="download" />}
        disabled={exported.length === 0}
        onClick={() => saveCsv(exported)}
      />
      <TrashButton />
    </div>
  );
}

interface Check {
  value: string;
  label: string;
  /** Right of the label. */
  aside?: string;
  checked: boolean;
}

/** A menu that stays open while its entries are checked. */
function CheckMenu({
  target,
  checks,
  onToggle,
  again,
}: {
  target: ReactElement;
  checks: readonly Check[];
  onToggle: (value: string) => void;
  /** The way back. */
  again: { label: string; disabled: boolean; run: () => void };
}) {
  return (
    <Menu
      position="bottom-start"
      closeOnItemClick={false}
      transitionProps={{ duration: 0 }}
      classNames={menuClasses}
    >
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown className={styles.checks}>
        {checks.map(({ value, label, aside, checked }) => (
          <Menu.CheckboxItem
            key={value}
            checked={checked}
            checkIcon={<Icon name="check" />}
            rightSection={aside === undefined ? null : <span className={styles.dim}>{aside}</span>}
            onChange={() => onToggle(value)}
          >
            {label}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={again.disabled} onClick={again.run}>
          {again.label}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const toggled = <T extends string>(values: readonly T[], value: T): T[] =>
  values.includes(value) ? values.filter((one) => one !== value) : [...values, value];

function ColumnChooser() {
  const shown = useRunList((state) => state.columns);
  const setColumns = useRunList((state) => state.setColumns);
  const usual = columnKeys.every((key) => shown.includes(key) === defaultColumns.includes(key));
  return (
    <CheckMenu
      target={<IconButton label="Columns" icon={<Icon name="columns" />} />}
      checks={columnKeys.map((key) => ({
        value: key,
        label: columns[key].title,
        checked: shown.includes(key),
      }))}
      onToggle={(value) => {
        const key = columnKeys.find((one): one is ColumnKey => one === value);
        if (key !== undefined) setColumns(toggled(shown, key));
      }}
      again={{
        label: 'Default columns',
        disabled: usual,
        run: () => setColumns(defaultColumns),
      }}
    />
  );
}

function TagFilter({ tags }: { tags: readonly [string, number][] }) {
  const wanted = useRunList((state) => state.tags);
  const setTags = useRunList((state) => state.setTags);
  return (
    <CheckMenu
      target={
        <Button size="small" variant={wanted.length > 0 ? 'live' : 'default'}>
          {wanted.length === 0 ? 'Any tag' : wanted.join(', ')}
          <Icon name="down" size={12} />
        </Button>
      }
      checks={tags.map(([tag, count]) => ({
        value: tag,
        label: tag,
        aside: formatCount(count),
        checked: wanted.includes(tag),
      }))}
      onToggle={(tag) => setTags(toggled(wanted, tag))}
      again={{ label: 'Any tag', disabled: wanted.length === 0, run: () => setTags([]) }}
    />
  );
}
