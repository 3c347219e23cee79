import { formatPercent } from '#shared/format';
import styles from './playground.module.css';

/** Probabilities as bars, in the order given. With `onChoose` each label is a button. */
export function Bars({
  label,
  ranked,
  chosen = null,
  onChoose,
}: {
  label: string;
  ranked: readonly { label: string; probability: number }[];
  /** The label that is pressed. */
  chosen?: string | null;
  onChoose?: (label: string) => void;
}) {
  return (
    <table className={styles.bars} aria-label={label}>
      <tbody>
        {ranked.map((entry, index) => (
          <tr key={entry.label} data-first={index === 0 || undefined}>
            <th scope="row">
              {onChoose === undefined ? (
                entry.label
              ) : (
                <button
                  type="button"
                  aria-pressed={entry.label === chosen}
                  onClick={() => onChoose(entry.label)}
                >
                  {entry.label}
                </button>
              )}
            </th>
            <td className={styles.bar} aria-hidden="true">
              <i style={{ width: `${entry.probability * 100}%` }} />
            </td>
            <td>{formatPercent(entry.probability)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
