import { useState } from 'react';
import { formatPercent } from '#shared/format';
import type { Prediction, Prefixes } from '#shared/run/prediction';
import { visible } from '../data/tokens.js';
import { Icon } from '../ui/index.js';
import { AskedError } from '../AskedError.js';
import { weightsAt } from './attention.js';
import { AttentionMapView } from './AttentionMapView.js';
import { Bars } from './Bars.js';
import styles from './playground.module.css';
import { TokenCurve } from './TokenCurve.js';
import type { Asked } from '../useAsked.js';
import { settledAfter, turningToken } from './turning.js';

type Classification = Extract<Prediction, { kind: 'classification' }>;

/** What a classifier says, and how it came to it token by token. */
export function ClassAnswer({
  prediction,
  prefixes: asked,
  nameOf,
}: {
  prediction: Classification;
  prefixes: Asked<Prefixes>;
  /** Names of the blocks. */
  nameOf: (node: string) => string;
}) {
  const { label, actual, ranked, tokens, attention } = prediction;
  const [chosen, setChosen] = useState<number | null>(null);
  const [followed, setFollowed] = useState<string | null>(null);
  const place = chosen !== null && chosen < tokens.length ? chosen : null;
  const prefixes = asked.answer;
  // Those of an earlier text are of no use here.
  const steps = prefixes?.tokens.join('\n') === tokens.join('\n') ? prefixes : null;
  // Of two classes it is always the same one, so that the curve does not jump as one types.
  const curveOf = followed ?? (steps?.labels.length === 2 ? steps.labels[1] : label) ?? label;
  const column = steps?.labels.indexOf(curveOf) ?? -1;
  const here = place === null ? undefined : steps?.probabilities[place];
  const atPlace =
    here === undefined
      ? ranked
      : ranked.map((entry) => ({
          ...entry,
          probability: here[steps?.labels.indexOf(entry.label) ?? -1] ?? 0,
        }));
  const pooled = attention.find(({ weights }) => weights.length > 0);
  const quoted = (index: number): string => `“${visible(tokens[index] ?? '')}”`;
  const position = (index: number): string => `${index + 1} of ${tokens.length}`;
  return (
    <>
      <h3 className={styles.verdict} aria-live="polite">
        {label}
        {actual !== null && (
          <span data-right={actual === label}>
            <Icon name={actual === label ? 'check' : 'close'} size={14} />
            {actual === label ? 'right' : `wrong: it is ${actual}`}
          </span>
        )}
      </h3>
      {asked.error === null ? (
        <p className={styles.sentence}>
          {steps === null ? 'Reading it token by token…' : history(steps, quoted)}
        </p>
      ) : (
        <AskedError asked={asked} />
      )}
      <h4>
        Probability of each class
        <span>
          {place === null ? 'after the whole text' : `after ${quoted(place)}, ${position(place)}`}
        </span>
      </h4>
      <Bars
        label="Probability of each class"
        ranked={atPlace}
        {...(ranked.length > 2 ? { onChoose: setFollowed, chosen: curveOf } : {})}
      />
      <h4>
        Token by token
        <span>probability of {curveOf}; dashed: 50 %</span>
      </h4>
      <TokenCurve
        tokens={tokens}
        curve={steps?.probabilities.map((one) => one[column] ?? 0) ?? null}
        weights={pooled === undefined ? null : weightsAt(pooled, place)}
        place={place}
        onPlace={setChosen}
        label="Token"
        describe={(index) => {
          const value = steps?.probabilities[index]?.[column];
          const after = `after ${quoted(index)}, ${position(index)}`;
          return value === undefined ? after : `${after}: ${curveOf} ${formatPercent(value)}`;
        }}
      />
      {attention.map((map) => (
        <AttentionMapView
          key={map.node}
          map={map}
          name={nameOf(map.node)}
          tokens={tokens}
          place={place}
          onPlace={setChosen}
        />
      ))}
    </>
  );
}

/** The conclusion first: which token made the answer, and since when it holds. */
function history(steps: Prefixes, quoted: (index: number) => string): string {
  const turn = turningToken(steps);
  if (turn === null) return 'No token changed the answer.';
  const label = steps.labels[turn.label] ?? '';
  const moved = `${quoted(turn.index)} ${turn.turned ? 'turned it' : 'moved it most'}: ${label} ${formatPercent(turn.before)} → ${formatPercent(turn.after)}.`;
  const settled = settledAfter(steps);
  if (settled <= 1) return `${moved} The answer was the same from the first token.`;
  return settled - 1 === turn.index
    ? `${moved} The answer has held since.`
    : `${moved} The answer has been the same since ${quoted(settled - 1)}.`;
}
