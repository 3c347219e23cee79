import { formatPercent } from '#shared/format';
import type { NextTokens } from '#shared/run/prediction';
import { visible } from '../data/tokens.js';
import styles from './playground.module.css';

/** As many as one can take in while a text is being written. */
const shown = 12;

/**
 * What may come next: what the network believes (bar), and how likely each token is to be drawn at the
 * chosen temperature, top k and top p (mark). Each token can be put behind the text.
 */
export function NextTokenBars({
  label,
  next,
  onChoose,
}: {
  label: string;
  next: NextTokens;
  /** Null while a text is being written. */
  onChoose: ((token: string) => void) | null;
}) {
  return (
    <table className={styles.bars} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Token</th>
          <td />
          <th scope="col">Network</th>
          <th scope="col">Drawn</th>
        </tr>
      </thead>
      <tbody>
        {next.slice(0, shown).map((entry, index) => (
          <tr key={entry.label} data-first={index === 0 || undefined}>
            <th scope="row" data-token>
              <button
                type="button"
                aria-label={`Insert ${visible(entry.label)}`}
                // What stands for no text can't be written.
                disabled={onChoose === null || /^<(pad|unk)>$/.test(entry.label)}
                onClick={() => onChoose?.(entry.label)}
              >
                {visible(entry.label)}
              </button>
            </th>
            <td className={styles.bar} aria-hidden="true">
              <i style={{ width: `${entry.probability * 100}%` }} />
              <b style={{ left: `${entry.chance * 100}%` }} />
            </td>
            <td>{formatPercent(entry.probability)}</td>
            <td>{formatPercent(entry.chance)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
