import { glossary, type Entry, type TermId } from '#shared/glossary';
import styles from './controls.module.css';
import { Tooltip } from './Tooltip.js';

/** A term of the field that says its meaning under the pointer or the focus. */
export function Term({ id, children }: { id: TermId; children: string }) {
  const { meaning, source }: Entry = glossary[id];
  return (
    <Tooltip label={meaning} {...(source === undefined ? {} : { source })}>
      <dfn className={styles.term} tabIndex={0}>
        {children}
      </dfn>
    </Tooltip>
  );
}
