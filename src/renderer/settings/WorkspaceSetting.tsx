import { useState } from 'react';
import { toWireError, type WireError } from '#shared/errors';
import { reportError, useStudio } from '../stores/studio.js';
import { client } from '../transport.js';
import { Button, CopyButton, ErrorNotice, TextField } from '../ui/index.js';
import { Setting } from './Setting.js';
import styles from './settings.module.css';

/** The folder in use, and the one from the next start on. */
export function WorkspaceSetting() {
  const info = useStudio((state) => state.info);
  const setting = useStudio((state) => state.settings.workspace);
  const changeSettings = useStudio((state) => state.changeSettings);
  const [draft, setDraft] = useState<string | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  if (info === null) return null;
  const next = setting ?? info.defaultWorkspace;
  const typed = (draft ?? next).trim();
  const desktop = info.host === 'electron';

  const take = (workspace: string | null): void => {
    changeSettings({ workspace }).then(
      () => {
        setDraft(null);
        setError(null);
      },
      (thrown: unknown) => setError(toWireError(thrown)),
    );
  };
  const choose = async (): Promise<void> => {
    const { path } = await client.request('app.chooseFolder', {});
    if (path === null) return;
    setDraft(path);
    take(path);
  };
  return (
    <Setting
      title="Workspace folder"
      text="Holds projects, imported data, runs and exports. Another folder takes effect at the next start. Nothing is moved or deleted: what is in the present one stays there, and is back when you choose it again."
    >
      <div className={styles.inUse}>
        <span className={styles.caption}>In use</span>
        <code className={styles.path}>{info.workspace}</code>
        {desktop ? (
          <Button
            size="small"
            onClick={() => void client.request('app.showWorkspace', {}).catch(reportError)}
          >
            Show folder
          </Button>
        ) : (
          <CopyButton label="Copy the path of the workspace" text={info.workspace} />
        )}
      </div>
      <form
        className={styles.nextFolder}
        onSubmit={(event) => {
          event.preventDefault();
          take(typed);
        }}
      >
        <span className={styles.caption}>Next start</span>
        <TextField
          bare
          label="Workspace folder from the next start on"
          value={draft ?? next}
          onChange={(text) => {
            setDraft(text);
            setError(null);
          }}
        />
        {desktop && <Button onClick={() => void choose().catch(reportError)}>Choose…</Button>}
        <Button type="submit" disabled={typed === '' || typed === next}>
          Use this folder
        </Button>
      </form>
      {error !== null && <ErrorNotice error={error} />}
      {info.workspaceAsked ? (
        <p className={styles.note}>
          This start was told its folder by <code>--workspace</code> or{' '}
          <code>UNROLL_WORKSPACE</code>, which win over the setting.
        </p>
      ) : (
        next !== info.workspace && (
          <p className={styles.note} role="status">
            The next start uses <code>{next}</code>.
          </p>
        )
      )}
      {setting !== null && (
        <div>
          <Button size="small" onClick={() => take(null)}>
            Back to the default folder
          </Button>
        </div>
      )}
    </Setting>
  );
}
