import { Menu, Modal } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ExampleEntry, ProjectEntry } from '#shared/ipc/studio';
import { useDesign } from '../stores/design.js';
import { useExports } from '../stores/exports.js';
import { useRuns } from '../stores/runs.js';
import { starters } from '../stores/starters.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { readForUpload } from '../data/importFile.js';
import { hasWeights } from '../train/runFacts.js';
import { client } from '../transport.js';
import { Icon } from '../ui/index.js';
import { dialogClasses } from './dialog.js';
import { menuClasses } from './menu.js';
import { modifierName } from './shortcuts.js';
import styles from './shell.module.css';
import dialog from './dialog.module.css';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** New, open, save, duplicate. */
export function ProjectMenu() {
  const shown = useDesign((state) => state.dialog);
  const setShown = useDesign((state) => state.setDialog);
  const [projects, setProjects] = useState<ProjectEntry[]>([]);
  const [examples, setExamples] = useState<ExampleEntry[]>([]);
  const path = useProject((state) => state.path);
  const projectId = useProject((state) => state.document?.id);
  const newest = useRuns(
    ({ runs }) => runs.find((one) => one.projectId === projectId && hasWeights(one))?.id ?? null,
  );
  const chosenFile = useRef<HTMLInputElement>(null);

  const { open, openExample, createProject, importProject, duplicate, save } =
    useProject.getState();

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
      <Menu position="bottom-start" classNames={menuClasses} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <button type="button" className={styles.projectMenu} aria-label="Project menu">
            <Icon name="folder" />
            <Icon name="down" size={12} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="plus" />} onClick={() => setShown('new')}>
            New…
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="folder" />} onClick={() => setShown('open')}>
            Open…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="check" />}
            rightSection={<span className={styles.saved}>{modifierName} S</span>}
            disabled={path === null}
            onClick={() => void save().catch(() => {})}
          >
            Save now
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="copy" />}
            disabled={path === null}
            onClick={() => run(duplicate())}
          >
            Duplicate
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="export" />}
            disabled={newest === null}
            onClick={() => newest !== null && useExports.getState().open(newest)}
          >
            Export the newest run…
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="download" />}
            onClick={() => chosenFile.current?.click()}
          >
            Import a project (.unroll.zip)…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>

      <input
        ref={chosenFile}
        type="file"
        accept=".zip"
        hidden
        aria-label="Project zip"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file can be chosen again.
          event.currentTarget.value = '';
          if (file !== undefined) run(readForUpload(file).then(importProject));
        }}
      />

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
