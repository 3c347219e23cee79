import type { ReactNode } from 'react';
import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import { Icon, IconButton } from '../ui/index.js';
import styles from './pageHeader.module.css';

/** The head of what stands in a view's place: its title, what can be done, and the way back. */
export function PageHeader({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children?: ReactNode;
}) {
  const project = useProject((state) => state.document?.name);
  const setPage = useStudio((state) => state.setPage);
  return (
    <header className={styles.header}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
      </div>
      <span className={styles.space} />
      {children}
      {project !== undefined && (
        <IconButton
          label={`Back to ${project}`}
          icon={<Icon name="close" />}
          onClick={() => setPage(null)}
        />
      )}
    </header>
  );
}
