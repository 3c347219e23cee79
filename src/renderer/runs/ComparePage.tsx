import { useMemo } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import type { RunEntry } from '#shared/ipc/studio';
import { pairedTest, type PairedTest } from '#shared/run/significance';
import { formatCount, formatMoment } from '#shared/format';
import { Button, Icon, Tooltip } from '../ui/index.js';
import { changeTable, graphDifferences, recipeDifferences, type ChangeRow } from './differences.js';
import { lineLooks } from './comparison.js';
import { resultsKey, useRunDocuments, useResultsOfRuns } from './documents.js';
import { GraphDrawing } from './GraphDrawing.js';
import { LineMark } from './LineMark.js';
import { branchText, namesOf, type RunRow } from '#shared/run/rows';
import { RunsOverlay } from './RunsOverlay.js';
import { contests, type Contest, type Mark, type TestOf } from './scoreboard.js';
import { verdictOf, type Side } from './verdict.js';
import styles from './compare.module.css';

/** Two or more runs side by side: the conclusion, the numbers behind it, the curves, and what was changed. */
export function ComparePage({
  rows,
  runs,
  onClose,
}: {
  /** In the order in which they were picked: the first is what the others are compared with. */
  rows: readonly RunRow[];
  runs: ReadonlyMap<string, RunEntry>;
  onClose: () => void;
}) {
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const names = useMemo(() => namesOf(rows), [rows]);
  const documents = useRunDocuments(ids);
  const { testOf, asking } = useTests(rows, runs, documents);
  const sides = rows.map((row, index): Side => ({
    name: names[index] ?? row.title,
    row,
    document: documents[row.id],
  }));
  const verdict = verdictOf(sides, testOf, asking);
  return (
    <div className={styles.view}>
      <header className={styles.header}>
        <div>
          <h2>{verdict?.headline}</h2>
          <p>{verdict?.evidence}</p>
        </div>
        <Button icon={<Icon name="runs" />} onClick={onClose}>
          All runs
        </Button>
      </header>
      <div className={styles.page} data-many={rows.length > 3 || undefined}>
        <Scoreboard sides={sides} contests={contests(rows, testOf)} />
        <RunsOverlay runIds={ids} names={names} legend={rows.length > 3} />
        <Changes sides={sides} />
        {rows.length === 2 && <AgreementTable names={names} test={testOf(0, 1)} />}
      </div>
    </div>
  );
}

/** Whether the test part tells two runs apart, as soon as both have answered it. */
function useTests(
  rows: readonly RunRow[],
  runs: ReadonlyMap<string, RunEntry>,
  documents: Readonly<Record<string, ProjectDocument>>,
): { testOf: TestOf; asking: boolean } {
  const keys = rows.map(({ id }) => {
    const run = runs.get(id);
    return run === undefined ? null : resultsKey(run);
  });
  const results = useResultsOfRuns(keys.filter((key) => key !== null));
  const data = rows.map(({ id }) => JSON.stringify(documents[id]?.data));
  const known = new Map<string, PairedTest | null>();
  const testOf: TestOf = (first, second) => {
    const pair = `${first} ${second}`;
    const [one, other] = [results[keys[first] ?? ''], results[keys[second] ?? '']];
    if (!known.has(pair))
      known.set(pair, one && other && data[first] === data[second] ? pairedTest(one, other) : null);
    return known.get(pair) ?? null;
  };
  return { testOf, asking: keys.some((key) => key !== null && results[key] === undefined) };
}

const markWords: Record<Mark, string> = { better: 'better', ahead: 'ahead, within noise' };

/** Filled where it is better, hollow where it is only ahead. */
function MarkDot({ mark, why }: { mark: Mark; why: string }) {
  return (
    <Tooltip label={why}>
      <span className={styles.mark} tabIndex={0}>
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
          <circle
            cx="4"
            cy="4"
            r={mark === 'better' ? 3.5 : 2.75}
            fill={mark === 'better' ? 'var(--accent)' : 'none'}
            stroke={mark === 'better' ? 'none' : 'var(--line-3)'}
            strokeWidth="1.5"
          />
        </svg>
        <span className="visually-hidden">{markWords[mark]}</span>
      </span>
    </Tooltip>
  );
}

function RunHeads({ sides }: { sides: readonly Side[] }) {
  return sides.map(({ row, name }, index) => {
    const look = lineLooks[index];
    return (
      <th key={row.id} scope="col" title={name}>
        {look !== undefined && <LineMark look={look} />}
        {name}
        <span>
          {name === row.title ? '' : `${row.title}, `}
          {formatMoment(row.created)}
        </span>
        {row.parent !== null && <span className={styles.branch}>{branchText(row)}</span>}
      </th>
    );
  });
}

function Scoreboard({ sides, contests: list }: { sides: readonly Side[]; contests: Contest[] }) {
  const withDifference = sides.length === 2;
  return (
    <section className={styles.scores}>
      <table className={styles.table}>
        <caption>Scores and costs</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <RunHeads sides={sides} />
            {withDifference && <th scope="col">Difference</th>}
          </tr>
        </thead>
        <tbody>
          {list.map(({ title, note, values, why, difference }) => (
            <tr key={title}>
              <th scope="row">
                {title} {note !== '' && <span>{note}</span>}
              </th>
              {values.map(({ text, mark }, index) => (
                <td key={sides[index]?.row.id} data-mark={mark ?? undefined}>
                  {mark !== null && <MarkDot mark={mark} why={why} />}
                  {text}
                </td>
              ))}
              {withDifference && <td className={styles.difference}>{difference}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.legend} aria-hidden="true">
        <svg width="8" height="8">
          <circle cx="4" cy="4" r="3.5" fill="var(--accent)" />
        </svg>
        better
        <svg width="8" height="8">
          <circle cx="4" cy="4" r="2.75" fill="none" stroke="var(--line-3)" strokeWidth="1.5" />
        </svg>
        ahead, but within noise
      </p>
    </section>
  );
}

/** How often the two are right together, for rows that are right or wrong as a whole. */
function AgreementTable({ names, test }: { names: readonly string[]; test: PairedTest | null }) {
  const agreement = test?.agreement ?? null;
  if (agreement === null) return null;
  const lines = [
    ['Both right', agreement.both],
    [`Only ${names[0]} right`, agreement.onlyFirst],
    [`Only ${names[1]} right`, agreement.onlySecond],
    ['Both wrong', agreement.neither],
  ] as const;
  return (
    <table className={styles.table}>
      <caption>Agreement on the test part</caption>
      <tbody>
        {lines.map(([title, count]) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            <td>{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changes({ sides }: { sides: readonly Side[] }) {
  const [first, ...others] = sides;
  if (first?.document === undefined) return null;
  const before = first.document;
  const known = others.flatMap(({ name, document }) =>
    document === undefined ? [] : [{ name, document }],
  );
  if (known.length < others.length) return null;
  const network = changeTable(known.map(({ document }) => graphDifferences(before, document)));
  const recipe = changeTable(known.map(({ document }) => recipeDifferences(before, document)));
  return (
    <section className={styles.changes} aria-label="What changed">
      {network.length > 0 &&
        known.map(({ name, document }) => (
          <GraphDrawing
            key={name}
            name={`${first.name} → ${name}`}
            before={before}
            after={document}
          />
        ))}
      <ChangeTable title="Network" sides={sides} changes={network} />
      <ChangeTable title="Data and training recipe" sides={sides} changes={recipe} />
    </section>
  );
}

function ChangeTable({
  title,
  sides,
  changes,
}: {
  title: string;
  sides: readonly Side[];
  changes: readonly ChangeRow[];
}) {
  if (changes.length === 0)
    return (
      <p className={styles.same}>
        <b>{title}</b> the same
      </p>
    );
  return (
    <table className={styles.table} data-kind="changes">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Changed</th>
          {sides.map(({ name, row }) => (
            <th key={row.id} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {changes.map(({ what, values }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            {values.map(({ text, changed }, index) => (
              <td key={sides[index]?.row.id} data-changed={changed || undefined}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
