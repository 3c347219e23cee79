import { useMemo } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import { formatMoment } from '#shared/format';
import { Button, Icon } from '../ui/index.js';
import { contests, graphDifferences, recipeDifferences, type Difference } from './differences.js';
import type { RunRow } from './rows.js';
import { RunsOverlay } from './RunsOverlay.js';
import styles from './compare.module.css';

/** Two or more runs side by side: scores and costs with the winner, what was changed, and the curves. */
export function ComparePage({
  rows,
  documents,
  onClose,
}: {
  /** In the order in which they were picked: the first is what the others are compared with. */
  rows: readonly RunRow[];
  documents: Readonly<Record<string, ProjectDocument>>;
  onClose: () => void;
}) {
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const [first, ...others] = rows;
  if (first === undefined) return null;
  const reference = documents[first.id];
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <Button icon={<Icon name="runs" />} onClick={onClose}>
          All runs
        </Button>
        <h2>{rows.map((row) => row.title).join(' against ')}</h2>
      </header>
      <div className={styles.page}>
        <Scoreboard rows={rows} />
        <RunsOverlay runIds={ids} />
        {others.map((row) => {
          const document = documents[row.id];
          if (reference === undefined || document === undefined) return null;
          return (
            <Changes
              key={row.id}
              from={first.title}
              to={row.title}
              before={reference}
              after={document}
            />
          );
        })}
      </div>
    </div>
  );
}

function Scoreboard({ rows }: { rows: readonly RunRow[] }) {
  return (
    <table className={styles.table}>
      <caption>Scores and costs</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">What</span>
          </th>
          {rows.map((row) => (
            <th key={row.id} scope="col">
              {row.title}
              <span>
                {row.project}, {formatMoment(row.created)}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {contests(rows).map(({ title, values }) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            {values.map(({ text, wins }, index) => (
              <td key={rows[index]?.id} data-wins={wins || undefined}>
                {text}
                {wins && (
                  <>
                    <Icon name="check" size={12} />
                    <span className="visually-hidden">best</span>
                  </>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changes({
  from,
  to,
  before,
  after,
}: {
  from: string;
  to: string;
  before: ProjectDocument;
  after: ProjectDocument;
}) {
  const graph = useMemo(() => graphDifferences(before, after), [before, after]);
  const recipe = useMemo(() => recipeDifferences(before, after), [before, after]);
  return (
    <section className={styles.changes} aria-label={`From ${from} to ${to}`}>
      <ChangeTable title="Network" from={from} to={to} differences={graph} />
      <ChangeTable title="Data and training recipe" from={from} to={to} differences={recipe} />
    </section>
  );
}

function ChangeTable({
  title,
  from,
  to,
  differences,
}: {
  title: string;
  from: string;
  to: string;
  differences: readonly Difference[];
}) {
  if (differences.length === 0)
    return (
      <p className={styles.same}>
        <b>{title}</b> the same in {from} and {to}
      </p>
    );
  return (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Changed</th>
          <th scope="col">{from}</th>
          <th scope="col">{to}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ what, before, after }) => (
          <tr key={`${what} ${before}`}>
            <th scope="row">{what}</th>
            <td>{before}</td>
            <td>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
