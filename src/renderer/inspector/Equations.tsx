import { useMemo } from 'react';
import type { Explanation, Term } from '#shared/catalog/define';
import { Panel, Tooltip } from '../ui/index.js';
import styles from './inspector.module.css';
import { plainShape, tokens, type Token } from './typeset.js';

const tooltip = ({ symbol, meaning, shape }: Term): string =>
  shape === '' ? meaning : `${meaning}\n${symbol} ∈ ${plainShape(shape)}`;

function Letter({ token }: { token: Token }) {
  const { text, marks, style, term } = token;
  const written = (
    <>
      {style === 'italic' ? <i>{text}</i> : text}
      {marks.map((mark, i) =>
        mark.kind === 'sub' ? <sub key={i}>{mark.text}</sub> : <sup key={i}>{mark.text}</sup>,
      )}
    </>
  );
  if (term === null) return written;
  return (
    <Tooltip label={tooltip(term)} position="top">
      <span className={styles.letter} data-kind={term.kind}>
        {written}
      </span>
    </Tooltip>
  );
}

/** `ℝ^{64×512}` with raised sizes. */
function Shape({ text }: { text: string }) {
  return text
    .split(/\^\{([^}]*)\}/)
    .map((part, i) => (i % 2 === 1 ? <sup key={i}>{part}</sup> : part));
}

/** The equations of the block as it is set; every letter says what it is, at the pointer and in a list. */
export function Equations({ explanation, aside }: { explanation: Explanation; aside: string }) {
  const { equations, terms, questions } = explanation;
  const lines = useMemo(
    () => equations.map(({ formula, note }) => ({ formula, note, parts: tokens(formula, terms) })),
    [equations, terms],
  );
  if (equations.length === 0) return null;
  return (
    <Panel title="Equations" aside={aside}>
      <dl className={styles.equations}>
        {lines.map(({ formula, note, parts }) => (
          <div key={formula}>
            <dt>
              {parts.map((token, i) => (
                <Letter key={i} token={token} />
              ))}
            </dt>
            <dd>{note}</dd>
          </div>
        ))}
      </dl>
      {terms.length > 0 && (
        <details className={styles.details}>
          <summary>What the letters mean here</summary>
          <dl className={styles.terms}>
            {terms.map((term) => (
              <div key={term.symbol}>
                <dt className={styles.letter} data-kind={term.kind}>
                  {/^\p{Ll}{2,}$/u.test(term.symbol) ? term.symbol : <i>{term.symbol}</i>}
                </dt>
                <dd>
                  {term.shape !== '' && (
                    <span className={styles.space}>
                      ∈ <Shape text={term.shape} />
                    </span>
                  )}
                  {term.meaning}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {questions.map(({ question, answer }) => (
        <details key={question} className={styles.details}>
          <summary>{question}</summary>
          <p>
            <Shape text={answer} />
          </p>
        </details>
      ))}
    </Panel>
  );
}
