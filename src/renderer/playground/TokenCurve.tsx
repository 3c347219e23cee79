import type { KeyboardEvent } from 'react';
import { visible } from '../data/tokens.js';
import { shade } from './attention.js';
import styles from './playground.module.css';
import { UnknownNote, unknownToken } from './UnknownNote.js';

/** Tokens of a text whose curve is drawn lower, so that more of it is in view. */
const longText = 60;

interface TokenCurveProps {
  /** Tokens as the network saw them. */
  tokens: readonly string[];
  /** A value in [0, 1] above each token, drawn as a step; null where there is none, or none yet. */
  curve: readonly (number | null)[] | null;
  /** One weight a token, shown as its shade. */
  weights?: readonly number[] | null;
  /** A step goes on from the one before; otherwise each token stands for itself. */
  joined?: boolean;
  /** The chosen token. */
  place: number | null;
  onPlace: (place: number | null) => void;
  label: string;
  /** What there is to know at a token, in words. */
  describe: (place: number) => string;
}

/**
 * A text with a curve above it that flows in lines as the text does. It is a slider over the tokens: the
 * pointer and the arrow keys choose one.
 */
export function TokenCurve({
  tokens,
  curve,
  weights = null,
  joined = true,
  place,
  onPlace,
  label,
  describe,
}: TokenCurveProps) {
  const last = tokens.length - 1;
  const most = Math.max(1e-9, ...(weights ?? []));
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = place ?? last;
    const next = {
      ArrowLeft: from - 1,
      ArrowUp: from - 1,
      ArrowRight: from + 1,
      ArrowDown: from + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Escape') onPlace(null);
    if (next === undefined) return;
    event.preventDefault();
    onPlace(Math.min(last, Math.max(0, next)));
  };
  return (
    <>
      <div
        className={styles.tokenCurve}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={tokens.length}
        aria-valuenow={(place ?? last) + 1}
        aria-valuetext={describe(place ?? last)}
        data-long={tokens.length > longText || undefined}
        onKeyDown={onKeyDown}
        onBlur={() => onPlace(null)}
        onPointerLeave={() => onPlace(null)}
      >
        {tokens.map((token, index) => {
          const value = curve?.[index] ?? null;
          const before = joined ? (curve?.[index - 1] ?? value) : value;
          const weight = weights?.[index];
          return (
            <span
              key={index}
              className={styles.step}
              data-chosen={index === place || undefined}
              data-beyond={(place !== null && index > place) || undefined}
              onPointerEnter={() => onPlace(index)}
            >
              <span className={styles.plot}>
                {value !== null && before !== null && (
                  <>
                    <i style={{ height: `${value * 100}%` }} />
                    <b
                      style={{
                        bottom: `${Math.min(value, before) * 100}%`,
                        height: `${Math.abs(value - before) * 100}%`,
                      }}
                    />
                  </>
                )}
              </span>
              <span
                className={styles.token}
                data-unknown={token === unknownToken || undefined}
                style={weight === undefined ? undefined : { background: shade(weight / most) }}
              >
                {visible(token)}
              </span>
            </span>
          );
        })}
      </div>
      <UnknownNote tokens={tokens} />
    </>
  );
}
