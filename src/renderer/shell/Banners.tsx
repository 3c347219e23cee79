import type { ReactNode } from 'react';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { client } from '../transport.js';
import { Button, Icon } from '../ui/index.js';
import styles from './shell.module.css';

function Banner({
  severity,
  children,
  actions,
}: {
  severity: 'warning' | 'error';
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles.banner} role="alert" data-severity={severity}>
      <span className={styles.bannerIcon}>
        <Icon name="warn" />
      </span>
      <span>{children}</span>
      <span className={styles.space} />
      {actions}
    </div>
  );
}

/** States of the whole window that need a decision or patience. */
export function Banners() {
  const connection = useStudio((state) => state.connection);
  const engine = useStudio((state) => state.engine);
  const saveState = useProject((state) => state.saveState);
  const readOnly = useProject((state) => state.readOnly);
  const free = useProject((state) => state.free);
  const takeOver = useProject((state) => state.takeOver);
  const reload = useProject((state) => state.reload);
  const keepMine = useProject((state) => state.keepMine);
  const save = useProject((state) => state.save);
  return (
    <div className={styles.banners}>
      {connection.phase === 'away' && (
        <Banner
          severity="error"
          actions={
            <Button size="small" onClick={() => client.retry()}>
              Try now
            </Button>
          }
        >
          The connection to the studio is lost: {connection.reason}. Trying again; your edits are
          kept in this window.
        </Banner>
      )}
      {connection.phase === 'open' && engine.status === 'restarting' && (
        <Banner severity="warning">
          The engine stopped{engine.error === null ? '' : `: ${engine.error.message}`} It is being
          started again.
        </Banner>
      )}
      {connection.phase === 'open' && engine.status === 'failed' && (
        <Banner severity="error">
          The engine does not run{engine.error === null ? '.' : `: ${engine.error.message}`}{' '}
          {engine.error?.hint}
        </Banner>
      )}
      {readOnly && typeof saveState !== 'object' && (
        <Banner
          severity="warning"
          actions={
            <Button size="small" onClick={() => takeOver().catch(reportError)}>
              Edit here
            </Button>
          }
        >
          {free
            ? 'The other window has let go of this project: it can be edited here again.'
            : 'This project is open in another window. Here it can be looked at but not changed.'}
        </Banner>
      )}
      {typeof saveState === 'object' && (
        <Banner
          severity="error"
          actions={
            saveState.conflict ? (
              <>
                <Button size="small" onClick={() => reload().catch(reportError)}>
                  Reload the file
                </Button>
                <Button size="small" onClick={() => keepMine().catch(reportError)}>
                  Keep mine as a copy
                </Button>
              </>
            ) : (
              <>
                <Button size="small" onClick={() => save().catch(() => {})}>
                  Save again
                </Button>
                <Button size="small" onClick={() => reload().catch(reportError)}>
                  Discard my changes
                </Button>
              </>
            )
          }
        >
          {saveState.conflict
            ? readOnly
              ? 'The project was taken over by another window before your last changes were saved.'
              : 'The project file was changed by another program. Saving waits until you choose.'
            : `Not saved: ${saveState.error.message} ${saveState.error.hint}`}
        </Banner>
      )}
    </div>
  );
}
