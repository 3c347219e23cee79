import { useDesign } from '../stores/design.js';
import { starters } from '../stores/starters.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { Dialog } from '../ui/index.js';
import styles from './newProject.module.css';

/** What a new project starts from. */
export function NewProjectDialog() {
  const shown = useDesign((state) => state.dialog);
  const setShown = useDesign((state) => state.setDialog);
  const { createProject } = useProject.getState();

  const run = (work: Promise<void>): void => {
    setShown(null);
    work.then(() => useStudio.getState().setView('design'), reportError);
  };
  if (shown !== 'new') return null;
  return (
    <Dialog title="New project" size={560} onClose={() => setShown(null)}>
      <ul>
        {starters.map((starter) => (
          <li key={starter.id}>
            <button
              type="button"
              className={styles.entry}
              onClick={() => run(createProject(starter.create()))}
            >
              <span className={styles.title}>{starter.title}</span>
              <span className={styles.text}>{starter.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
