import { useState, type PointerEvent } from 'react';
import type { AttentionMap } from '#shared/run/prediction';
import { longestAttentionMap } from '#shared/run/prediction';
import { visible } from '../data/tokens.js';
import { formatWeight, rowGradient, strongest, weightsAt } from './attention.js';
import styles from './playground.module.css';

interface AttentionProps {
  map: AttentionMap;
  /** Name of the block. */
  name: string;
  tokens: readonly string[];
  /** The chosen token: the query of a block that looks at every step. */
  place: number | null;
  onPlace: (place: number | null) => void;
}

/** What one attention block looked at: a sentence, the matrix where each step asks, and the numbers. */
export function AttentionMapView({ map, name, tokens, place, onPlace }: AttentionProps) {
  const [open, setOpen] = useState(false);
  const weights = weightsAt(map, place);
  return (
    <section aria-label={`Attention of ${name}`}>
      <h4>
        {name}
        <span>
          {map.perStep
            ? 'row: the token that asks; column: the token it looks at'
            : 'shade of the tokens above: how much of the answer each one carries'}
        </span>
      </h4>
      {map.weights.length === 0 ? (
        <p className={styles.note}>
          Each of {tokens.length} tokens looks at all others: shown for up to {longestAttentionMap}.
        </p>
      ) : (
        <>
          <p className={styles.sentence} aria-live="polite">
            {weights === null
              ? 'Choose a token to see what it looks at.'
              : inWords(map, weights, tokens, place)}
          </p>
          {map.perStep && <Matrix map={map} tokens={tokens} place={place} onPlace={onPlace} />}
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>Numbers</summary>
            {open && <Numbers map={map} name={name} tokens={tokens} />}
          </details>
        </>
      )}
    </section>
  );
}

/** The strongest weights; of a block that looks once, also that of the chosen token. */
function inWords(
  { perStep }: AttentionMap,
  weights: readonly number[],
  tokens: readonly string[],
  place: number | null,
): string {
  const quoted = (step: number): string => `“${visible(tokens[step] ?? '')}”`;
  const weighed = (step: number): string => `${quoted(step)} ${formatWeight(weights[step] ?? 0)}`;
  const most = strongest(weights, 3).map(weighed).join(', ');
  if (place === null) return `Most on ${most}.`;
  return perStep
    ? `${quoted(place)} looks most at ${most}.`
    : `Most on ${most}. Chosen: ${weighed(place)}.`;
}

function Matrix({ map, tokens, place, onPlace }: Omit<AttentionProps, 'name'>) {
  const [step, setStep] = useState<number | null>(null);
  const most = Math.max(1e-9, ...map.weights.flat());
  const size = tokens.length;
  // Readable cells for a sentence; a long text still fits.
  const cell = Math.max(4, Math.min(16, Math.floor(480 / size)));
  const labelled = cell >= 14;
  const at = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = (offset: number): number =>
      Math.min(size - 1, Math.max(0, Math.floor(offset / cell)));
    onPlace(index(event.clientY - box.top));
    setStep(index(event.clientX - box.left));
  };
  const weight = place === null || step === null ? undefined : map.weights[place]?.[step];
  return (
    <div className={styles.matrix}>
      {labelled && <Labels tokens={tokens} cell={cell} chosen={place} side="rows" />}
      <div
        role="img"
        aria-label={`Attention weights of ${size} by ${size} tokens; as a table below.`}
        style={{ width: size * cell }}
        onPointerMove={at}
        onPointerLeave={() => {
          setStep(null);
          onPlace(null);
        }}
      >
        {map.weights.map((row, query) => (
          <i
            key={query}
            style={{ height: cell, background: rowGradient(row, most) }}
            data-chosen={query === place || undefined}
          />
        ))}
      </div>
      {labelled && <Labels tokens={tokens} cell={cell} chosen={step} side="columns" />}
      <p className={styles.note}>
        {weight === undefined
          ? `Strongest: ${formatWeight(most)}`
          : `“${visible(tokens[place ?? 0] ?? '')}” → “${visible(tokens[step ?? 0] ?? '')}” ${formatWeight(weight)}`}
      </p>
    </div>
  );
}

function Labels({
  tokens,
  cell,
  chosen,
  side,
}: {
  tokens: readonly string[];
  /** Pixels. */
  cell: number;
  chosen: number | null;
  side: 'rows' | 'columns';
}) {
  const style = {
    [side === 'rows' ? 'height' : 'width']: cell,
    lineHeight: `${cell}px`,
  };
  return (
    <ol aria-hidden="true" data-side={side}>
      {tokens.map((token, index) => (
        <li key={index} style={style} data-chosen={index === chosen || undefined}>
          {visible(token)}
        </li>
      ))}
    </ol>
  );
}

/** Every weight as a number: one row a query, one column a token; a single query stands upright. */
function Numbers({ map, name, tokens }: Pick<AttentionProps, 'map' | 'name' | 'tokens'>) {
  const [only = []] = map.weights;
  return (
    <div className={styles.numbers}>
      <table aria-label={`Attention weights of ${name}`}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            {map.perStep ? (
              tokens.map((token, step) => (
                <th key={step} scope="col">
                  {visible(token)}
                </th>
              ))
            ) : (
              <th scope="col">Weight</th>
            )}
          </tr>
        </thead>
        <tbody>
          {tokens.map((token, step) => (
            <tr key={step}>
              <th scope="row">{visible(token)}</th>
              {map.perStep ? (
                map.weights[step]?.map((weight, key) => <td key={key}>{formatWeight(weight)}</td>)
              ) : (
                <td>{formatWeight(only[step] ?? 0)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
