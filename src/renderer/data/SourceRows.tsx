import { useState } from 'react';
import type { DataPreview } from '#shared/data/facts';
import type { DataRecipe } from '#shared/data/recipe';
import { formatPlural } from '#shared/format';
import { formatCount, ScrollRegion, SegmentedControl } from '../ui/index.js';
import styles from './data.module.css';
import { visible } from './tokens.js';

type Shown = 'tokens' | 'text';
type Tokenized = NonNullable<DataPreview['tokenized']>['rows'][number];

function roleOf(name: string, recipe: DataRecipe): string | null {
  if (recipe.task === 'next-token') return null;
  if (recipe.task === 'forecast') {
    const input = recipe.inputColumns.includes(name);
    const target = recipe.targetColumns.includes(name);
    if (input && target) return 'input, target';
    if (input) return 'input';
    if (target) return 'target';
    return name === recipe.timeColumn ? 'time' : null;
  }
  if (name === recipe.textColumn) return 'input';
  return name === recipe.labelColumn ? (recipe.task === 'tagging' ? 'tags' : 'label') : null;
}

/** The first rows of the source, the text as it stands there or as the tokenizer cuts it. */
export function SourceRows({
  preview: {
    table,
    tokenized,
    source: { size, unit },
  },
  recipe,
}: {
  preview: DataPreview;
  recipe: DataRecipe;
}) {
  const [shown, setShown] = useState<Shown>('tokens');
  const cutColumn =
    tokenized !== null && shown === 'tokens' ? table.columns.indexOf(tokenized.column) : -1;
  return (
    <section className={styles.block} aria-label="First rows">
      <div className={styles.rowsHead}>
        <h3>
          Source
          <span>
            first {formatPlural(table.rows.length, unit === 'rows' ? 'row' : 'line')}
            {unit === 'rows' && ` of ${formatCount(size)}`}
          </span>
        </h3>
        {tokenized !== null && (
          <div className={styles.rowsAs}>
            <SegmentedControl<Shown>
              label="Show the text as"
              value={shown}
              choices={[
                { value: 'tokens', label: 'Tokens' },
                { value: 'text', label: 'Text' },
              ]}
              onChange={setShown}
            />
          </div>
        )}
      </div>
      <ScrollRegion label="First rows of the source" className={styles.scroll}>
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Row</span>
              </th>
              {table.columns.map((name, index) => {
                const role = roleOf(name, recipe);
                return (
                  <th key={index} scope="col" data-role={role ?? undefined}>
                    {name}
                    {role !== null && <small>{role}</small>}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, index) => (
              <tr key={index}>
                <th scope="row">{index + 1}</th>
                {cells.map((cell, column) => {
                  const cut = column === cutColumn ? tokenized?.rows[index] : undefined;
                  return cut === undefined ? (
                    <td key={column} title={cell.length > 60 ? cell : undefined}>
                      {cell}
                    </td>
                  ) : (
                    <td key={column} className={styles.cutText}>
                      <TokenChips row={cut} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

/** One chip a token; the end of the row, where it is cut off, is struck through. */
function TokenChips({ row }: { row: Tokenized }) {
  const { tokens, total, from, to } = row;
  const unknown = new Set(row.unknown);
  const rest = total - tokens.length;
  return (
    <span className={styles.chips}>
      {tokens.map((token, at) => {
        const isCut = at < from || at >= to;
        const isUnknown = unknown.has(at);
        return (
          <span
            key={at}
            data-unknown={isUnknown || undefined}
            data-cut={isCut || undefined}
            title={isCut ? 'Cut off: the row is too long' : isUnknown ? 'Becomes <unk>' : undefined}
          >
            {visible(token)}
          </span>
        );
      })}
      <small>
        {rest > 0 && `… ${formatCount(rest)} more, `}
        {formatPlural(total, 'token')}
        {to - from < total && `, ${formatCount(to - from)} kept`}
      </small>
    </span>
  );
}
