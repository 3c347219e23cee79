import styles from './playground.module.css';

/** What a token is to the network that the training rows did not hold. */
export const unknownToken = '<unk>';

export function UnknownNote({ tokens }: { tokens: readonly string[] }) {
  const count = tokens.filter((token) => token === unknownToken).length;
  if (count === 0) return null;
  return (
    <p className={styles.note}>
      {count === 1 ? 'One token is' : `${count} tokens are`} not in the vocabulary of the training
      rows: the network sees only &lt;unk&gt; there.
    </p>
  );
}
