import { useState } from 'react';
import { useProject, type SaveState } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import { Icon, IconButton, Separator, Tooltip } from '../ui/index.js';
import { DeviceMenu } from './DeviceMenu.js';
import { Logo } from './Logo.js';
import { MenuBar } from './MenuBar.js';
import { NewProjectDialog } from './NewProjectDialog.js';
import { shortcutText } from '../commands/keys.js';
import styles from './shell.module.css';
import { TrainButton } from './TrainButton.js';

function ProjectsButton() {
  return (
    <button
      type="button"
      className={styles.logo}
      aria-label="Projects and examples"
      onClick={() => useStudio.getState().setPage('projects')}
    >
      <Logo />
    </button>
  );
}

/** Takes effect on Enter or when the field is left; an empty name is not taken. */
function ProjectName() {
  const name = useProject((state) => state.document?.name ?? '');
  const dispatch = useProject((state) => state.dispatch);
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    const next = draft?.trim() ?? '';
    setDraft(null);
    if (next !== '' && next !== name)
      dispatch([{ type: 'set-name', name: next.slice(0, 200) }], { label: 'Rename project' });
  };
  return (
    <input
      className={styles.name}
      aria-label="Project name"
      spellCheck={false}
      value={draft ?? name}
      maxLength={200}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

const saveTexts: Record<Extract<SaveState, string>, string> = {
  saved: 'Saved',
  saving: 'Saving…',
  unsaved: 'Unsaved',
};

function SavedState() {
  const saveState = useProject((state) => state.saveState);
  const path = useProject((state) => state.path);
  const readOnly = useProject((state) => state.readOnly);
  const failed = typeof saveState === 'object';
  return (
    <Tooltip label={failed ? saveState.error.message : (path ?? '')}>
      <span className={styles.saved} role="status" data-failed={failed || undefined}>
        {failed ? 'Not saved' : readOnly ? 'Read-only' : saveTexts[saveState]}
      </span>
    </Tooltip>
  );
}

function UndoRedo() {
  const canUndo = useProject((state) => state.canUndo);
  const canRedo = useProject((state) => state.canRedo);
  const undo = useProject((state) => state.undo);
  const redo = useProject((state) => state.redo);
  const undoLabel = useProject((state) => state.history.past.at(-1)?.label);
  const redoLabel = useProject((state) => state.history.future.at(-1)?.label);
  const name = (verb: string, step: string | undefined): string =>
    step === undefined ? verb : `${verb}: ${step}`;
  return (
    <>
      <IconButton
        label={name('Undo', undoLabel)}
        shortcut={shortcutText('Mod+Z')}
        icon={<Icon name="undo" />}
        disabled={!canUndo}
        onClick={undo}
      />
      <IconButton
        label={name('Redo', redoLabel)}
        shortcut={shortcutText('Mod+Shift+Z')}
        icon={<Icon name="redo" />}
        disabled={!canRedo}
        onClick={redo}
      />
    </>
  );
}

export function TopBar() {
  const loaded = useProject((state) => state.document !== null);
  // Electron has the same menus outside the page.
  const host = useStudio((state) => state.info?.host);
  return (
    <header className={styles.top}>
      <ProjectsButton />
      {host === 'browser' && <MenuBar />}
      <NewProjectDialog />
      {loaded && (
        <>
          <ProjectName />
          <SavedState />
          <Separator />
          <UndoRedo />
        </>
      )}
      <span className={styles.space} />
      <DeviceMenu />
      {loaded && <TrainButton />}
    </header>
  );
}
