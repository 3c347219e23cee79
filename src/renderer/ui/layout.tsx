/** Still pieces: sections, toolbars, lists of values, empty states. */
import { Fragment, useId, type ReactNode } from 'react';
import type { TermId } from '#shared/glossary';
import styles from './controls.module.css';
import { Term } from './Term.js';

/** A titled section of a side panel. `aside` stands right of the title. */
export function Panel({
  title,
  term,
  aside,
  children,
}: {
  title?: string;
  /** What the title is a term for. */
  term?: TermId;
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div className={styles.panelHead}>
          <h3 id={id}>{term === undefined ? title : <Term id={term}>{title}</Term>}</h3>
          {aside !== undefined && <span className={styles.panelAside}>{aside}</span>}
        </div>
      )}
      {children}
    </section>
  );
}

export function Toolbar({
  label,
  floating = false,
  children,
}: {
  label: string;
  floating?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      className={styles.toolbar}
      data-floating={floating || undefined}
    >
      {children}
    </div>
  );
}

export const Separator = () => <span className={styles.separator} aria-hidden="true" />;

export interface KeyValueItem {
  key: string;
  /** What the key is a term for. */
  term?: TermId;
  value: ReactNode;
  mono?: boolean;
}

export function KeyValue({ items }: { items: readonly KeyValueItem[] }) {
  return (
    <dl className={styles.keyValue}>
      {items.map((item) => (
        <Fragment key={item.key}>
          <dt>{item.term === undefined ? item.key : <Term id={item.term}>{item.key}</Term>}</dt>
          <dd data-mono={item.mono || undefined}>{item.value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** One sentence, one action. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** What scrolls in itself, as a wide table: named, and a tab stop so that the arrow keys scroll it too. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={className} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
