import { formatPercent } from '#shared/format';
import { visible } from '../data/tokens.js';
import styles from './playground.module.css';
import { UnknownNote, unknownToken } from './UnknownNote.js';

/** Tokens as the network saw them, each with its label where there are labels. */
export function TokenStrip({
  tokens,
  labels = null,
}: {
  tokens: readonly string[];
  /** One label a token. */
  labels?: readonly { label: string; probability: number }[] | null;
}) {
  return (
    <>
      <ol className={styles.tokens}>
        {tokens.map((token, index) => {
          const tag = labels?.[index];
          return (
            <li
              key={index}
              data-unknown={token === unknownToken || undefined}
              title={tag && `${tag.label}: ${formatPercent(tag.probability)}`}
            >
              {visible(token)}
              {tag !== undefined && <small>{tag.label}</small>}
            </li>
          );
        })}
      </ol>
      <UnknownNote tokens={tokens} />
    </>
  );
}
