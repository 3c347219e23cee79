import { useStudio } from '../stores/studio.js';
import { ErrorNotice, Icon, IconButton } from '../ui/index.js';
import styles from './shell.module.css';

/** Errors that concern no single field: they stay until they are dismissed. */
export function Notices() {
  const notices = useStudio((state) => state.notices);
  const dismiss = useStudio((state) => state.dismiss);
  if (notices.length === 0) return null;
  return (
    <section className={styles.notices} aria-label="Messages">
      {notices.map(({ id, error }) => (
        <ErrorNotice
          key={id}
          error={error}
          actions={
            <IconButton label="Dismiss" icon={<Icon name="close" />} onClick={() => dismiss(id)} />
          }
        />
      ))}
    </section>
  );
}
