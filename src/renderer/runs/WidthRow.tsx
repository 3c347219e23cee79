import { memo } from 'react';
import type { Column } from '#shared/run/columns';
import type { RunRow } from '#shared/run/rows';
import { Icon } from '../ui/index.js';
import { lineLooks } from './comparison.js';
import { LineMark } from './LineMark.js';
import styles from './runs.module.css';

/** These share the room that the others leave. */
const elastic: readonly string[] = ['tags', 'note', 'project'];

/** Holds the columns as wide as their longest text needs, wherever its row is. It takes no height. */
export const WidthRow = memo(function WidthRow({
  rows,
  columns,
  marked,
}: {
  rows: readonly RunRow[];
  columns: readonly Column[];
  /** Whether some runs have their line's mark before their name. */
  marked: boolean;
}) {
  const [look] = lineLooks;
  const longest = ({ text }: Column): string =>
    rows.reduce((found, row) => {
      const candidate = text(row);
      return candidate.length > found.length ? candidate : found;
    }, '');
  return (
    <tr className={styles.widths} aria-hidden="true">
      <td className={styles.check} />
      <td>
        <span className={styles.open}>
          {marked && look !== undefined && <LineMark look={look} />}
          {rows[0]?.title}
        </span>
        {rows.some(({ parent }) => parent !== null) && <span className={styles.branchRoom} />}
      </td>
      {columns.map((column) => (
        <td key={column.key} data-column={column.key} data-number={column.number || undefined}>
          {column.key === 'state' && <Icon name="check" size={12} />}
          {!elastic.includes(column.key) && longest(column)}
        </td>
      ))}
      <td />
    </tr>
  );
});
