import type { ReactNode } from 'react';
import type { BlockDocs } from '#shared/catalog/define';
import styles from './inspector.module.css';

/** Function names stay upright, as in print. */
const upright = /^(tanh|softmax|sigmoid|relu|gelu|max|mean|sum|exp|log|if|else|sqrt|dropout)$/;

/** `h_t`, `x_{t-1}` and `x^2` as sub- and superscripts; single letters in italics. */
function typeset(formula: string): ReactNode[] {
  const parts: ReactNode[] = [];
  const pattern = /([_^])(?:\{([^}]*)\}|(\S))|([A-Za-z]+)|([^A-Za-z_^]+)/g;
  let index = 0;
  for (const [, mark, group, single, word, rest] of formula.matchAll(pattern)) {
    const key = index++;
    if (mark === '_') parts.push(<sub key={key}>{group ?? single}</sub>);
    else if (mark === '^') parts.push(<sup key={key}>{group ?? single}</sup>);
    else if (word !== undefined)
      parts.push(upright.test(word) ? <span key={key}>{word}</span> : <i key={key}>{word}</i>);
    else parts.push(rest);
  }
  return parts;
}

export function Equations({ equations }: { equations: BlockDocs['equations'] }) {
  return (
    <dl className={styles.equations}>
      {equations.map(({ formula, note }) => (
        <div key={formula}>
          <dt>{typeset(formula)}</dt>
          <dd>{note}</dd>
        </div>
      ))}
    </dl>
  );
}
