import { formatPercent } from '#shared/format';
import { visible } from '../data/tokens.js';
import styles from './playground.module.css';

/** Probabilities, most probable first. */
export function Bars({
  label,
  ranked,
  tokens = false,
}: {
  label: string;
  ranked: readonly { label: string; probability: number }[];
  /** The labels are tokens: white space is made visible. */
  tokens?: boolean;
}) {
  return (
    <table className={styles.bars} aria-label={label}>
      <tbody>
        {ranked.map((entry, index) => (
          <tr key={entry.label} data-first={index === 0 || undefined}>
            <th scope="row" data-token={tokens || undefined}>
              {tokens ? visible(entry.label) : entry.label}
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
