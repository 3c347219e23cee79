import { useMemo } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import { categoryColours, glyphOf, wireColours } from '../canvas/looks.js';
import { Icon } from '../ui/index.js';
import styles from './gallery.module.css';
import { blockSize, miniatureOf, size } from './miniature.js';

const glyph = 14;

/** A network as a small picture: its blocks and wires where they stand, in the colours of the canvas. */
export function Miniature({ document }: { document: ProjectDocument }) {
  const { blocks, wires } = useMemo(() => miniatureOf(document), [document]);
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${size.width} ${size.height}`}
      aria-hidden="true"
      fill="none"
    >
      {wires.map(({ id, kind, ribbon, path }) => (
        <g key={id}>
          <path
            className={styles.wire}
            data-kind={kind}
            data-ribbon={ribbon || undefined}
            stroke={wireColours[kind]}
            d={path}
          />
          {ribbon && <path className={styles.gap} d={path} />}
        </g>
      ))}
      {blocks.map(({ id, block, category, x, y }) => (
        <g key={id} transform={`translate(${x} ${y})`}>
          <rect className={styles.block} {...blockSize} rx="4" />
          <g
            transform={`translate(${(blockSize.width - glyph) / 2} ${(blockSize.height - glyph) / 2})`}
            style={{ color: category === null ? 'var(--err)' : categoryColours[category] }}
          >
            <Icon name={glyphOf(block)} size={glyph} />
          </g>
        </g>
      ))}
    </svg>
  );
}
