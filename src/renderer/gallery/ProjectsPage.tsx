/** What a first start shows, and what `Open…` leads to: the examples as pictures, and the person's projects. */
import { useEffect, useState } from 'react';
import { formatMoment } from '#shared/format';
import type { BuiltinDataset } from '#shared/data/facts';
import type { ExampleEntry, ProjectEntry } from '#shared/ipc/studio';
import { toWireError, type WireError } from '#shared/errors';
import { findCommand, runCommand } from '../commands/registry.js';
import { taskTitles } from '../data/SourcePanel.js';
import { PageHeader } from '../shell/PageHeader.js';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { reportError, useStudio } from '../stores/studio.js';
import { client } from '../transport.js';
import { Button, ErrorNotice, Icon } from '../ui/index.js';
import styles from './gallery.module.css';
import { Miniature } from './Miniature.js';

const firstSentence = (text: string): string => text.split(/(?<=[.!?])\s/)[0] ?? '';

/** Names the example's data as the Data view does; by its id until the engine has answered. */
function dataName({ document }: ExampleEntry, datasets: readonly BuiltinDataset[]): string {
  const { source } = document.data;
  if (source.kind !== 'builtin') return source.path.split(/[\\/]/).at(-1) ?? source.path;
  return datasets.find(({ id }) => id === source.id)?.title ?? source.id;
}

function showWhenOpen(work: Promise<void>): void {
  work.then(() => useStudio.getState().setView('design'), reportError);
}

function Example({
  example,
  datasets,
}: {
  example: ExampleEntry;
  datasets: readonly BuiltinDataset[];
}) {
  return (
    <li>
      <button
        type="button"
        className={styles.card}
        onClick={() => showWhenOpen(useProject.getState().openExample(example.id))}
      >
        <Miniature document={example.document} />
        <span className={styles.cardText}>
          <span className={styles.cardTitle}>{example.name}</span>
          <span className={styles.sentence}>{firstSentence(example.description)}</span>
          <span className={styles.facts}>
            {taskTitles[example.task]} · {dataName(example, datasets)}
          </span>
        </span>
      </button>
    </li>
  );
}

function Projects({ projects }: { projects: readonly ProjectEntry[] | null }) {
  const path = useProject((state) => state.path);
  const folder = useStudio((state) => state.info?.workspace ?? '');
  return (
    <aside className={styles.side} aria-label="Your projects">
      <h2 className={styles.heading}>Your projects</h2>
      {projects?.length === 0 && (
        <p className={styles.none}>
          None yet. An example that you open, or a new project, is kept in <code>{folder}</code> and
          listed here.
        </p>
      )}
      <ul>
        {projects?.map((project) => (
          <li key={project.path}>
            <button
              type="button"
              className={styles.project}
              title={project.path}
              aria-current={project.path === path ? 'true' : undefined}
              onClick={() => showWhenOpen(useProject.getState().open(project.path))}
            >
              <span className={styles.projectName}>{project.name}</span>
              <span className={styles.facts}>{formatMoment(project.modified)}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

interface Loaded {
  projects: ProjectEntry[];
  examples: ExampleEntry[];
}

export default function ProjectsPage() {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [datasets, setDatasets] = useState<BuiltinDataset[]>([]);
  const setDialog = useDesign((state) => state.setDialog);
  useEffect(() => {
    let shown = true;
    Promise.all([
      client.request('projects.list', {}),
      client.request('projects.examples', {}),
    ]).then(
      ([projects, examples]) => {
        if (!shown) return;
        setLoaded({ projects, examples });
        setError(null);
      },
      (thrown: unknown) => shown && setError(toWireError(thrown)),
    );
    // Only titles: without them the examples say the ids of their data.
    client.request('data.builtin', {}).then(
      (found) => shown && setDatasets(found),
      () => {},
    );
    return () => {
      shown = false;
    };
  }, [attempt]);
  const importProject = findCommand('file.import');
  return (
    <div className={styles.page}>
      <PageHeader
        title={loaded?.projects.length === 0 ? 'Welcome to Unroll Studio' : 'Projects and examples'}
        lead="Each example opens ready to train: its network is drawn and its data is here."
      >
        {importProject !== undefined && (
          <Button
            icon={<Icon name="download" />}
            onClick={() => runCommand(importProject, reportError)}
          >
            Import…
          </Button>
        )}
        <Button icon={<Icon name="plus" />} onClick={() => setDialog('new')}>
          New project…
        </Button>
      </PageHeader>
      {error !== null && (
        <div className={styles.error}>
          <ErrorNotice
            error={error}
            actions={
              <Button size="small" onClick={() => setAttempt(attempt + 1)}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      <div className={styles.columns}>
        <section className={styles.main} aria-label="Examples" aria-busy={loaded === null}>
          <h2 className={styles.heading}>Examples</h2>
          <ul className={styles.cards}>
            {loaded?.examples.map((example) => (
              <Example key={example.id} example={example} datasets={datasets} />
            ))}
          </ul>
        </section>
        <Projects projects={loaded?.projects ?? null} />
      </div>
    </div>
  );
}
