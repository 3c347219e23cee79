/** The share of each block as one stacked bar, and the same as a table. */
import { useMemo, useState, type KeyboardEvent } from 'react';
import { findBlock } from '#shared/catalog/index';
import { blockShares, costMeasures, type BlockShare, type CostMeasure } from '#shared/graph/costs';
import { categoryColours } from '../canvas/looks.js';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { useStudio } from '../stores/studio.js';
import {
  formatBytes,
  formatCount,
  formatQuantity,
  formatShare,
  SegmentedControl,
  Tooltip,
} from '../ui/index.js';
import { Details } from './Details.js';
import styles from './summary.module.css';

const titles: Record<CostMeasure, string> = {
  flops: 'FLOPs',
  parameters: 'Parameters',
  activationBytes: 'Activations',
};
const write: Record<CostMeasure, (value: number) => string> = {
  flops: (value) => formatQuantity(Math.round(value)),
  parameters: formatCount,
  activationBytes: formatBytes,
};

/** More pieces than this can't be told apart: the smallest are one piece without a name. */
const mostPieces = 24;

interface Row extends BlockShare {
  name: string;
  colour: string;
}

function select(id: string): void {
  useStudio.getState().setView('design');
  useProject.getState().select({ nodes: [id] });
  useDesign.getState().bringIntoView(id);
}

function useRows(): Row[] {
  const analysis = useProject((state) => state.analysis);
  const nodes = useProject((state) => state.document?.graph.nodes);
  return useMemo(() => {
    if (analysis === null) return [];
    const byId = new Map(nodes?.map((node) => [node.id, node]));
    return blockShares(analysis).map((share) => {
      const node = byId.get(share.id);
      const category = findBlock(node?.block ?? '')?.category;
      return {
        ...share,
        name: node?.name ?? share.id,
        colour: category === undefined ? 'var(--line-3)' : categoryColours[category],
      };
    });
  }, [analysis, nodes]);
}

/** One tab stop; the arrow keys go from piece to piece. */
function Pieces({ rows, measure }: { rows: readonly Row[]; measure: CostMeasure }) {
  const [current, setCurrent] = useState<string | null>(null);
  const pieces = useMemo(() => {
    const largest = [...rows].sort((a, b) => b.shares[measure] - a.shares[measure]);
    const shown = new Set(largest.slice(0, mostPieces).map(({ id }) => id));
    return rows.filter(({ id, shares }) => shown.has(id) && shares[measure] > 0);
  }, [rows, measure]);
  const rest = 1 - pieces.reduce((sum, { shares }) => sum + shares[measure], 0);
  const stop = pieces.some(({ id }) => id === current) ? current : (pieces[0]?.id ?? null);
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = pieces.findIndex(({ id }) => id === stop);
    const next = pieces[(at + step + pieces.length) % pieces.length];
    if (next === undefined) return;
    setCurrent(next.id);
    const { children } = event.currentTarget;
    for (const child of children)
      if (child instanceof HTMLElement && child.dataset.node === next.id) child.focus();
  };
  return (
    <div
      className={styles.bar}
      role="toolbar"
      aria-label={`${titles[measure]} of each block`}
      onKeyDown={move}
    >
      {pieces.map((row) => {
        const text = `${row.name}: ${write[measure](row.values[measure])}, ${formatShare(row.shares[measure])} of ${titles[measure] === 'FLOPs' ? 'the FLOPs' : `the ${titles[measure].toLowerCase()}`}`;
        return (
          <Tooltip key={row.id} label={text} position="top">
            <button
              type="button"
              className={styles.piece}
              data-node={row.id}
              tabIndex={row.id === stop ? 0 : -1}
              aria-label={text}
              style={{ '--c': row.colour, flexGrow: row.shares[measure] }}
              onClick={() => select(row.id)}
            />
          </Tooltip>
        );
      })}
      {rest > 1e-6 && <span className={styles.rest} style={{ flexGrow: rest }} />}
    </div>
  );
}

function Table({ rows }: { rows: readonly Row[] }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">What each block costs</caption>
      <thead>
        <tr>
          <th scope="col">Block</th>
          {costMeasures.map((measure) => (
            <th key={measure} scope="col" colSpan={2}>
              {titles[measure]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <button type="button" className={styles.block} onClick={() => select(row.id)}>
                <span className={styles.swatch} style={{ '--c': row.colour }} />
                {row.name}
              </button>
            </th>
            {costMeasures.flatMap((measure) => [
              <td key={measure}>{write[measure](row.values[measure])}</td>,
              <td key={`${measure} share`} className={styles.share}>
                {formatShare(row.shares[measure])}
              </td>,
            ])}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ShareBar() {
  const rows = useRows();
  const [measure, setMeasure] = useState<CostMeasure>('flops');
  if (rows.length === 0) return null;
  return (
    <div className={styles.shares}>
      <Details label="Costs by block" button={`${titles[measure]} by block`}>
        <div className={styles.head}>
          <h3>Costs by block</h3>
          <SegmentedControl<CostMeasure>
            label="Measure of the bar"
            value={measure}
            choices={costMeasures.map((value) => ({ value, label: titles[value] }))}
            onChange={setMeasure}
          />
        </div>
        <div className={styles.scroll} tabIndex={0} role="group" aria-label="Table of costs">
          <Table rows={rows} />
        </div>
        <p className={styles.note}>
          For one example, forward: a multiply-add counts as two operations; training costs three
          times as much.
        </p>
      </Details>
      <Pieces rows={rows} measure={measure} />
    </div>
  );
}
