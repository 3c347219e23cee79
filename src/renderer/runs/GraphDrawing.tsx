import { useMemo } from 'react';
import { findBlock } from '#shared/catalog/index';
import type { ProjectDocument } from '#shared/graph/document';
import { formatPlural } from '#shared/format';
import { categoryColours, glyphOf } from '../canvas/looks.js';
import { Icon } from '../ui/index.js';
import styles from './compare.module.css';
import { blockHeight, drawDifference, type DrawnBlock, type DrawnWire } from './graphDrawing.js';

/** The network of one run with what is different in another one. */
export function GraphDrawing({
  name,
  before,
  after,
}: {
  name: string;
  before: ProjectDocument;
  after: ProjectDocument;
}) {
  const { blocks, wires, width, height, changed } = useMemo(
    () => drawDifference(before, after),
    [before, after],
  );
  return (
    <figure className={styles.drawing}>
      <figcaption>
        <b>{name}</b>{' '}
        {changed === 0
          ? 'the same blocks'
          : `${changed} of ${formatPlural(blocks.length, 'block')} changed`}
      </figcaption>
      <div>
        <svg
          width={width + 2}
          height={height + 2}
          viewBox={`-1 -1 ${width + 2} ${height + 2}`}
          role="img"
          aria-label={blocks
            .filter(({ change }) => change !== 'same')
            .map(({ label }) => label)
            .join(', ')}
        >
          {wires.map((wire) => (
            <Wire key={`${wire.from.id} ${wire.to.id}`} wire={wire} />
          ))}
          {blocks.map((block) => (
            <Block key={block.id} block={block} />
          ))}
        </svg>
      </div>
    </figure>
  );
}

function Wire({ wire: { from, to, change } }: { wire: DrawnWire }) {
  const start = from.x + from.width;
  const middle = to.x - 9;
  return (
    <path data-change={change} d={`M${start} ${from.y}H${middle}V${to.y}H${to.x}`} fill="none" />
  );
}

function Block({ block: { x, y, width, node, change, label, title } }: { block: DrawnBlock }) {
  const category = findBlock(node.block)?.category;
  return (
    <g data-change={change} transform={`translate(${x} ${y - blockHeight / 2})`}>
      <title>{title}</title>
      <rect width={width} height={blockHeight} rx="4" />
      <g
        transform={`translate(6 5)`}
        style={{ color: category === undefined ? 'var(--err)' : categoryColours[category] }}
      >
        <Icon name={glyphOf(node.block)} />
      </g>
      {label !== '' && (
        <text x="27" y={blockHeight / 2 + 4}>
          {label}
        </text>
      )}
    </g>
  );
}
