import { formatCount, Icon, IconButton, NumberField } from '../ui/index.js';
import styles from './playground.module.css';

/** A row (or window) of the test part, which the network never learned from. */
export function RowPicker({
  row,
  rows,
  onChange,
}: {
  row: number;
  /** null where it is not known: the engine says when there is no such row. */
  rows: number | null;
  onChange: (row: number) => void;
}) {
  const last = rows === null ? null : Math.max(0, rows - 1);
  return (
    <div className={styles.picker}>
      <IconButton
        label="Previous test row"
        icon={<Icon name="minus" />}
        disabled={row <= 0}
        onClick={() => onChange(row - 1)}
      />
      <NumberField
        bare
        label="Test row"
        value={row}
        integer
        min={0}
        {...(last === null ? {} : { max: last })}
        validate={(next) => {
          if (next === null || next < 0 || !Number.isInteger(next)) return 'A whole number from 0.';
          return last !== null && next > last ? `The last test row is ${last}.` : null;
        }}
        onChange={(next) => onChange(next ?? 0)}
      />
      <IconButton
        label="Next test row"
        icon={<Icon name="plus" />}
        disabled={last !== null && row >= last}
        onClick={() => onChange(row + 1)}
      />
      <span className={styles.note}>
        {last === null ? 'test row, from 0' : `test row, of 0 to ${formatCount(last)}`}
      </span>
    </div>
  );
}
