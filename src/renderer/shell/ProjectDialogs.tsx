import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ExampleEntry, ProjectEntry } from '#shared/ipc/studio';
import { useDesign } from '../stores/design.js';
import { starters } from '../stores/starters.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { client } from '../transport.js';
import { dialogClasses } from './dialog.js';
import dialog from './dialog.module.css';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What `New…` and `Open…` show. */
export function ProjectDialogs() {
  const shown = useDesign((state) => state.dialog);
  const setShown = useDesign((state) => state.setDialog);
  const [projects, setProjects] = useState<ProjectEntry[]>([]);
  const [examples, setExamples] = useState<ExampleEntry[]>([]);
  const path = useProject((state) => state.path);
  const { open, openExample, createProject } = useProject.getState();

  const run = (work: Promise<void>): void => {
    setShown(null);
    work.then(() => useStudio.getState().setView('design'), reportError);
  };
  useEffect(() => {
    if (shown !== 'open') return;
    client.request('projects.list', {}).then(setProjects, reportError);
    client.request('projects.examples', {}).then(setExamples, reportError);
  }, [shown]);
  return (
    <>
      <Modal
        opened={shown === 'new'}
        onClose={() => setShown(null)}
        title="New project"
        classNames={dialogClasses}
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

      <Modal
        opened={shown === 'open'}
        onClose={() => setShown(null)}
        title="Open a project"
        classNames={dialogClasses}
        transitionProps={{ duration: 0 }}
        size={640}
      >
        <h3 className={dialog.heading}>In your workspace</h3>
        {projects.length === 0 && <p className={dialog.text}>No projects yet.</p>}
        <ul className={dialog.list}>
          {projects.map((project) => (
            <li key={project.path}>
              <button
                type="button"
                className={dialog.entry}
                aria-current={project.path === path ? 'true' : undefined}
                onClick={() => run(open(project.path))}
              >
                <span className={dialog.title}>{project.name}</span>
                <span className={dialog.text}>
                  {when.format(new Date(project.modified))} · {project.path}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <h3 className={dialog.heading}>Examples</h3>
        <ul className={dialog.list}>
          {examples.map((example) => (
            <li key={example.id}>
              <button
                type="button"
                className={dialog.entry}
                onClick={() => run(openExample(example.id))}
              >
                <span className={dialog.title}>{example.name}</span>
                <span className={dialog.text}>{example.description}</span>
              </button>
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
