import type { ReactNode } from 'react';
import type { WireError } from '#shared/errors';
import styles from './controls.module.css';
import { Icon } from './icons.js';

/** `file.csv:12 · column "label" · training.epochs`, without what is not known. */
export function describePlace({ file, line, column, node, field }: WireError['place']): string {
  const parts: string[] = [];
  if (file !== undefined) parts.push(line === undefined ? file : `${file}:${line}`);
  else if (line !== undefined) parts.push(`line ${line}`);
  if (column !== undefined)
    parts.push(typeof column === 'string' ? `column "${column}"` : `column ${column}`);
  if (node !== undefined) parts.push(`block ${node}`);
  if (field !== undefined) parts.push(field);
  return parts.join(' · ');
}

/** An error as a person needs it: what, where, what to do next. */
export function ErrorNotice({
  error,
  severity = 'error',
  actions,
}: {
  error: WireError;
  severity?: 'error' | 'warning';
  actions?: ReactNode;
}) {
  const place = describePlace(error.place);
  return (
    <div className={styles.notice} role="alert" data-severity={severity}>
      <span className={styles.noticeIcon}>
        <Icon name="warn" />
      </span>
      <div className={styles.noticeText}>
        <strong>{error.message}</strong>
        {place !== '' && <div className={styles.noticePlace}>{place}</div>}
        {error.hint !== '' && <div className={styles.noticeHint}>{error.hint}</div>}
      </div>
      {actions !== undefined && <div className={styles.noticeActions}>{actions}</div>}
    </div>
  );
}
