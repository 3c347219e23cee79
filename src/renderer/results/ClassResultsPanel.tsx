import { formatPercent } from '#shared/format';
import { classScores, type ClassResults } from '#shared/run/results';
import { againstMajority } from '#shared/run/words';
import { formatCount, Term } from '../ui/index.js';
import styles from './results.module.css';
import { openTestRow } from './wanted.js';

/** Confusion matrix, scores of each class, and the mistakes that the network was most sure of. */
export function ClassResultsPanel({ runId, results }: { runId: string; results: ClassResults }) {
  const verdict = againstMajority(results);
  return (
    <div className={styles.page}>
      {verdict !== null && <p className={styles.verdict}>{verdict}</p>}
      <div className={styles.pair}>
        <ConfusionMatrix results={results} />
        <ClassScores results={results} />
      </div>
      <Mistakes runId={runId} results={results} />
    </div>
  );
}

function ConfusionMatrix({ results: { labels, counts, unit } }: { results: ClassResults }) {
  return (
    <section className={styles.scroll}>
      <table className={styles.matrix}>
        <caption>
          <Term id="confusionMatrix">Confusion matrix</Term>{' '}
          <span>test {unit}s; shade: share of the actual class</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">actual ↓ predicted →</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((row, actual) => {
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={labels[actual]}>
                <th scope="row">{labels[actual]}</th>
                {row.map((count, predicted) => {
                  const share = total === 0 ? 0 : count / total;
                  const hue = actual === predicted ? 'var(--d-1)' : 'var(--d-2)';
                  const background = `color-mix(in srgb, ${hue} ${Math.round(share * 45)}%, var(--bg-panel))`;
                  return (
                    <td key={labels[predicted]} style={{ background }}>
                      <b>{formatCount(count)}</b>
                      <span>{total === 0 ? '' : formatPercent(share)}</span>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const scores = [
  ['precision', 'Precision'],
  ['recall', 'Recall'],
  ['f1', 'F1'],
] as const;

function ClassScores({ results: { labels, counts, unit } }: { results: ClassResults }) {
  return (
    <section className={styles.scroll}>
      <table className={styles.scores}>
        <caption>Each class</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            {scores.map(([term, name]) => (
              <th key={term} scope="col">
                <Term id={term}>{name}</Term>
              </th>
            ))}
            <th scope="col">Test {unit}s</th>
          </tr>
        </thead>
        <tbody>
          {classScores(counts).map(({ precision, recall, f1, support }, index) => (
            <tr key={labels[index]}>
              <th scope="row">{labels[index]}</th>
              <td>{formatPercent(precision)}</td>
              <td>{formatPercent(recall)}</td>
              <td>{formatPercent(f1)}</td>
              <td>{formatCount(support)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Mistakes({ runId, results: { mistakes } }: { runId: string; results: ClassResults }) {
  if (mistakes.length === 0) return <p className={styles.note}>No mistakes on the test part.</p>;
  return (
    <section aria-label="Worst mistakes">
      <h3>
        Worst mistakes <span>wrong, and most sure of it; each opens in the playground</span>
      </h3>
      <ul className={styles.mistakes}>
        {mistakes.map(({ row, text, actual, predicted, probability }, index) => (
          <li key={index}>
            <button type="button" onClick={() => openTestRow(runId, row)}>
              <q>{text}</q>
              <span>
                is <b>{actual}</b>, predicted <b>{predicted}</b>, sure by{' '}
                {formatPercent(probability)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
