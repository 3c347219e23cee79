import { visible } from '../data/tokens.js';
import styles from './playground.module.css';

const unknown = '<unk>';

/** Tokens as the network saw them. Attention shows as shade and as a bar, and in words on hover. */
export function TokenStrip({
  tokens,
  attention = null,
  labels = null,
}: {
  tokens: readonly string[];
  /** One weight a token; they sum to 1. */
  attention?: readonly number[] | null;
  /** One label a token. */
  labels?: readonly { label: string; probability: number }[] | null;
}) {
  const most = Math.max(1e-9, ...(attention ?? []));
  const unknowns = tokens.filter((token) => token === unknown).length;
  return (
    <>
      <ol className={styles.tokens}>
        {tokens.map((token, index) => {
          const weight = attention?.[index];
          const tag = labels?.[index];
          const share = weight === undefined ? 0 : weight / most;
          return (
            <li
              key={index}
              data-unknown={token === unknown || undefined}
              title={
                weight === undefined
                  ? tag && `${tag.label}: ${(tag.probability * 100).toFixed(1)} %`
                  : `attention ${weight.toFixed(3)}`
              }
              style={{
                background:
                  weight === undefined
                    ? undefined
                    : `color-mix(in srgb, var(--accent) ${Math.round(share * 40)}%, var(--bg-inset))`,
              }}
            >
              {visible(token)}
              {weight !== undefined && (
                <i aria-hidden="true" style={{ width: `${share * 100}%` }} />
              )}
              {tag !== undefined && <small>{tag.label}</small>}
            </li>
          );
        })}
      </ol>
      {unknowns > 0 && (
        <p className={styles.note}>
          {unknowns === 1 ? 'One token is' : `${unknowns} tokens are`} not in the vocabulary of the
          training rows: the network sees only &lt;unk&gt; there.
        </p>
      )}
    </>
  );
}
