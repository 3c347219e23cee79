import { Modal } from '@mantine/core';
import { useDesign } from '../stores/design.js';
import { starters } from '../stores/starters.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { dialogClasses } from './dialog.js';
import dialog from './dialog.module.css';

/** What a new project starts from. */
export function NewProjectDialog() {
  const shown = useDesign((state) => state.dialog);
  const setShown = useDesign((state) => state.setDialog);
  const { createProject } = useProject.getState();

  const run = (work: Promise<void>): void => {
    setShown(null);
    work.then(() => useStudio.getState().setView('design'), reportError);
  };
  return (
    <Modal
      opened={shown === 'new'}
      onClose={() => setShown(null)}
      title="New project"
      classNames={dialogClasses}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
      size={560}
    >
      <ul className={dialog.list}>
        {starters.map((starter) => (
          <li key={starter.id}>
            <button
              type="button"
              className={dialog.entry}
              onClick={() => run(createProject(starter.create()))}
            >
              <span className={dialog.title}>{starter.title}</span>
              <span className={dialog.text}>{starter.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
