import { useEffect, useState } from 'react';
import { simpleName } from '#shared/graph/cell-swap';
import type { TrashedRun } from '#shared/ipc/studio';
import { formatBytes, formatMoment, formatPlural } from '#shared/format';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runName } from '#shared/run/names';
import { Button, Icon, IconButton, Popup } from '../ui/index.js';
import { useRunList } from './listState.js';
import styles from './runs.module.css';

/** The deleted runs, to be had back or deleted for good. */
export function TrashButton() {
  const open = useRunList((state) => state.trashOpen);
  const setOpen = useRunList((state) => state.setTrashOpen);
  // It is closed when the list comes back.
  useEffect(() => () => setOpen(false), [setOpen]);
  return (
    <Popup
      label="Trash"
      opened={open}
      onChange={setOpen}
      width={420}
      target={
        <IconButton
          label="Trash"
          icon={<Icon name="trash" />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
      }
    >
      <TrashList />
    </Popup>
  );
}

const keyOf = ({ run, deleted }: TrashedRun): string => `${run.id} ${deleted}`;

function TrashList() {
  const [trashed, setTrashed] = useState<readonly TrashedRun[] | null>(null);
  /** What is asked about: one run's key, or all. */
  const [asking, setAsking] = useState<string | null>(null);
  // A run that comes or goes in any window may have come from the trash or gone there.
  const runs = useRuns((state) => state.runs.map(({ id }) => id).join(' '));
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    let current = true;
    useRuns
      .getState()
      .trash()
      .then((list) => {
        if (current) setTrashed(list);
      }, reportError);
    return () => {
      current = false;
    };
  }, [runs, changes]);
  const after = (work: Promise<void>): void => {
    setAsking(null);
    work.catch(reportError).finally(() => setChanges((count) => count + 1));
  };
  if (trashed === null) return <p className={styles.dim}>Reading the trash…</p>;
  if (trashed.length === 0)
    return (
      <p className={styles.dim}>The trash is empty. Deleted runs can be restored from here.</p>
    );
  const bytes = trashed.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <>
      <ul className={styles.trash}>
        {trashed.map((one) => {
          const { run, deleted } = one;
          const name = runName(run);
          return (
            <li key={keyOf(one)} aria-label={name}>
              <div>
                <b>{name}</b>
                <p className={styles.dim}>
                  Deleted {formatMoment(deleted)} · {formatBytes(one.bytes)} ·{' '}
                  {simpleName(run.projectName)}
                </p>
              </div>
              {asking === keyOf(one) ? (
                <Confirm
                  label={`Delete ${name} for good?`}
                  onKeep={() => setAsking(null)}
                  onDelete={() => after(useRuns.getState().deleteForGood(run.id, deleted))}
                />
              ) : (
                <>
                  <Button
                    size="small"
                    onClick={() => after(useRuns.getState().restore(run.id, deleted))}
                  >
                    Restore
                  </Button>
                  <IconButton
                    label={`Delete ${name} for good`}
                    icon={<Icon name="trash" size={14} />}
                    onClick={() => setAsking(keyOf(one))}
                  />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <div className={styles.trashFoot}>
        <span className={styles.dim}>
          {formatPlural(trashed.length, 'run')}, {formatBytes(bytes)}
        </span>
        <span className={styles.space} />
        {asking === 'all' ? (
          <Confirm
            label={`Delete ${formatPlural(trashed.length, 'run')} for good?`}
            onKeep={() => setAsking(null)}
            onDelete={() => after(useRuns.getState().emptyTrash())}
          />
        ) : (
          <Button size="small" onClick={() => setAsking('all')}>
            Empty trash
          </Button>
        )}
      </div>
    </>
  );
}

/** Asks once, in the place of what was pressed. */
function Confirm({
  label,
  onDelete,
  onKeep,
}: {
  label: string;
  onDelete: () => void;
  onKeep: () => void;
}) {
  return (
    <span className={styles.confirm} role="group" aria-label={label}>
      <Button size="small" variant="danger" onClick={onDelete}>
        Delete for good
      </Button>
      <Button size="small" autoFocus onClick={onKeep}>
        Keep
      </Button>
    </span>
  );
}
