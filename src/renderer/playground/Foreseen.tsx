import { useState } from 'react';
import { formatPercent, formatScore } from '#shared/format';
import type { Prediction } from '#shared/run/prediction';
import { visible } from '../data/tokens.js';
import { perplexity, worstForeseen } from './foreseen.js';
import styles from './playground.module.css';
import { TokenCurve } from './TokenCurve.js';

type NextToken = Extract<Prediction, { kind: 'next-token' }>;

/** How well the network foresaw each token of the text: where it was surprised, and what it expected. */
export function Foreseen({
  tokens,
  foreseen,
}: {
  tokens: NextToken['tokens'];
  foreseen: NonNullable<NextToken['foreseen']>;
}) {
  const [chosen, setChosen] = useState<number | null>(null);
  const place = chosen !== null && chosen < tokens.length ? chosen : null;
  const worst = worstForeseen(foreseen);
  const inWords = (index: number): string => {
    const token = `“${visible(tokens[index] ?? '')}”`;
    const known = foreseen[index - 1];
    if (known === undefined) return `${token} is the first: there was nothing to foresee it from`;
    const { probability, expected } = known;
    return expected.label === tokens[index]
      ? `${token} had ${formatPercent(probability)}: it was the most probable`
      : `${token} had ${formatPercent(probability)}; the most probable was “${visible(expected.label)}” with ${formatPercent(expected.probability)}`;
  };
  return (
    <>
      {worst !== null && (
        <p className={styles.sentence}>
          {place === null
            ? `Least foreseen: ${inWords(worst + 1)}. Perplexity of this text ${formatScore(perplexity(foreseen))}.`
            : `${inWords(place)}.`}
        </p>
      )}
      <TokenCurve
        tokens={tokens}
        curve={[null, ...foreseen.map(({ probability }) => probability)]}
        joined={false}
        place={place}
        onPlace={setChosen}
        label="Token"
        describe={inWords}
      />
    </>
  );
}
